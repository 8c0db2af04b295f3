import { createClock, eventually } from '@facet/testing';
import { TransportError } from '@facet/transport';
import { afterEach, expect, test } from '@jest/globals';
import { startOurs, type OurService } from '../../test/support/our-service.js';
import { listen, outgoing } from '../../test/support/outgoing.js';
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
  const { tell, heard } = listen('ejected', 'unejected');
  const pool = new Pool({
    service: 'shop',
    discovery: {
      watch: ({ found }) => {
        found(services.map(({ address }) => address));
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
  expect(heard.map(([name]) => name)).toEqual(['ejected', 'unejected']);
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
