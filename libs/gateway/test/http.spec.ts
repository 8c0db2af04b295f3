import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
  Post,
  Put,
  ServiceUnavailableException,
} from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Fault } from '@facet/platform';
import type { AxiosResponse } from 'axios';
import { RequireAccess, type Problem, Writes } from '../src/index.js';
import { eventually } from '@facet/testing';
import { leaveAfter, rawExchange, startTestGateway, type TestGateway } from './support/gateway.js';

jest.setTimeout(30_000);

@Controller()
@RequireAccess('public')
class PlainController {
  @Get('hello')
  hello() {
    return { hello: 'world' };
  }

  @Post('echo')
  @Writes(false)
  echo(@Body() body: unknown) {
    return { body };
  }

  @Get('gone')
  gone() {
    throw new NotFoundException('The page was moved');
  }

  @Get('plain')
  plain() {
    throw new HttpException('It is taken', 409);
  }

  @Get('list')
  list() {
    throw new BadRequestException(['name is empty', 'age is no number']);
  }

  @Get('silent')
  silent() {
    throw new NotFoundException();
  }

  @Get('failed')
  failed() {
    throw new InternalServerErrorException('db-7.internal is away');
  }

  @Get('away')
  away() {
    throw new ServiceUnavailableException('db-7.internal is away');
  }

  @Delete('echo')
  @Writes(false)
  deleted() {
    return {};
  }

  @Put('echo')
  @Writes(false)
  put() {
    return {};
  }

  @Get('broken')
  broken() {
    throw new Error('select * from secrets at db-7.internal');
  }

  @Get('busy')
  busy() {
    throw new Fault('spec.busy', 503, 'Come back later', { retryAfterMs: 2_500 });
  }
}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ controllers: [PlainController], env: { MAX_BODY_BYTES: '2048' } });
});
afterAll(() => gateway.stop());

function problemOf({ status, headers, data }: AxiosResponse<unknown>): Problem {
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = data as Problem;
  expect(problem).toMatchObject({ status, type: `urn:facet:problem:${problem.code}` });
  expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
  return problem;
}

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  gateway.http.post<unknown>('/echo', body, { headers, transformRequest: (data: unknown) => data });

describe('every answer', () => {
  test('H1 carries the security headers, also one that never reached a route', async () => {
    const answers = [
      Object.entries((await gateway.http.get('/hello')).headers),
      Object.entries((await gateway.http.get('/nowhere')).headers),
      headersOf(await rawExchange(gateway.url, 'NONSENSE\r\n\r\n')),
    ];
    for (const headers of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'strict-transport-security': expect.stringContaining('max-age=') as unknown,
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as unknown,
        'referrer-policy': 'no-referrer',
      });
    }
  });

  test('H2 names no product and no version', async () => {
    const { headers } = await gateway.http.get('/hello');
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server', 'x-powered-by']));
  });
});

describe('E1 an error is a problem', () => {
  test('where there is no such route', async () => {
    expect(problemOf(await gateway.http.get('/nowhere')).code).toBe('http.not-found');
  });

  test('where the controller says so, with its code and when to come back', async () => {
    const answer = await gateway.http.get('/busy');
    expect(problemOf(answer)).toMatchObject({ code: 'spec.busy', status: 503, detail: 'Come back later' });
    expect(answer.headers['retry-after']).toBe('3');
  });

  test("where a controller throws one of Nest's own exceptions", async () => {
    expect(problemOf(await gateway.http.get('/gone')).code).toBe('http.not-found');
  });

  test.each([
    ['/gone', 404, 'The page was moved'],
    ['/plain', 409, 'It is taken'],
    ['/list', 400, 'name is empty; age is no number'],
    ['/silent', 404, 'There is nothing under this address.'],
    ['/failed', 500, 'Something went wrong here; it has been recorded.'],
    ['/away', 503, 'This cannot be answered at present.'],
  ])('%s in its own words, unless they are about the inside', async (path, status, detail) => {
    expect(problemOf(await gateway.http.get(path))).toMatchObject({ status, detail });
  });

  test('where something breaks, and says nothing of the inside; the log says it all', async () => {
    const problem = problemOf(await gateway.http.get('/broken'));
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    const { traceId, ...said } = problem;
    expect(JSON.stringify(said)).not.toMatch(/select|secrets|internal\b.*db|at /);
    expect(gateway.log()).toContain('select * from secrets');
    expect(gateway.log()).toContain(traceId);
  });

  test('where the address cannot be decoded, with its line in the log', async () => {
    const answer = await gateway.http.get('/%zz');
    const { traceId, status } = problemOf(answer);
    expect(status).toBe(400);
    const line = `"requestId":"${answer.headers['x-request-id']}","traceId":"${traceId}"`;
    expect(gateway.log().split(line)).toHaveLength(2);
  });
});

