import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { gateways } from '../src/gateways.js';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const source = ['--import', './tools/dev/register.mjs'];

/** How a token is asked for of each gateway that takes one. */
const askers = gateways
  .filter(({ signIn }) => signIn !== 'session')
  .map(({ clientId, signIn }) => ['--client', clientId, ...(signIn === 'bearer' ? ['--user', 'ada'] : [])]);
const [asker = []] = askers;

let server: Server;

async function listen(made: Server): Promise<string> {
  server = made;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run token` runs. */
const token = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd: workspace, env: { PATH: process.env['PATH'] } };
    execFile(
      process.execPath,
      [...source, 'apps/identity/src/token.ts', ...args],
      options,
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });

const answering =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body);

const why = ' (skipped: the samples are gone)';

(askers.length > 0 ? describe : describe.skip)(
  `npm run token${askers.length > 0 ? '' : why}, where something else answers at the address of the provider,`,
  () => {
    test.each([
      ['with an empty object', 200, '{}'],
      ['with nothing', 200, ''],
      ['with null', 200, 'null'],
      ['with a page', 200, '<!doctype html>'],
      ['with an error', 500, '{}'],
      ['as another provider', 200, '{"issuer":"http://127.0.0.1:1"}'],
    ])('%s, prints no token and says so in one line', async (_, status, body) => {
      const issuer = await listen(createServer(answering(status, body)));
      for (const who of askers) {
        expect(await token(...who, '--issuer', issuer)).toEqual({
          code: 1,
          stdout: '',
          stderr: `what answers at ${issuer} is not the provider of that name: is its port somebody else's?\n`,
        });
      }
    });

    test('and gives no token, says that in one line', async () => {
      let issuer = '';
      const listener: RequestListener = (request, response) =>
        answering(200, JSON.stringify({ issuer }))(request, response);
      issuer = await listen(createServer(listener));
      expect(await token(...asker, '--issuer', issuer)).toEqual({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^the provider gave no (?:token|code): 200\n$/),
      });
    });

    test('in another language than HTTP, fails with one line', async () => {
      const issuer = await listen(createTcpServer((socket) => socket.resume().end('hello\n')));
      const { code, stdout, stderr } = await token(...asker, '--issuer', issuer);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
    });
  },
);
