import { describe, expect, jest, test } from '@jest/globals';
import { createClock } from '@facet/testing';
import { failureOf, outgoing } from '../../test/support/outgoing.js';
import { deadline } from './deadline.js';
import type { Send } from './layer.js';

describe('the deadline layer', () => {
  const next = jest.fn<Send>(({ deadline }) => Promise.resolve(deadline));
  const send = deadline({ service: 'shop', maxMs: 1_000, clock: createClock(5_000) })(next);

  test('sends nothing that is late', async () => {
    const failure = await failureOf(send(outgoing({ deadline: 5_000 })));
    expect(failure).toMatchObject({ code: 'upstream.timeout', policy: 'timeout', service: 'shop' });
    expect(next).not.toHaveBeenCalled();
  });

  test('sends nothing that nobody waits for', async () => {
    const failure = await failureOf(send(outgoing({ signal: AbortSignal.abort() })));
    expect(failure).toMatchObject({ code: 'request.cancelled', status: 499 });
    expect(next).not.toHaveBeenCalled();
  });

  test('takes a call for late that was given up at its deadline, by a timer that fired a moment early', async () => {
    const failure = await failureOf(send(outgoing({ signal: AbortSignal.abort(), deadline: 5_001 })));
    expect(failure).toMatchObject({ code: 'upstream.timeout', status: 504 });
    expect(next).not.toHaveBeenCalled();
  });

  test('leaves a deadline as it is, and puts a limit to one that is far away', async () => {
    expect(await send(outgoing({ deadline: 5_500 }))).toBe(5_500);
    expect(await send(outgoing({ deadline: 60_000 }))).toBe(6_000);
  });
});
