import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readApps } from '../src/apps.js';
import { gateway, service } from './fixture-apps.js';
import { copyWorkspace, type StartCommand, type WorkspaceCopy } from './workspace-copy.js';

const two = {
  steady: { kind: 'service', main: service('steady') },
  shaky: { kind: 'service', main: service('shaky') },
};

/** A machine that runs other tests beside these may be too busy for a deadline: such a 503 or 504 is asked again. */
const PATIENTLY = '--fail-with-body --retry 10 --retry-delay 1';

/** A machine on which `localhost` is two addresses. */
const TWO_ADDRESSES = `
  import dns from 'node:dns/promises';
  import { syncBuiltinESMExports } from 'node:module';
  dns.lookup = async () => ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  syncBuiltinESMExports();
`;

let workspace: WorkspaceCopy;
let command: StartCommand | undefined;

async function start(
  env?: Readonly<Record<string, string>>,
  args?: readonly string[],
): Promise<StartCommand> {
  command = workspace.start(env, args);
  return Promise.resolve(command);
}

const shell = (line: string): Promise<{ stdout: string }> =>
  promisify(execFile)('/bin/sh', ['-c', line], { cwd: workspace.root, maxBuffer: 10_000_000 });

afterEach(async () => {
  command?.kill('SIGKILL');
  await command?.exitCode;
  await workspace.ended();
  workspace.remove();
});

describe('npm start, with the workspace as it is', () => {
  test('brings up everything, prints calls that answer with data, and Ctrl-C leaves nothing behind', async () => {
    workspace = await copyWorkspace();
    const running = await start();
    const output = await running.until(/All is up in [\d.]+ s/);
    const calls = output.split('\n').filter((line) => line.startsWith('  curl '));
    expect(calls).toHaveLength(readApps().filter(({ firstCall }) => firstCall !== undefined).length);
    const answers = await Promise.all(calls.map((line) => shell(`${line} ${PATIENTLY}`)));
    for (const { stdout } of answers) {
      expect(JSON.parse(stdout)).toBeInstanceOf(Object);
      expect(stdout.length).toBeGreaterThan(500);
    }
    running.kill('SIGINT');
    expect(await running.exitCode).toBe(0);
    await workspace.ended();
  }, 180_000);
});