describe('H3 a wrong method', () => {
  test.each([
    ['DELETE', '/hello', 'GET, HEAD'],
    ['OPTIONS', '/hello', 'GET, HEAD'],
    ['GET', '/echo', 'POST, PUT, DELETE'],
  ])('%s %s is a 405 that names what is allowed', async (method, url, allow) => {
    const answer = await gateway.http.request({ method, url });
    expect(problemOf(answer).code).toBe('http.method-not-allowed');
    expect(answer.headers['allow']).toBe(allow);
  });

  test('is not found where there is nothing under the address', async () => {
    expect((await gateway.http.delete('/nowhere')).status).toBe(404);
  });

  test.each(['TRACE', 'PROPFIND', 'PURGE'])('H2 %s, which no address takes, is a 501', async (method) => {
    for (const path of ['/hello', '/nowhere']) {
      const answer = await rawExchange(
        gateway.url,
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 501 [\s\S]*"code":"http.not-implemented"/);
    }
  });
});

const CLOSE = 'Connection: close\r\n\r\n';

test('H1 E1 CONNECT is a 501 like any other problem, though it never becomes a request', async () => {
  const answer = await rawExchange(gateway.url, 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 501 [\s\S]*strict-transport-security[\s\S]*"http.not-implemented"/i);
});

test('E1 what cannot be read has a trace and a request id of its own, which the log has too', async () => {
  const answer = await rawExchange(gateway.url, 'NONSENSE\r\n\r\n');
  const [, requestId = 'none'] = /x-request-id: (\S+)/i.exec(answer) ?? [];
  const [, traceId = 'none'] = /"traceId":"([0-9a-f]{32})"/.exec(answer) ?? [];
  const line =
    gateway
      .log()
      .split('\n')
      .find((each) => each.includes(requestId)) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ status: 400, requestId, traceId, problem: 'http.bad-request' });
});

