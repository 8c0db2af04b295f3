import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import axios from 'axios';
import type { ProcessMessage } from '../src/index.js';

jest.setTimeout(30_000);

const started: ChildProcess[] = [];

function start(env: Record<string, string> = {}) {
  const child = fork('libs/platform/test/fixtures/process.ts', {
    cwd: new URL('../../..', import.meta.url),
    execArgv: ['--conditions=@facet/source', '--import', './tools/dev/register.mjs'],
    env: { PATH: process.env['PATH'], PORT: '0', ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  started.push(child);
  let output = '';
  const starting = Promise.withResolvers<void>();
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('starting')) starting.resolve();
  });
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Not 'close': it never comes once the parent has closed the channel.
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const ended = Promise.all([once(child.stdout!, 'end'), once(child.stderr!, 'end')]);
  return {
    child,
    message: once(child, 'message').then(([message]) => message as ProcessMessage),
    exitCode: exited.then(([code]) => code),
    output: ended.then(() => output),
    /** Resolves once the process says that it has begun, where its behaviour is never to be ready. */
    starting: starting.promise,
  };
}

async function ready(env: Record<string, string> = {}) {
  const running = start(env);
  const message = await running.message;
  if (message.type !== 'ready') throw new Error(message.message);
  return { ...running, addresses: message.addresses as { http: string; admin: string } };
}

afterEach(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

describe('a process', () => {
  test('tells its parent when it is ready and where', async () => {
    const { addresses, child } = await ready();
    expect((await axios.get(addresses.http)).data).toBe('ok');
    expect((await axios.get(`${addresses.admin}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
  });

  test('logs more from SIGUSR2 on, until it comes again', async () => {
    const { child, output } = await ready();
    const said = (what: string) =>
      new Promise<void>((resolve) =>
        child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes(what) && resolve()),
      );
    for (const level of ['debug', 'info']) {
      const changed = said(`"now":"${level}"`);
      child.kill('SIGUSR2');
      await changed;
    }
    child.kill('SIGTERM');
    expect((await output).match(/the log level has changed/g)).toHaveLength(2);
  });

  test('ends although nobody reads what it writes any more', async () => {
    const { child, exitCode } = await ready();
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.disconnect();
    expect(await exitCode).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s', async (signal) => {
    const { child, exitCode, output } = await ready();
    child.kill(signal);
    expect(await exitCode).toBe(0);
    expect(await output).toContain('"msg":"stopped"');
  });

  test('finishes what it has before it ends', async () => {
    const { addresses, child, exitCode } = await ready({ BEHAVIOUR: 'slow-answer' });
    const answer = axios.get<string>(addresses.http);
    await axios.get(`${addresses.admin}/health/live`);
    child.kill('SIGTERM');
    expect((await answer).data).toBe('finished');
    expect(await exitCode).toBe(0);
  });

  test.each([
    ['it is stopped', 'logs-while-it-stops', 0],
    ['an error ends it', 'logs-and-throws', 1],
  ])('loses none of many lines that are logged just before its end, when %s', async (_, BEHAVIOUR, code) => {
    const { child, message, exitCode, output } = start({ BEHAVIOUR });
    await message;
    if (code === 0) child.kill('SIGTERM');
    expect(await exitCode).toBe(code);
    const lines = (await output).match(/"line":\d+/g);
    expect(lines).toEqual(Array.from({ length: 5_000 }, (__, line) => `"line":${line}`));
  });

  test('ends all the same when stopping takes longer than its limit', async () => {
    const { child, exitCode, output } = await ready({ BEHAVIOUR: 'never-stops' });
    child.kill('SIGTERM');
    expect(await exitCode).toBe(1);
    expect(await output).toContain('not stopped in time');
  });

  test('stops when its parent has gone', async () => {
    const { child, exitCode, output } = await ready();
    child.disconnect();
    expect(await exitCode).toBe(0);
    expect(await output).toContain('the parent process has gone');
  });

  test('stops when its parent has gone before it could listen for that', async () => {
    const { child, exitCode } = start();
    child.disconnect();
    expect(await exitCode).toBe(0);
  });

  test.each(['SIGTERM', 'disconnect'] as const)('ends on %s while it is still starting', async (how) => {
    const { child, exitCode, starting } = start({ BEHAVIOUR: 'never-starts' });
    await starting;
    if (how === 'disconnect') child.disconnect();
    else child.kill(how);
    expect(await exitCode).toBe(0);
  });

  test('ends with 78 and one clear block where its configuration is wrong', async () => {
    const { message, exitCode, output } = start({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(await message).toMatchObject({ type: 'failed', name: 'fixture' });
    expect(await exitCode).toBe(78);
    expect((await output).split('\n')).toEqual([
      'fixture cannot start: 2 settings in the environment must be put right',
      expect.stringContaining('PORT       is "x"'),
      expect.stringContaining('LOG_LEVEL  is "loud"'),
      '',
    ]);
  });

  test('says in one line which port is taken and which variable sets it', async () => {
    const { addresses } = await ready();
    const { port } = new URL(addresses.http);
    const { message, exitCode, output } = start({ PORT: port });
    expect(await message).toMatchObject({
      type: 'failed',
      message: expect.stringContaining(`cannot listen on 127.0.0.1:${port} (PORT)`) as unknown,
    });
    expect(await exitCode).toBe(1);
    expect((await output).trim().split('\n')).toHaveLength(1);
  });

  test.each(['throws-later', 'rejects-later'])(
    'logs the error and ends with 1 when something %s',
    async (BEHAVIOUR) => {
      const { exitCode, output } = start({ BEHAVIOUR });
      expect(await exitCode).toBe(1);
      expect(await output).toMatch(/"level":"fatal".*(thrown where nobody catches|nobody waits for this)/);
    },
  );
});