describe('npm start', () => {
  test('shows plain lines where there is no terminal', async () => {
    workspace = await copyWorkspace(two);
    const running = await start();
    const output = await running.until(/All is up/);
    expect(output).toMatch(/^database {2}127\.0\.0\.1:\d+ {2}[\d.]+ s$/m);
    expect(output).toMatch(/^steady {4}127\.0\.0\.1:\d+ {2}[\d.]+ s$/m);
    expect(output).not.toContain('\u001B[1A');
  });

  test('ends everything, the database too, when it is itself killed with -9', async () => {
    workspace = await copyWorkspace(two);
    const running = await start();
    await running.until(/All is up/);
    running.kill('SIGKILL');
    await workspace.ended();
  });

  test('ends everything when the npm that started it is stopped with SIGTERM', async () => {
    workspace = await copyWorkspace(two);
    command = workspace.startByNpm();
    await command.until(/All is up/);
    command.kill('SIGTERM');
    await workspace.ended();
  });

  test('stopped with SIGTERM while it is still starting leaves nothing behind', async () => {
    const slow = {
      kind: 'service',
      main: service('slow', 'await new Promise(() => setTimeout(() => 0, 1e6));'),
    };
    workspace = await copyWorkspace({ ...two, slow });
    const running = await start();
    await running.until(/steady/);
    running.kill('SIGTERM');
    expect(await running.exitCode).toBe(0);
  });

  test('names every port that is taken, before it starts anything', async () => {
    workspace = await copyWorkspace(two);
    const port = Number(workspace.env['SHAKY_PORT']);
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(port, '127.0.0.1', resolve));
    const running = await start();
    expect(await running.exitCode).toBe(1);
    occupant.close();
    expect(running.output().trim()).toMatch(
      new RegExp(`^✖ Port ${port} \\(shaky\\) of 127\\.0\\.0\\.1 is taken: .*set SHAKY_PORT$`),
    );
  });

  test('names a port that somebody has at another address that localhost means', async () => {
    const front = { kind: 'gateway', main: gateway('front') };
    workspace = await copyWorkspace({ front });
    const port = Number(workspace.env['FRONT_PORT']);
    const occupant = createServer();
    await new Promise<void>((resolve) => occupant.listen(port, '127.0.0.2', resolve));
    const running = await start({
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TWO_ADDRESSES)}`,
    });
    expect(await running.exitCode).toBe(1);
    occupant.close();
    expect(running.output().trim()).toBe(
      `✖ Port ${port} (front) of 127.0.0.2 is taken: localhost means 127.0.0.2 too. Stop what listens there, or set FRONT_PORT`,
    );
  });

  test('names each service that a gateway does not reach, with what says where it is', async () => {
    const services = "{ steady: { state: 'down' }, other: { state: 'up' } }";
    const admin = `createServer((_, response) => response.end(JSON.stringify({ status: 'ready', services: ${services} }))).listen(Number(process.env.ADMIN_PORT), '127.0.0.1');`;
    const main = gateway('front', 200).replace(
      'addresses: {',
      "addresses: { admin: 'http://127.0.0.1:' + process.env.ADMIN_PORT,",
    );
    const front = { kind: 'gateway', main: main.replace('return {', `${admin}\n  return {`) };
    workspace = await copyWorkspace({ ...two, front });
    const running = await start();
    const output = await running.until(/All is up/);
    expect(output).toContain('front does not reach steady (down): is STEADY_ADDRESSES where it is?');
  });

  test.each([
    ['nothing is installed', '@swc', 'Nothing is installed yet: run npm ci'],
    [
      'the install ran without its scripts',
      'node',
      'The install ran without its scripts, which bring Node and PostgreSQL: run npm rebuild',
    ],
  ])('says in one line what to run where %s', async (_, absent, line) => {
    workspace = await copyWorkspace(two);
    rmSync(join(workspace.root, 'node_modules', absent));
    const running = await start();
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toBe(`${line}\n`);
  });

  test('says in one line what to run on a Node that is too old', async () => {
    workspace = await copyWorkspace(two);
    const old =
      "import module from 'node:module'; delete module.registerHooks; module.syncBuiltinESMExports();";
    const running = await start({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(old)}` });
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^This is Node v[\d.]+, too old to run TypeScript: .*\n$/);
  });

  test('names both that want the same port, and what to set, the database among them', async () => {
    workspace = await copyWorkspace(two);
    const { SHAKY_PORT = '', DATABASE_PORT = '' } = workspace.env;
    const clash = await start({ STEADY_PORT: SHAKY_PORT });
    expect(await clash.exitCode).toBe(1);
    expect(clash.output().trim()).toMatch(
      new RegExp(
        `^✖ Port ${SHAKY_PORT} is wanted by (steady and shaky|shaky and steady): set another \\w+_PORT or`,
      ),
    );
    const admin = await start({ STEADY_PORT: String(Number(DATABASE_PORT) - 1) });
    expect(await admin.exitCode).toBe(1);
    expect(admin.output().trim()).toBe(
      `✖ Port ${DATABASE_PORT} is wanted by database and steady: set another DATABASE_PORT or STEADY_PORT`,
    );
  });

  test('takes one argument alone, and names the variables to set', async () => {
    workspace = await copyWorkspace(two);
    const running = await start({}, ['--port=3000']);
    expect(await running.exitCode).toBe(1);
    expect(running.output().trim()).toMatch(
      /^✖ npm start takes no argument but --production, not --port=3000: set .*SHAKY_PORT.*, DATABASE_PORT or DATABASE_URL$/,
    );
  });

  test('says in one line what did not start, and why, and ends the rest', async () => {
    const shaky = { kind: 'service', main: service('shaky', "throw new Error('no warehouse');") };
    workspace = await copyWorkspace({ ...two, shaky });
    const running = await start();
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^✖ shaky did not start: no warehouse$/m);
    expect(running.output()).toMatch(/^ {2}Its log: \.facet\/logs\/shaky\.log$/m);
    await workspace.ended();
  });

  test('says which of the calls that it is about to print does not answer, and ends the rest', async () => {
    const lost = { kind: 'gateway', main: gateway('lost'), try: { path: '/nowhere' } };
    workspace = await copyWorkspace({ ...two, lost });
    const running = await start();
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^✖ GET http:\/\/127\.0\.0\.1:\d+\/nowhere answers 404: nothing here$/m);
    await workspace.ended();
  });

  test('says in one line what has died later, and ends the rest', async () => {
    const dies = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1500);";
    const shaky = { kind: 'service', main: service('shaky', dies) };
    workspace = await copyWorkspace({ ...two, shaky });
    const running = await start();
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^✖ shaky .*ended with signal SIGKILL/m);
    await workspace.ended();
  });

  test('says where a project.json cannot be read', async () => {
    workspace = await copyWorkspace(two);
    const file = join(workspace.root, 'apps/shaky/project.json');
    writeFileSync(file, '{ "name": "shaky", }');
    const running = await start();
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^✖ .*apps\/shaky\/project\.json cannot be read: /m);
  });

  test('says which port variable does not fit', async () => {
    workspace = await copyWorkspace(two);
    const running = await start({ SHAKY_PORT: 'high' });
    expect(await running.exitCode).toBe(1);
    expect(running.output()).toMatch(/^✖ SHAKY_PORT is "high", expected a port number from 1 to 65534$/m);
  });
});
