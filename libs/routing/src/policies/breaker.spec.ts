import { RemoteError, TransportError } from '@facet/transport';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { VirtualClock } from '@facet/contracts/testing';
import { failureOf, listen } from '../../test/support/calls.js';
import { isCancelled, isUpstreamFailure } from '../classify.js';
import { fault } from '../faults.js';
import { Breaker, breakerDefaults, type RequestOutcome } from './breaker.js';

const closed = () => new TransportError('transport.closed', 'gone', { written: true });

describe('a breaker', () => {
  let clock: VirtualClock;
  let breaker: Breaker;
  let heard: unknown[];
  let outcome: () => Promise<unknown>;
  let reached: number;
  let isDealtWith: boolean;

  beforeEach(() => {
    clock = new VirtualClock();
    const listening = listen('breaker-open', 'breaker-half-open', 'breaker-closed');
    heard = listening.heard;
    reached = 0;
    outcome = () => Promise.resolve('ok');
    isDealtWith = false;
    breaker = new Breaker({
      ...breakerDefaults,
      service: 'shop',
      operation: 'shop.item',
      emit: listening.emit,
    });
  });

  /** What a failed request says of the service, as a call works it out. */
  const outcomeOf = (error: unknown): RequestOutcome => {
    if (isCancelled(error)) return 'neither';
    return isUpstreamFailure(error) && !isDealtWith ? 'failed' : 'ok';
  };
  async function call(): Promise<unknown> {
    const pass = breaker.enter(clock.now());
    if (pass === undefined) {
      const retryAfterMs = Math.ceil(breaker.retryAfterMs(clock.now()));
      return fault('upstream.unavailable', { service: 'shop', policy: 'breaker', retryAfterMs });
    }
    reached += 1;
    try {
      const answer = await outcome();
      breaker.record(pass, 'ok', clock.now());
      return answer;
    } catch (error) {
      breaker.record(pass, outcomeOf(error), clock.now());
      return error;
    }
  }

  async function calls(times: number, what: () => Promise<unknown>): Promise<void> {
    outcome = what;
    for (let n = 0; n < times; n += 1) await call();
  }
  const well = () => Promise.resolve('ok');
  const sick = () => Promise.reject(closed());

  test('opens at half of at least twenty requests, and then lets none through', async () => {
    await calls(10, well);
    await calls(9, sick);
    expect(breaker.state).toBe('closed');
    await calls(1, sick);
    expect(breaker.state).toBe('open');
    await clock.advance(1_000);
    const before = reached;
    expect(await call()).toMatchObject({
      code: 'upstream.unavailable',
      status: 503,
      policy: 'breaker',
      service: 'shop',
      retryAfterMs: 4_000,
    });
    expect(reached).toBe(before);
  });

  test('forgets what is older than its window', async () => {
    await calls(19, sick);
    await clock.advance(11_000);
    await calls(19, sick);
    expect(breaker.state).toBe('closed');
  });

  test('holds the failures of an instance that is taken out against nobody', async () => {
    await calls(19, sick);
    breaker.reset();
    isDealtWith = true;
    await calls(50, sick);
    expect(breaker.state).toBe('closed');
    isDealtWith = false;
    await calls(50, sick);
    expect(breaker.state).toBe('open');
  });

  test('counts what its caller gave up at the deadline', async () => {
    outcome = () => Promise.reject(new TransportError('transport.deadline', 'late', { written: true }));
    for (let n = 0; n < 20; n += 1) await call();
    expect(breaker.state).toBe('open');
  });

  test('counts a time-out that the service reports', async () => {
    const late = { code: 'transport.deadline', status: 504, message: 'Late' };
    await calls(20, () => Promise.reject(new RemoteError(late)));
    expect(breaker.state).toBe('open');
  });

  test('never opens for business errors', async () => {
    await calls(100, () =>
      Promise.reject(new RemoteError({ code: 'shop.unknown-item', status: 404, message: 'No' })),
    );
    expect(breaker.state).toBe('closed');
  });

  test('tries three requests after five seconds, and closes when all are well', async () => {
    await calls(20, sick);
    await clock.advance(5_000);
    await calls(2, well);
    expect(breaker.state).toBe('half-open');
    await calls(1, well);
    expect(breaker.state).toBe('closed');
    expect(heard.map((each) => (each as [string])[0])).toEqual([
      'breaker-open',
      'breaker-half-open',
      'breaker-closed',
    ]);
  });

  test('lets no more than three through on trial', async () => {
    await calls(20, sick);
    await clock.advance(5_000);
    reached = 0;
    outcome = () => new Promise(() => undefined);
    const trials = [call(), call(), call()];
    expect(await failureOf(call().then((error) => Promise.reject(error as Error)))).toMatchObject({
      policy: 'breaker',
    });
    expect(reached).toBe(3);
    void trials;
  });

  test('opens again at the first trial that fails', async () => {
    await calls(20, sick);
    await clock.advance(5_000);
    await calls(1, sick);
    expect(breaker.state).toBe('open');
  });

  test('takes a trial that its caller gave up for neither good nor bad', async () => {
    await calls(20, sick);
    await clock.advance(5_000);
    outcome = () => Promise.reject(new TransportError('transport.cancelled', 'left', { written: true }));
    await call();
    expect(breaker.state).toBe('half-open');
    await calls(3, well);
    expect(breaker.state).toBe('closed');
  });
});