describe('H4 a request that is not one', () => {
  test.each([
    ['two Host headers', 'GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    ['no Host header', 'GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
    [
      'length and chunks',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
    ],
    ...['a b', 'user@a', 'a/b', 'a:port', '[a', ''].map(
      (host) => [`a Host like "${host}"`, `GET /hello HTTP/1.1\r\nHost: ${host}\r\n${CLOSE}`] as const,
    ),
    ...['Content-Type: application/json', 'Authorization: Bearer a', 'Idempotency-Key: a', 'Origin: a'].map(
      (header) =>
        [`${header} twice`, `GET /hello HTTP/1.1\r\nHost: a\r\n${header}\r\n${header}\r\n${CLOSE}`] as const,
    ),
    ['an asterisk for an address', `GET * HTTP/1.1\r\nHost: a\r\n${CLOSE}`],
    ...['/hello#a=1', '/hello?a=1#', 'http://a/hello#a=1'].map(
      (target) => [`P4 a fragment, "${target}",`, `GET ${target} HTTP/1.1\r\nHost: a\r\n${CLOSE}`] as const,
    ),
    ['H4 HTTP/0.9', 'GET /hello\r\n\r\n'],
    ['H4 HTTP/0.9 by its name', `GET /hello HTTP/0.9\r\nHost: a\r\n${CLOSE}`],
    ['noise', '\u0016\u0003\u0001 nonsense\r\n\r\n'],
  ])('%s is a 400 and a problem', async (_, request) => {
    const answer = await rawExchange(gateway.url, request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.toLowerCase()).toContain('application/problem+json');
  });
});

describe('what is not spoken here', () => {
  const answerTo = (lines: string) => rawExchange(gateway.url, `${lines}\r\n${CLOSE}`);

  test('HTTP/2.0 is a 505', async () => {
    expect(await answerTo('GET /hello HTTP/2.0\r\nHost: a')).toMatch(
      /^HTTP\/1\.1 505 [\s\S]*"code":"http.http-version-not-supported"/,
    );
  });

  test('H1 an expectation is a 417 like any other problem, 100-continue is met', async () => {
    const failed = await answerTo('GET /hello HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected');
    expect(failed).toMatch(
      /^HTTP\/1\.1 417 [\s\S]*strict-transport-security[\s\S]*"code":"http.expectation-failed"/i,
    );
    const body = 'Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue';
    const met = await rawExchange(gateway.url, `POST /echo HTTP/1.1\r\nHost: a\r\n${body}\r\n${CLOSE}{}`);
    expect(met).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
  });

  test.each(['a', 'a.example.com:8080', '127.0.0.1:3000', '[::1]:3000', 'under_score.local'])(
    'as a host %s is taken',
    async (host) => {
      expect(await answerTo(`GET /hello HTTP/1.1\r\nHost: ${host}`)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});

describe('N1 what is too large', () => {
  test('as a body is a 413', async () => {
    expect(problemOf(await post(JSON.stringify({ text: 'x'.repeat(4_000) }))).status).toBe(413);
  });

  test('as an address is a 414', async () => {
    expect(problemOf(await gateway.http.get(`/hello?q=${'x'.repeat(9_000)}`)).status).toBe(414);
  });

  test('as headers is a 431', async () => {
    const answer = await gateway.http.get<Problem>('/hello', { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect([answer.status, answer.data.code]).toEqual([431, 'http.request-header-fields-too-large']);
  });
});

describe('N2 a body', () => {
  test('that is JSON is taken', async () => {
    expect((await post('{"a":[1,"ü"]}')).data).toEqual({ body: { a: [1, 'ü'] } });
  });

  test.each([
    ['broken', '{"a":'],
    ['deep', `${'['.repeat(33)}${']'.repeat(33)}`],
    ['far too deep', '['.repeat(2_000)],
    ['N3 with a prototype', '{"a":{"__proto__":{"admin":true}}}'],
    ['N3 with a constructor', '{"constructor":{"prototype":{"admin":true}}}'],
  ])('that is %s is a 400', async (_, body) => {
    expect(problemOf(await post(body)).status).toBe(400);
  });

  test('may be nested 32 levels deep, brackets inside texts not counted', async () => {
    expect((await post(`${'['.repeat(32)}"[[[{\\"["${']'.repeat(32)}`)).status).toBe(201);
  });

  test('that is not UTF-8 is a 400', async () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const headers = { 'content-type': 'application/json' };
    expect((await gateway.http.post('/echo', body, { headers })).status).toBe(400);
  });
});

describe('where there is no body', () => {
  const json = 'Content-Type: application/json\r\n';
  test.each([
    ['POST', json],
    ['POST', `${json}Content-Length: 0\r\n`],
    ['POST', `${json}Transfer-Encoding: chunked\r\n`],
    ['POST', 'Content-Type: text/plain\r\n'],
    ['POST', 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n'],
    ['DELETE', json],
    ['DELETE', `${json}Content-Length: 0\r\n`],
    ['PUT', `${json}Content-Length: 0\r\n`],
    ['GET', json],
  ])('a type of it says nothing: %s with %j is taken, and the connection stays', async (method, headers) => {
    const end = headers.includes('chunked') ? '\r\n0\r\n\r\n' : '\r\n';
    const answers = await rawExchange(
      gateway.url,
      `${method} /echo HTTP/1.1\r\nHost: x\r\n${headers}${end}GET /hello HTTP/1.1\r\nHost: x\r\n${CLOSE}`,
    );
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    expect(statuses).toEqual([{ POST: 201, GET: 405 }[method] ?? 200, 200]);
  });
});

describe('what a client alone can cause', () => {
  test.each([
    [
      'breaks off its body',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ],
    [
      'breaks off a chunk',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{',
    ],
    ['sends half a header', 'GET /hello HTTP/1.1\r\nHost'],
    ['sends noise', '\u0016\u0003\u0001\r\n\r\n'],
    ['leaves at once', 'GET /hello HTTP/1.1\r\nHost: x\r\n\r\n'],
    [
      'sends a bad chunk',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{',
    ],
    [
      'sends broken JSON',
      'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{',
    ],
    ['sends an address that cannot be decoded', 'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['upgrades', 'GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ])('is no error in the log where it %s', async (_, bytes) => {
    const before = gateway.log().length;
    await leaveAfter(gateway.url, bytes);
    const { headers } = await gateway.http.get('/hello');
    await eventually(() => gateway.log().includes(String(headers['x-request-id'])));
    const lines = gateway.log().slice(before).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { level: unknown }).level)).not.toContainEqual(
      expect.stringMatching(/warn|error|fatal/),
    );
    expect(lines.join()).not.toMatch(/"stack"|\bat \w+ \(/);
  });
});

describe('N4 a body of another kind is a 415', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'nonsense',
  ])('%s', async (type) => {
    expect(problemOf(await post('a=1', { 'content-type': type })).status).toBe(415);
  });

  test('and so is a compressed one', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(problemOf(await post('{}', headers)).status).toBe(415);
  });
});

describe('T1 a client that is too slow', () => {
  test('with its headers gets a 408, and so does one that says nothing', async () => {
    const answers = await Promise.all([
      rawExchange(gateway.url, 'GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      rawExchange(gateway.url),
    ]);
    expect(answers[0]).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"http.request-timeout"/);
    expect(answers[1]).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});

describe('L1 the trace', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';

  test('of the client is continued', async () => {
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    expect((await gateway.http.get<Problem>('/nowhere', { headers })).data.traceId).toBe(traceId);
  });

  test('starts anew where the client sent nonsense', async () => {
    const headers = { traceparent: `00-${traceId}-0000000000000000-01` };
    expect((await gateway.http.get<Problem>('/nowhere', { headers })).data.traceId).not.toBe(traceId);
  });
});

function headersOf(response: string): [string, string][] {
  const [head = ''] = response.split('\r\n\r\n');
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]);
}
