import type { RawJson } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { eventually } from '@facet/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createUpstreams, staticList, type Upstreams, type UpstreamSettings } from '../src/index.js';
import { startHttp, startRaw, users, type Answering } from './support/http-service.js';

const soon = (ms = 5_000) => ({ signal: new AbortController().signal, deadline: performance.now() + ms });
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(addresses: readonly string[], settings: UpstreamSettings = {}): Upstreams {
  const upstreams = createUpstreams({
    users: { kind: 'http', discovery: staticList(addresses), retry: false, ...settings },
  });
  closers.push(() => upstreams.close());
  return upstreams;
}

async function setUp(answering?: Answering, settings?: UpstreamSettings) {
  const service = await startHttp(answering);
  closers.push(service.close);
  const upstreams = open([service.address], settings);
  return { service, upstreams, call: upstreams.bind({}) };
}

async function raw(answer: Parameters<typeof startRaw>[0], settings?: UpstreamSettings) {
  const service = await startRaw(answer);
  closers.push(service.close);
  const upstreams = open([service.address], settings);
  return {
    service,
    upstreams,
    ask: (ms?: number) => upstreams.bind({})(users.answer, { how: 'x' }, soon(ms)),
  };
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe('a request to an HTTP service', () => {
  test('has each field of the input in its place, encoded', async () => {
    const { call } = await setUp();
    const input = { id: 'a/b c?ü', order: 7, size: 20, tags: ['x&y', 'z'], locale: 'de', note: '100%' };
    const { value } = await call(users.echo, input, soon());
    expect(value).toMatchObject({
      method: 'GET',
      url: '/users/a%2Fb%20c%3F%C3%BC/orders/7?page%5Bsize%5D=20&tag=x%26y&tag=z&note=100%25',
      headers: { 'accept-language': 'de', accept: 'application/json' },
      body: null,
    });
  });

  test('leaves out what the input has not', async () => {
    const { call } = await setUp();
    const { value } = await call(users.echo, { id: 'a', order: 'b' }, soon());
    expect(value).toMatchObject({ url: '/users/a/orders/b' });
    expect(value.headers).not.toHaveProperty('accept-language', 'undefined');
  });

  test('has what is left over as its JSON body, or one field as the whole body', async () => {
    const { call } = await setUp();
    const rest = await call(users.update, { id: 'a', dry: true, name: 'Ärger', tags: ['x'] }, soon());
    expect(rest.value).toMatchObject({ url: '/users/a?dry=true', body: { name: 'Ärger', tags: ['x'] } });
    expect(rest.value.headers).toMatchObject({ 'content-type': 'application/json' });
    const whole = await call(users.replace, { id: 'a', key: 'k-1', document: [1, { b: null }] }, soon());
    expect(whole.value).toMatchObject({ body: [1, { b: null }], headers: { 'idempotency-key': 'k-1' } });
  });

  test('carries the time that is left, the trace and the assertion of the caller', async () => {
    const { upstreams } = await setUp();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const call = upstreams.bind({ caller: 'assertion', traceparent });
    const { headers } = (await call(users.echo, { id: 'a', order: 'b' }, soon(2_000))).value;
    expect(headers).toMatchObject({ traceparent, 'x-facet-caller': 'assertion' });
    expect(Number(headers['x-facet-time-left'])).toBeGreaterThan(0);
    expect(Number(headers['x-facet-time-left'])).toBeLessThanOrEqual(2_000);
  });

  test.each([
    ['id', { id: '..', order: 'b' }],
    ['id', { id: '.', order: 'b' }],
    ['order', { id: 'a', order: '' }],
    ['locale', { id: 'a', order: 'b', locale: 'de\r\nx-user: admin' }],
  ])('is never made where %s would lead elsewhere: %j', async (field, input) => {
    const { call, service } = await setUp();
    const fault = await faultOf(call(users.echo, input, soon()));
    expect(fault).toMatchObject({ code: 'input.invalid', status: 400, fields: [{ field }] });
    expect(service.seen).toEqual([]);
  });

  test('goes over one connection that is kept, and over another while that one is busy', async () => {
    const { call, service, upstreams } = await setUp();
    const connections = new Set<unknown>();
    service.app.server.on('connection', (socket) => connections.add(socket));
    for (let n = 0; n < 5; n++) await call(users.echo, { id: 'a', order: n }, soon());
    expect(connections.size).toBeLessThanOrEqual(1);
    expect(upstreams.snapshot()[0]?.instances[0]).toMatchObject({
      state: 'ready',
      connections: 1,
      pending: 0,
    });
  });

  test('is refused at boot where the contract does not say how it is made', () => {
    const upstreams = open(['127.0.0.1:1']);
    const { http: _, ...bare } = users.answer;
    expect(() => upstreams.check([bare])).toThrow(
      'users.answer: users speaks HTTP, and the contract has no http: { method, path } for it',
    );
    expect(() => upstreams.check([users.answer])).not.toThrow();
  });
});

describe('the answer of an HTTP service', () => {
  test('is checked against its contract and cut to what is read', async () => {
    const { call } = await setUp((app) => app.get('/answers/:how', () => ({ ok: true, secret: 1 })));
    expect((await call(users.answer, { how: 'x' }, soon())).value).toEqual({ ok: true });
  });

  test('is passed on as its bytes, cut', async () => {
    const { call } = await setUp((app) => app.get('/answers/:how', () => ({ ok: true, secret: 1 })));
    const { value } = await call(users.answer, { how: 'x' }, { ...soon(), raw: true });
    expect((value as unknown as RawJson).json).toBe('{"ok":true}');
  });

  test('may be nothing, or a plain text, where the contract says so', async () => {
    const { call } = await setUp((app) => app.get('/answers/:how', (_, reply) => reply.code(204).send()));
    expect((await call(users.remove, { id: 'a' }, soon())).value).toBeUndefined();
    expect((await call(users.text, {}, soon())).value).toBe('plain “text”');
    expect(await faultOf(call(users.answer, { how: 'x' }, soon()))).toMatchObject({
      code: 'upstream.bad-reply',
    });
  });

  const problem = 'application/problem+json';
  test.each([
    [
      404,
      problem,
      { title: 'x', detail: 'No such user', code: 'users.none' },
      404,
      'users.none',
      'No such user',
    ],
    [410, problem, { title: 'Gone', code: 'users.gone' }, 410, 'users.gone', 'Gone'],
    [
      404,
      'application/json',
      { statusCode: 404, message: 'Cannot GET /x' },
      404,
      'upstream.error',
      'Cannot GET /x',
    ],
    [
      409,
      'application/json; charset=utf-8',
      { message: ['taken', 'try b'] },
      409,
      'upstream.error',
      'taken; try b',
    ],
    [403, 'text/plain', 'not you', 403, 'upstream.error', 'not you'],
    [400, 'text/html', '<h1>no</h1>', 400, 'upstream.error', 'A service failed'],
    [418, 'application/json', 'no json', 418, 'upstream.error', 'A service failed'],
    [500, problem, { detail: 'password=hunter2', code: 'x.y' }, 502, 'upstream.error', 'A service failed'],
    [503, problem, { detail: 'db at 10.0.0.3', code: 'users.full' }, 503, 'users.full', 'A service failed'],
    [504, 'text/plain', 'late', 504, 'upstream.error', 'A service failed'],
    [599, 'text/plain', 'odd', 502, 'upstream.error', 'A service failed'],
  ])('with status %i in %s, %j, is a fault of status %i with code %s', async (status, type, body, ...of) => {
    const { call } = await setUp((app) =>
      app.get('/answers/:how', (_, reply) =>
        reply
          .code(status)
          .type(type)
          .serializer((it: unknown) => it as string)
          .send(typeof body === 'string' ? body : JSON.stringify(body)),
      ),
    );
    const [shown, code, message] = of;
    const fault = await faultOf(call(users.answer, { how: 'x' }, soon()));
    expect(fault).toMatchObject({ status: shown, code, message, service: 'users' });
    expect(JSON.stringify(fault.toWire())).not.toContain('hunter2');
  });

  test('names the fields that were refused, by name or by pointer', async () => {
    const errors = [
      { pointer: '#/address/zip', detail: 'too short' },
      { field: 'name', message: 'taken' },
      { field: 7 },
    ];
    const { call } = await setUp((app) =>
      app.get('/answers/:how', (_, reply) =>
        reply.code(422).type(problem).send({ title: 'Invalid', errors }),
      ),
    );
    expect((await faultOf(call(users.answer, { how: 'x' }, soon()))).fields).toEqual([
      { field: 'address.zip', message: 'too short' },
      { field: 'name', message: 'taken' },
    ]);
  });

  test('says when to come back, in seconds or as a date', async () => {
    const later = new Date(Date.now() + 60_000).toUTCString();
    const { call } = await setUp((app) =>
      app.get<{ Params: { how: string } }>('/answers/:how', ({ params }, reply) =>
        reply
          .code(429)
          .header('retry-after', params.how === 'date' ? later : '7')
          .send({ message: 'slow down' }),
      ),
    );
    expect(await faultOf(call(users.answer, { how: 'seconds' }, soon()))).toMatchObject({
      status: 429,
      retryAfterMs: 7_000,
    });
    const { retryAfterMs } = await faultOf(call(users.answer, { how: 'date' }, soon()));
    expect(retryAfterMs).toBeGreaterThan(50_000);
  });

  test('is refused where it leads elsewhere', async () => {
    const { call, service } = await setUp((app) =>
      app.get('/answers/:how', (_, reply) => reply.redirect('/text')),
    );
    const fault = await faultOf(call(users.answer, { how: 'x' }, soon()));
    expect(fault).toMatchObject({ code: 'upstream.bad-reply', status: 502, policy: 'redirect' });
    expect(service.seen).toEqual(['GET /answers/x']);
  });

  test.each([405, 501])('with status %i concerns its own call alone', async (status) => {
    const { call, service } = await setUp(
      (app) =>
        app.get<{ Params: { how: string } }>('/answers/:how', ({ params }, reply) =>
          params.how === 'good' ? { ok: true } : reply.code(status).send(),
        ),
      { retry: {} },
    );
    for (const _ of [1, 2]) {
      expect(await faultOf(call(users.answer, { how: 'x' }, soon()))).toMatchObject({
        code: 'upstream.no-handler',
      });
      expect((await call(users.answer, { how: 'good' }, soon())).value).toEqual({ ok: true });
    }
    const once = ['GET /answers/x', 'GET /answers/good'];
    expect(service.seen).toEqual([...once, ...once]);
  });

  test.each([405, 501])('with status %i is asked of each instance once', async (status) => {
    const [refusing, serving] = await Promise.all([
      startHttp((app) => app.get('/answers/:how', (_, reply) => reply.code(status).send())),
      startHttp((app) => app.get('/answers/:how', () => ({ ok: true }))),
    ]);
    closers.push(refusing.close, serving.close);
    const upstreams = open([refusing.address, serving.address], { retry: {} });
    const ready = () => upstreams.snapshot()[0]?.instances.filter(({ state }) => state === 'ready') ?? [];
    await eventually(() => ready().length === 2);
    const call = upstreams.bind({});
    for (let n = 0; n < 20; n += 1)
      expect((await call(users.answer, { how: 'x' }, soon())).value).toEqual({ ok: true });
    expect(refusing.seen.length).toBeGreaterThan(1);
  });

  test('is not sent again while the ETag of the last one holds, where the contract lets the service decide', async () => {
    let version = 1;
    const sent: number[] = [];
    const { call } = await setUp((app) =>
      app.get('/report', ({ headers }, reply) => {
        const etag = `"${version}-${headers['accept-language']}"`;
        const holds = headers['if-none-match'] === etag;
        sent.push(holds ? 304 : 200);
        void reply.header('etag', etag);
        return holds ? reply.code(304).send() : { text: `${headers['accept-language']} ${version}` };
      }),
    );
    const ask = async (locale: string) => (await call(users.report, { locale }, soon())).value.text;
    expect([await ask('de'), await ask('de'), await ask('en')]).toEqual(['de 1', 'de 1', 'en 1']);
    version = 2;
    expect([await ask('de'), await ask('de')]).toEqual(['de 2', 'de 2']);
    expect(sent).toEqual([200, 304, 200, 200, 304]);
  });

  test('that is too large fails its own call alone, while it is read', async () => {
    let written = 0;
    const { ask, service } = await raw(
      (socket) => {
        socket.write(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
        );
        const more = () => {
          while (!socket.destroyed && written < 50_000_000) {
            written += 10_000;
            if (!socket.write(`2710\r\n${' '.repeat(10_000)}\r\n`)) return void socket.once('drain', more);
          }
        };
        more();
      },
      { http: { maxAnswerBytes: 100_000 } },
    );
    const fault = await faultOf(ask());
    expect(fault).toMatchObject({ code: 'upstream.bad-reply', policy: 'frame-size' });
    expect(written).toBeLessThan(50_000_000);
    await eventually(() => [...service.sockets].every((each) => each.bytesWritten < 1_000));
  });

  test('that is compressed although nobody asked for that is not unpacked', async () => {
    const { ask } = await raw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc'),
    );
    expect(await faultOf(ask())).toMatchObject({ code: 'upstream.bad-reply', policy: 'wire' });
  });
});

