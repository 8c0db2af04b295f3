import { addressesVariable, findApp, launchApp, readApps, type AppProcess } from '@facet/dev';

export interface ProcessOptions {
  /** An app's folder under `apps/`. */
  readonly app: string;
  /** What it gets beside free ports; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Of this process's environment, what an app may see: nothing that would make tests differ between machines. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP'];

/** Nothing ever listens here (IANA: tcpmux), so a service that a test did not start is refused at once. */
const NOWHERE = '127.0.0.1:1';

/**
 * Starts an app as a real process on free ports and waits until it is ready. Services that `env` does not
 * place are nowhere, rather than where a developer's own may be running.
 *
 * @throws LaunchError with the process's own words where it does not start
 */
export async function startProcess({ app, env = {} }: ProcessOptions): Promise<AppProcess> {
  const apps = readApps();
  findApp(app, apps);
  const inherited = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
  const services = apps.filter(({ kind }) => kind === 'service');
  const nowhere = Object.fromEntries(services.map(({ name }) => [addressesVariable(name), NOWHERE]));
  // The console of a developer's own gateways shows their requests, and none of the tests'.
  const own = { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', CONSOLE: 'false' };
  const issuer = { ISSUER_URL: `http://${NOWHERE}` };
  return launchApp(app, { env: { ...inherited, ...nowhere, ...issuer, ...own, ...env } });
}
