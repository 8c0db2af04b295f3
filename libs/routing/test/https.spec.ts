import { eventually } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createUpstreams, staticList, type HttpOptions } from '../src/index.js';
import { certificateFor, hasOpenssl } from './support/authority.js';
import { startHttp, users, type HttpService } from './support/http-service.js';

(hasOpenssl ? describe : describe.skip)('an HTTP service behind TLS (needs openssl)', () => {
  let made: ReturnType<typeof certificateFor>;
  let service: HttpService;
  beforeAll(async () => {
    made = certificateFor('users.internal');
    service = await startHttp((app) => app.get('/answers/:how', () => ({ ok: true })), { https: made });
  });
  afterAll(() => service.close());

  const open = (tls: HttpOptions['tls']) =>
    createUpstreams({
      users: {
        ...{ kind: 'http', discovery: staticList(service.address), retry: false, noInstanceGraceMs: 0 },
        ...(tls !== undefined && { http: { tls } }),
      },
    });
  const soon = () => ({ signal: new AbortController().signal, deadline: performance.now() + 5_000 });

  test('is reached with the authority and the name of its certificate', async () => {
    const upstreams = open({ ca: made.ca, servername: 'users.internal' });
    expect((await upstreams.bind({})(users.answer, { how: 'x' }, soon())).value).toEqual({ ok: true });
    await upstreams.close();
  });

  test.each<[string, () => HttpOptions['tls']]>([
    ['an authority that nobody named', () => true],
    ['another name', () => ({ ca: made.ca, servername: 'orders.internal' })],
    ['no TLS at all', () => undefined],
  ])('is never reached with %s', async (_, tls) => {
    const upstreams = open(tls());
    await eventually(() => upstreams.snapshot()[0]?.instances[0]?.state === 'refused');
    const call = upstreams.bind({})(users.answer, { how: 'x' }, soon());
    await expect(call).rejects.toMatchObject({ code: 'upstream.unavailable', policy: 'no-instance' });
    expect(service.seen).toEqual(['GET /answers/x']);
    await upstreams.close();
  });
});
