import { createClock, eventually } from '@facet/testing';
import { RemoteError, TransportError } from '@facet/transport';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startOurs, type OurService } from '../../test/support/our-service.js';
import { failureOf, listen, outgoing } from '../../test/support/outgoing.js';
import { toFault } from '../faults.js';
import { powerOfTwo } from './balancer.js';
import { reconnectDefaults } from './connection.js';
import { ejectionDefaults } from './health.js';
import type { Instance } from './instance.js';
import { Pool } from './pool.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A pool of two instances that can be reached, on a clock whose timers fire as early as those of Node may. */
async function setUp() {
  const services: readonly OurService[] = await Promise.all([startOurs(), startOurs()]);
  closers.push(...services.map((each) => () => each.close()));
  const time = createClock();
  const clock = {
    now: () => time.now(),
    after: (ms: number, work: () => void) => time.after(ms - 0.5, work),
  };
  const { tell, heard } = listen('ejected', 'unejected', 'attempt');
  const pool = new Pool({
    service: 'shop',
    discovery: {
      watch: (observer) => {
        observer.found(services.map(({ address }) => address));
        return () => undefined;
      },
    },
    balancer: powerOfTwo(),
    instance: {
      connections: 1,
      slowStartMs: 0,
      unknownPatternMs: 0,
      ejection: ejectionDefaults,
      reconnect: reconnectDefaults,
      channel: {},
      probe: { intervalMs: 0, timeoutMs: 0 },
    },
    panicShare: 0,
    gapMs: 0,
    drainMs: 0,
    clock,
    random: () => 0,
    tell,
  });
  closers.push(() => pool.close());
  await eventually(() => pool.usable.length === 2);
  return { pool, time, heard };
}

async function failFiveTimes(instance: Instance): Promise<void> {
  const closed = () => Promise.reject(new TransportError('transport.closed', 'gone', { written: true }));
  for (let n = 0; n < 5; n += 1) await instance.send(outgoing(), closed).catch(() => undefined);
}

test('an instance gets requests again when its ejection is over, though the timer was early', async () => {
  const { pool, time, heard } = await setUp();
  const [sick] = pool.usable as [Instance];
  await failFiveTimes(sick);
  expect(pool.usable).not.toContain(sick);
  await time.advance(29_999.5);
  expect(pool.usable).toContain(sick);
  const names = heard.map(([name]) => name).filter((name) => name !== 'attempt');
  expect(names).toEqual(['ejected', 'unejected']);
});

test('an instance that woke up and failed again is out for the whole of its second ejection', async () => {
  const { pool, time } = await setUp();
  const [sick] = pool.usable as [Instance];
  await failFiveTimes(sick);
  sick.health.wasSilent();
  sick.health.answered(time.now());
  await time.advance(10_000);
  await failFiveTimes(sick);
  await time.advance(20_000); // the first one would be over
  expect(pool.usable).not.toContain(sick);
  await time.advance(40_000);
  expect(pool.usable).toContain(sick);
});

describe('an instance that never answers in time', () => {
  const cancelled = new TransportError('transport.cancelled', 'left', { written: true });
  const late = new RemoteError({ code: 'transport.deadline', status: 504, message: 'Late' });

  test.each([
    ['where the callers give up at their deadlines', cancelled],
    ['where it says so itself', late],
  ])('is taken out %s', async (_, error) => {
    const { pool, time, heard } = await setUp();
    const [sick] = pool.usable as [Instance];
    for (let n = 0; n < 5; n += 1) {
      const deadline = time.now() + 200;
      const answer = () => time.advance(199).then(() => Promise.reject(error));
      const failure = await failureOf(sick.send(outgoing({ deadline }), answer));
      expect(toFault(failure, 'shop')).toMatchObject({ code: 'upstream.timeout', status: 504 });
    }
    expect(pool.usable).not.toContain(sick);
    expect(heard.filter(([name]) => name === 'attempt').map(([, event]) => event)).toEqual(
      Array.from({ length: 5 }, () => expect.objectContaining({ code: 'transport.deadline', tookMs: 199 })),
    );
  });

  test('stays where the callers leave before their deadlines', async () => {
    const { pool, time } = await setUp();
    const [sick] = pool.usable as [Instance];
    for (let n = 0; n < 5; n += 1) {
      const answer = () => time.advance(200).then(() => Promise.reject(cancelled));
      const failure = await failureOf(sick.send(outgoing({ deadline: Infinity }), answer));
      expect(failure).toBe(cancelled);
    }
    expect(pool.usable).toContain(sick);
  });
});
