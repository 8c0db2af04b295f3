import { createServer } from 'node:net';
import { portOf, portVariable, type App } from './apps.js';

const HOST = '127.0.0.1';

interface Wanted {
  readonly name: string;
  readonly port: number;
  /** What gives it another one. */
  readonly variable: string;
}

/** Throws, naming each, where two want the same port or one is taken: before anything has been started. */
export async function refuseTakenPorts(apps: readonly App[], env: NodeJS.ProcessEnv): Promise<void> {
  const wanted = apps.flatMap((app) => portsOf(app, env));
  // Whether the database's is taken is for the database to say: it may be by its own server, left behind.
  refuseSharedPorts([...databasePort(env), ...wanted]);
  const taken = (
    await Promise.all(wanted.map(async (one) => ((await isFree(one.port)) ? undefined : one)))
  ).filter((one) => one !== undefined);
  if (taken.length === 0) return;
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
  const ports = taken.length === 1 ? 'Port' : 'Ports';
  const verb = taken.length === 1 ? 'is' : 'are';
  throw new Error(
    `${ports} ${list} of ${HOST} ${verb} taken: is another npm start or nx serve running? Stop it, or set ${variables(taken)}`,
  );
}

function portsOf(app: App, env: NodeJS.ProcessEnv): readonly Wanted[] {
  const own = { name: app.name, port: portOf(app, env), variable: portVariable(app.name) };
  return app.kind === 'identity' ? [own] : [own, { ...own, port: own.port + 1 }];
}

/** None where a server of one's own is used. A port that is none is refused by the database itself. */
function databasePort(env: NodeJS.ProcessEnv): readonly Wanted[] {
  if (env['DATABASE_URL']) return [];
  const port = Number(env['DATABASE_PORT'] ?? 4000);
  return [{ name: 'database', port, variable: 'DATABASE_PORT' }];
}

function refuseSharedPorts(wanted: readonly Wanted[]): void {
  for (const one of wanted) {
    const sharing = wanted.filter(({ port }) => port === one.port);
    if (sharing.length === 1) continue;
    const names = sharing.map(({ name }) => name).join(' and ');
    throw new Error(`Port ${one.port} is wanted by ${names}: set another ${variables(sharing, ' or ')}`);
  }
}

const variables = (wanted: readonly Wanted[], between = ', '): string =>
  [...new Set(wanted.map(({ variable }) => variable))].join(between);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