describe('an HTTP service that misbehaves', () => {
  test.each([
    ['sends what is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'upstream.bad-reply'],
    ['sends a header that is none', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'upstream.bad-reply'],
    [
      'sends two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'upstream.bad-reply',
    ],
    [
      'sends a chunk that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      'upstream.bad-reply',
    ],
    ['sends JSON that is none', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{"o', 'upstream.bad-reply'],
    [
      'sends a page',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>',
      'upstream.bad-reply',
    ],
    ['closes', null, 'upstream.unavailable'],
    [
      'closes within its answer',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":',
      'upstream.unavailable',
    ],
  ])('and %s fails the call alone', async (_, bytes, code) => {
    let isSick = true;
    const { ask } = await raw(
      (socket) => {
        if (isSick) {
          if (bytes !== null) socket.write(bytes);
          socket.end();
        } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}');
      },
      { retry: {} },
    );
    expect(await faultOf(ask())).toMatchObject({ code, service: 'users' });
    isSick = false;
    expect((await ask()).value).toEqual({ ok: true });
  });

  test('is given up at the deadline, and its socket ends', async () => {
    const { ask, service } = await raw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok"'),
    );
    expect(await faultOf(ask(150))).toMatchObject({ code: 'upstream.timeout', status: 504 });
    await eventually(() => service.sockets.size <= 1);
  });

  test('is told by the end of its socket that nobody waits', async () => {
    let ended = false;
    const { upstreams, service } = await raw((socket) => void socket.on('close', () => (ended = true)));
    const controller = new AbortController();
    const call = upstreams.bind({})(users.answer, { how: 'x' }, { ...soon(), signal: controller.signal });
    await eventually(() => upstreams.snapshot()[0]?.instances[0]?.pending === 1);
    await eventually(() => service.sockets.size > 0);
    controller.abort();
    expect(await faultOf(call)).toMatchObject({ code: 'request.cancelled' });
    await eventually(() => ended);
  });

  test('is asked again for a query, and not for a command, where it answers that it cannot serve', async () => {
    let asked = 0;
    const { call } = await setUp(
      (app) => {
        const answer = (_: unknown, reply: { code(status: number): { send(body: object): unknown } }) =>
          ++asked % 2 === 1 ? reply.code(503).send({}) : reply.code(200).send({ ok: true });
        app.get('/answers/:how', answer as never);
        app.post('/answers/:how', answer as never);
      },
      { retry: {} },
    );
    expect((await call(users.answer, { how: 'x' }, soon())).value).toEqual({ ok: true });
    expect(asked).toBe(2);
    expect(await faultOf(call(users.write, { how: 'x' }, soon()))).toMatchObject({ status: 503 });
    expect(asked).toBe(3);
  });

  test('is not asked again before the time that it named', async () => {
    let asked = 0;
    const { call } = await setUp(
      (app) =>
        app.get('/answers/:how', (_, reply) => (asked++, reply.code(503).header('retry-after', '30').send())),
      { retry: {} },
    );
    expect(await faultOf(call(users.answer, { how: 'x' }, soon()))).toMatchObject({
      status: 503,
      retryAfterMs: 30_000,
    });
    expect(asked).toBe(1);
  });

  test('is ejected after it answered too often that it cannot serve, while another instance answers every call', async () => {
    const sick = await startHttp((app) => app.get('/answers/:how', (_, reply) => reply.code(502).send()));
    const well = await startHttp((app) => app.get('/answers/:how', () => ({ ok: true })));
    closers.push(sick.close, well.close);
    const upstreams = open([sick.address, well.address], { retry: {}, balancing: 'round-robin' });
    await eventually(
      () => upstreams.snapshot()[0]?.instances.every(({ state }) => state === 'ready') === true,
    );
    const ejected = () => upstreams.snapshot()[0]?.instances.some(({ state }) => state === 'ejected');
    for (let n = 0; n < 50 && ejected() !== true; n++)
      await upstreams.bind({})(users.answer, { how: 'x' }, soon());
    expect(upstreams.snapshot()[0]?.instances.find(({ address }) => address === sick.address)?.state).toBe(
      'ejected',
    );
  });

  test('is found again when it is back', async () => {
    const answering: Answering = (app) => app.get('/answers/:how', () => ({ ok: true }));
    const { service, upstreams, call } = await setUp(answering, { reconnect: { baseMs: 10, maxMs: 50 } });
    await call(users.answer, { how: 'x' }, soon());
    const port = Number(service.address.split(':')[1]);
    await service.close();
    await eventually(() => upstreams.health('users') !== 'up');
    const again = await startHttp(answering, { port });
    closers.push(again.close);
    await eventually(() => upstreams.health('users') === 'up');
    expect((await call(users.answer, { how: 'x' }, soon())).value).toEqual({ ok: true });
  });

  test('whose probe fails is not well, and is when its probe is answered again', async () => {
    let status = 200;
    const { upstreams } = await setUp((app) => app.head('/health', (_, reply) => reply.code(status).send()), {
      http: { probePath: '/health' },
      probe: { intervalMs: 20 },
    });
    const stateIs = (state: string) =>
      eventually(() => upstreams.snapshot()[0]?.instances[0]?.state === state);
    await stateIs('ready');
    status = 500;
    await stateIs('unhealthy');
    status = 404;
    await stateIs('ready');
  });
});

test('requests that run are answered before an HTTP service is closed', async () => {
  const { upstreams, call } = await setUp((app) =>
    app.get('/answers/:how', () => new Promise((resolve) => setTimeout(resolve, 100, { ok: true }))),
  );
  const answer = call(users.answer, { how: 'x' }, soon());
  await eventually(() => upstreams.snapshot()[0]?.instances[0]?.pending === 1);
  await upstreams.close();
  expect((await answer).value).toEqual({ ok: true });
});

test.each([
  [{ kind: 'htp' as never }, 'users.kind: got "htp", expected tcp, http or nest'],
  [
    { kind: 'http' as const, http: { probePath: 'health' } },
    'users.http.probePath: got "health", expected a path as in /health',
  ],
  [{ kind: 'http' as const, http: { maxPending: 0 } }, 'users.http.maxPending: got 0'],
  [{ kind: 'http' as const, http: { verify: false } as never }, 'users.http.verify: no such option'],
])('%j is refused by its name', (settings, message) => {
  expect(() => createUpstreams({ users: { discovery: staticList('127.0.0.1:1'), ...settings } })).toThrow(
    message,
  );
});
