import { Fault } from '@facet/platform';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createUpstreams, staticList } from '../src/index.js';
import { startRaw, users } from './support/http-service.js';

const good = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}';

/** A good answer of which a part is something else, or whatever else may come. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
  fc
    .tuple(fc.nat(good.length), fc.nat(20), fc.uint8Array({ maxLength: 40 }))
    .map(([at, cut, some]) =>
      Buffer.concat([Buffer.from(good.slice(0, at)), some, Buffer.from(good.slice(at + cut))]),
    ),
  fc
    .tuple(
      fc.oneof(fc.integer({ min: 0, max: 999 }), fc.constantFrom(101, 204, 304, 405, 501, 503)),
      fc.constantFrom('application/json', 'application/problem+json', 'text/plain', 'x'),
    )
    .chain(([status, type]) =>
      fc
        .oneof(fc.json(), fc.string({ unit: 'binary' }))
        .map((body) =>
          Buffer.from(
            `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
          ),
        ),
    ),
);

test('whatever an HTTP service sends is an answer of its contract or a fault, and costs no other call', async () => {
  let next: Buffer | undefined;
  const service = await startRaw((socket, head) => {
    if (next === undefined) return void socket.write(good);
    if (head.includes('/answers/fuzz')) socket.end(next);
    else socket.end(good);
  });
  const upstreams = createUpstreams({
    users: {
      ...{ kind: 'http', discovery: staticList(service.address) },
      ...{ retry: false, breaker: false, ejection: { failures: 1_000_000 } },
    },
  });
  const ask = (how: string, ms: number) =>
    upstreams.bind({})(
      users.answer,
      { how },
      { signal: new AbortController().signal, deadline: performance.now() + ms },
    );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      next = sent;
      const [fuzzed] = await Promise.allSettled([ask('fuzz', 500)]);
      if (fuzzed.status === 'fulfilled')
        expect(fuzzed.value.value).toEqual({ ok: expect.any(Boolean) as unknown });
      else expect(fuzzed.reason).toBeInstanceOf(Fault);
      next = undefined;
      const other = await ask('good', 5_000).catch(() => ask('good', 5_000)); // the kept connection may just have ended
      expect(other.value).toEqual({ ok: true });
    }),
    { numRuns: 150 },
  );
  await upstreams.close();
  await service.close();
}, 60_000);
