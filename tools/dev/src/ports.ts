import { createServer } from 'node:net';
import { portOf, portVariable, type App } from './apps.js';

const HOST = '127.0.0.1';

/** Throws, naming each, where ports that the apps want are taken: before anything has been started. */
export async function refuseTakenPorts(apps: readonly App[], env: NodeJS.ProcessEnv): Promise<void> {
  const wanted = apps.flatMap((app) => {
    const port = portOf(app, env);
    const admin = app.kind === 'identity' ? [] : [{ app, port: port + 1 }];
    return [{ app, port }, ...admin];
  });
  const taken = (
    await Promise.all(wanted.map(async (one) => ((await isFree(one.port)) ? undefined : one)))
  ).filter((one) => one !== undefined);
  if (taken.length === 0) return;
  const list = taken.map(({ app, port }) => `${port} (${app.name})`).join(', ');
  const variables = [...new Set(taken.map(({ app }) => portVariable(app.name)))].join(', ');
  const ports = taken.length === 1 ? 'Port' : 'Ports';
  const verb = taken.length === 1 ? 'is' : 'are';
  throw new Error(
    `${ports} ${list} of ${HOST} ${verb} taken: is another npm start or nx serve running? Stop it, or set ${variables}`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
