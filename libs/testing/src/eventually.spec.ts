import { describe, expect, test } from '@jest/globals';
import { eventually, eventuallyPasses } from './eventually.js';

describe('eventually', () => {
  test('tries until there is a value, and gives it', async () => {
    let tries = 0;
    const value = await eventually(() => (++tries < 3 ? undefined : tries), { everyMs: 1 });
    expect(value).toBe(3);
  });

  test('takes a failure for "not yet"', async () => {
    let tries = 0;
    await eventuallyPasses(() => expect(++tries).toBe(4), { everyMs: 1 });
    expect(tries).toBe(4);
  });

  test('fails with the last failure when time is up', async () => {
    let tries = 0;
    const failing = eventually(
      () => {
        throw new Error(`try ${++tries}`);
      },
      { withinMs: 30, everyMs: 1 },
    );
    const message = await failing.catch((error: unknown) => (error as Error).message);
    expect(message).toBe(`try ${tries}`);
    expect(tries).toBeGreaterThan(1);
  });

  test('says what a condition was that never came true', async () => {
    const never = eventually(() => false, { withinMs: 1, everyMs: 1 });
    await expect(never).rejects.toThrow('the condition did not come true; it was false to the end');
  });
});
