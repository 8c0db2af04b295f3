import { portOf, portVariable, type App } from './apps.js';
import { HOST, isFree, localhostAddresses } from './free-port.js';

interface Wanted {
  readonly name: string;
  readonly port: number;
  /** What gives it another one. */
  readonly variable: string;
  /** Whether others find it by the name `localhost`: a listener at any address of that name is in the way. */
  readonly byName: boolean;
}

/** Throws, naming each, where two want the same port or one is taken: before anything has been started. */
export async function refuseTakenPorts(apps: readonly App[], env: NodeJS.ProcessEnv): Promise<void> {
  const wanted = apps.flatMap((app) => portsOf(app, env));
  // Whether the database's is taken is for the database to say: it may be by its own server, left behind.
  refuseSharedPorts([...databasePort(env), ...wanted]);
  refuseTaken(await takenAt(HOST, wanted), HOST, 'is another npm start or nx serve running? Stop it');
  const named = wanted.filter(({ byName }) => byName);
  for (const host of await localhostAddresses()) {
    refuseTaken(await takenAt(host, named), host, `localhost means ${host} too. Stop what listens there`);
  }
}

async function takenAt(host: string, wanted: readonly Wanted[]): Promise<readonly Wanted[]> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port, host)));
  return wanted.filter((_, index) => free[index] === false);
}

function refuseTaken(taken: readonly Wanted[], host: string, why: string): void {
  if (taken.length === 0) return;
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
  const ports = taken.length === 1 ? 'Port' : 'Ports';
  const verb = taken.length === 1 ? 'is' : 'are';
  throw new Error(`${ports} ${list} of ${host} ${verb} taken: ${why}, or set ${variables(taken)}`);
}

function portsOf(app: App, env: NodeJS.ProcessEnv): readonly Wanted[] {
  const byName = app.kind !== 'service';
  const own = { name: app.name, port: portOf(app, env), variable: portVariable(app.name), byName };
  return [own, { ...own, port: own.port + 1, byName: false }];
}

/** None where a server of one's own is used. A port that is none is refused by the database itself. */
function databasePort(env: NodeJS.ProcessEnv): readonly Wanted[] {
  if (env['DATABASE_URL']) return [];
  const port = Number(env['DATABASE_PORT'] ?? 4000);
  return [{ name: 'database', port, variable: 'DATABASE_PORT', byName: false }];
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
