import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Controller, Get, Post } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LimitsPolicy } from '../src/http/limits.js';
import { eventually } from '@facet/testing';
import { RequireAccess, Writes } from '../src/index.js';
import { rawExchange, startTestGateway, type TestGateway } from './support/gateway.js';

@Controller()
class EchoController {
  @Get('here')
  @RequireAccess('public')
  here() {
    return {};
  }

  @Get('large')
  @RequireAccess('public')
  large() {
    return { text: 'x'.repeat(32_000_000) };
  }

  @Post('echo')
  @Writes(false)
  @RequireAccess('public')
  echo() {
    return {};
  }
}

let gateway: TestGateway | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await gateway?.stop();
});

async function start(limits: LimitsPolicy, env: Record<string, string> = {}): Promise<TestGateway> {
  gateway = await startTestGateway({ controllers: [EchoController], policy: { limits }, env });
  return gateway;
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Whether a connection is closed without a word. */
const isClosed = (socket: Socket) =>
  eventually(() => socket.destroyed || socket.closed || socket.readableEnded);

describe('connections', () => {
  test('T2 of one address are bounded, and there is room again when one is closed', async () => {
    const { url, http } = await start({ connectionsPerAddress: 3 });
    const [first] = [await open(url), await open(url), await open(url)];
    const fourth = await open(url);
    fourth.resume();
    await isClosed(fourth);
    first.destroy();
    await eventually(async () => (await http.get('/here').catch(() => undefined))?.status === 200);
  });

  test.each([
    [{}, {}, 75],
    [{ keepAliveMs: 90_000 }, {}, 90],
    [{ keepAliveMs: 90_000 }, { KEEP_ALIVE_MS: '620000' }, 620],
  ])('stay open between requests as %j and %j say', async (limits, env, seconds) => {
    const { http } = await start(limits, env);
    const { headers } = await http.get('/here', { headers: { connection: 'keep-alive' } });
    expect(headers['keep-alive']).toBe(`timeout=${seconds}`);
  });

  test('T2 in all are bounded', async () => {
    const { url } = await start({ connections: 2 });
    await open(url);
    await open(url);
    const third = await open(url);
    third.resume();
    await isClosed(third);
  });

  test('of a trusted proxy are not counted for its address', async () => {
    const { url, http } = await start({ connectionsPerAddress: 1 }, { TRUSTED_PROXIES: '127.0.0.1' });
    await open(url);
    await open(url);
    expect((await http.get('/here')).status).toBe(200);
  });
});

test('T1 an answer is read in time, or its client is cut off', async () => {
  const { url } = await start({ readMs: 200 }, { REQUEST_TIMEOUT_MS: '2000' });
  const socket = await open(url);
  socket.pause().write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  // It says something now and then, so that nobody can take the connection for an idle one.
  const talk = setInterval(() => socket.write('\r\n'), 50);
  try {
    await eventually(() => socket.destroyed);
  } finally {
    clearInterval(talk);
  }
});

describe('a request', () => {
  test('N1 is held to the sizes that the policy says', async () => {
    const { url, http } = await start({
      headerBytes: 2_000,
      urlCharacters: 100,
      bodyBytes: 50,
      jsonDepth: 2,
    });
    expect((await http.get(`/here?${'x'.repeat(100)}`)).status).toBe(414);
    expect(
      await rawExchange(url, `GET /here HTTP/1.1\r\nHost: x\r\nx: ${'y'.repeat(3_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 /);
    expect((await http.post('/echo', { text: 'x'.repeat(60) })).status).toBe(413);
    expect(await http.post('/echo', { a: { b: { c: 1 } } })).toMatchObject({
      status: 400,
      data: { code: 'body.too-deep', detail: 'JSON may be nested 2 levels deep.' },
    });
    expect((await http.post('/echo', { a: { b: 1 } })).status).toBe(201);
  });

  test('N6 is held to a number of fields and elements, commas inside texts not counted', async () => {
    const { http } = await start({ jsonValues: 10 });
    expect(await http.post('/echo', { a: [1, 2, 3, { b: 4, c: 5 }], d: [6, 7], e: 8 })).toMatchObject({
      status: 400,
      data: { code: 'body.too-many-values', detail: 'A body may have 10 fields and elements in all.' },
    });
    expect((await http.post('/echo', { a: ['1,2,3', ',"[{'.repeat(20)] })).status).toBe(201);
  });

  test('N1 may be larger in one deployment than the policy says', async () => {
    const { http } = await start({ bodyBytes: 50 }, { MAX_BODY_BYTES: '2000' });
    expect((await http.post('/echo', { text: 'x'.repeat(1_000) })).status).toBe(201);
  });

  test('T1 is closed with a 408 where its headers or its body do not come in time', async () => {
    const { url } = await start({ headersMs: 500, requestMs: 1_000 });
    expect(await rawExchange(url, 'GET /here HTTP/1.1\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    const slow =
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
    expect(await rawExchange(url, slow)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('N5 that has its answer gets no second one for a body that never comes', async () => {
    const { url } = await start({ headersMs: 500, requestMs: 1_000 });
    const headers = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 9';
    const received = await rawExchange(url, `GET /nowhere HTTP/1.1\r\n${headers}\r\n\r\n{}`);
    expect([...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['404']);
  });
});
