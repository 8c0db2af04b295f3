import { VirtualClock } from '@facet/contracts/testing';
import { eventually } from '@facet/testing';
import { RemoteError, TransportError } from '@facet/transport';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startOurs, type OurService } from '../../test/support/our-service.js';
import { failureOf, listen } from '../../test/support/calls.js';
import { isCancelled, leftError, outcomeOf } from '../classify.js';
import type { Emit } from '../events.js';
import { toFault } from '../faults.js';
import { powerOfTwo } from './balancer.js';
import { reconnectDefaults } from './connection.js';
import { ejectionDefaults } from './health.js';
import type { Instance } from './instance.js';
import { tcp } from '../kinds/tcp.js';
import { Pool } from './pool.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A pool of two instances that can be reached, on a clock whose timers fire as early as those of Node may. */
async function setUp() {
  const services: readonly OurService[] = await Promise.all([startOurs(), startOurs()]);
  closers.push(...services.map((each) => () => each.close()));
  const time = new VirtualClock();
  const clock = {
    now: () => time.now(),
    after: (ms: number, work: () => void) => time.after(ms - 0.5, work),
  };
  const { emit, heard } = listen('ejected', 'unejected', 'attempt');
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
      kind: tcp('shop'),
      probe: { intervalMs: 0, timeoutMs: 0 },
    },
    panicShare: 0,
    noInstanceGraceMs: 0,
    drainMs: 0,
    clock,
    random: () => 0,
    emit,
  });
  closers.push(() => pool.close());
  await eventually(() => pool.usable.length === 2);
  return { pool, time, heard, send: sendTo(time, emit) };
}

type Send = (instance: Instance, deadline: number, answer: () => Promise<never>) => Promise<never>;

/** One request as a call makes it and takes note of it. */
function sendTo(time: VirtualClock, emit: Emit): Send {
  return async (instance, deadline, answer) => {
    const startedAt = time.now();
    instance.started(startedAt);
    return answer().catch((reason: Error) => {
      const error =
        isCancelled(reason) && time.now() >= deadline - 5 ? leftError(deadline, time.now()) : reason;
      const operation = 'shop.item';
      const tookMs = time.now() - startedAt;
      instance.missed({ operation, error, startedAt }, time.now());
      const { address } = instance;
      emit.attempt?.({ service: 'shop', operation, instance: address, tookMs, code: outcomeOf(error) });
      throw error;
    });
  };
}

async function failFiveTimes(send: Send, instance: Instance): Promise<void> {
  const closed = () => Promise.reject(new TransportError('transport.closed', 'gone', { written: true }));
  for (let n = 0; n < 5; n += 1) await send(instance, 10_000, closed).catch(() => undefined);
}

test('an instance gets requests again when its ejection is over, though the timer was early', async () => {
  const { pool, time, heard, send } = await setUp();
  const [sick] = pool.usable as [Instance];
  await failFiveTimes(send, sick);
  expect(pool.usable).not.toContain(sick);
  await time.advance(29_999.5);
  expect(pool.usable).toContain(sick);
  const names = heard.map(([name]) => name).filter((name) => name !== 'attempt');
  expect(names).toEqual(['ejected', 'unejected']);
});

test('an instance that woke up and failed again is out for the whole of its second ejection', async () => {
  const { pool, time, send } = await setUp();
  const [sick] = pool.usable as [Instance];
  await failFiveTimes(send, sick);
  sick.health.wasSilent();
  sick.health.answered(time.now());
  await time.advance(10_000);
  await failFiveTimes(send, sick);
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
    const { pool, time, heard, send } = await setUp();
    const [sick] = pool.usable as [Instance];
    for (let n = 0; n < 5; n += 1) {
      const deadline = time.now() + 200;
      const answer = () => time.advance(199).then(() => Promise.reject(error));
      const failure = await failureOf(send(sick, deadline, answer));
      expect(toFault(failure, 'shop')).toMatchObject({ code: 'upstream.timeout', status: 504 });
    }
    expect(pool.usable).not.toContain(sick);
    expect(heard.filter(([name]) => name === 'attempt').map(([, event]) => event)).toEqual(
      Array.from({ length: 5 }, () => expect.objectContaining({ code: 'transport.deadline', tookMs: 199 })),
    );
  });

  test('stays where the callers leave before their deadlines', async () => {
    const { pool, time, send } = await setUp();
    const [sick] = pool.usable as [Instance];
    for (let n = 0; n < 5; n += 1) {
      const answer = () => time.advance(200).then(() => Promise.reject(cancelled));
      const failure = await failureOf(send(sick, Infinity, answer));
      expect(failure).toBe(cancelled);
    }
    expect(pool.usable).toContain(sick);
  });
});
