import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { connect, createServer as createTls } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readArguments } from '../src/arguments.js';
import { ModelLink } from '../src/network/model-link.js';
import { lossy, networks } from '../src/network/networks.js';
import { countLines } from '../src/report/lines.js';
import { filled } from '../src/report/page.js';
import { estimate, slowestTenth } from '../src/report/stats.js';
import { HOST, makeCertificate } from '../src/site/certificate.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('a median', () => {
  test('has an interval that leaves out what 95% allow, and nothing of few values', () => {
    expect(estimate([5, 1, 3])).toEqual({ median: 3, low: 1, high: 5 });
    // Of ten values the second and the ninth (binomial with one half).
    expect(estimate([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toEqual({ median: 5.5, low: 2, high: 9 });
    expect(estimate([]).median).toBeNaN();
  });

  test('is not the slowest tenth', () => {
    expect(slowestTenth([1, 1, 1, 1, 1, 1, 1, 1, 1, 50])).toBe(50);
  });
});

test('lines of code are counted without imports, comments and blank lines', () => {
  const code = `import {\n  a,\n} from 'b';\nimport c from 'd';\n\n/** Says\n * much. */\nconst e = 1; // kept\n// gone\n\nf(e);\n`;
  expect(countLines(code)).toBe(2);
});

describe('the page', () => {
  test('is filled between its marks, and again', () => {
    const page = 'a\n<!-- patterns:run -->\nold\n<!-- /patterns:run -->\nb\n';
    const once = filled(page, { run: 'new' });
    expect(once).toBe('a\n<!-- patterns:run -->\n\nnew\n\n<!-- /patterns:run -->\nb\n');
    expect(filled(once, { run: 'new' })).toBe(once);
  });

  test('that lacks a mark is refused by its name', () => {
    expect(() => filled('', { map: 'x' })).toThrow('docs/patterns.md has no <!-- patterns:map -->');
  });
});

test('arguments that do not go together are refused in one line', () => {
  expect(readArguments(['--quick', '--congestion=reno'])).toEqual({
    ...{ isQuick: true, writes: false, isModelled: false },
    congestion: 'reno',
  });
  expect(() => readArguments(['--model', '--congestion=reno'])).toThrow('--congestion is for packets');
  expect(() => readArguments(['--fast'])).toThrow("Unknown option '--fast'");
});

test('the certificate of the front is trusted by who is told to, for its own name alone', async () => {
  const { key, cert } = makeCertificate();
  const server = createTls({ key, cert }, (socket) => socket.end('hello')).listen(0, '127.0.0.1');
  ends.push(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', ca: cert, servername: HOST });
  expect(String(((await once(socket, 'data')) as [Buffer])[0])).toBe('hello');
  const other = connect({ port, host: '127.0.0.1', ca: cert, servername: 'other.test' });
  await expect(once(other, 'secureConnect')).rejects.toThrow(/altnames/);
});

describe('the model of a network', () => {
  test.each([
    ['a clean line', networks.home],
    ['a line that loses packets', lossy(networks.home)],
  ])('brings every byte both ways in order over %s, and then the end', async (_, network) => {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    ends.push(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const link = await ModelLink.open(network, [port], 7);
    ends.push(() => link.stop());
    const sent = Buffer.from(Array.from({ length: 200_000 }, (__, index) => index % 251));
    const socket = link.connect(port);
    const got: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => got.push(chunk));
    socket.end(sent);
    await once(socket, 'end');
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  test('leads to no port that it was not opened for', async () => {
    const link = await ModelLink.open(networks.home, [], 1);
    expect(() => link.connect(80)).toThrow('this link leads to no port 80');
    link.stop();
  });
});
