import { describe, expect, jest, test } from '@jest/globals';
import { Cancellation, type Signal } from './signal.js';

type Made = { readonly signal: Signal; readonly cancel: (reason: unknown) => void };

const kinds: readonly [string, () => Made][] = [
  [
    'an AbortSignal',
    () => {
      const controller = new AbortController();
      return { signal: controller.signal, cancel: (reason) => controller.abort(reason) };
    },
  ],
  [
    'a Cancellation',
    () => {
      const signal = new Cancellation();
      return { signal, cancel: (reason) => signal.cancel(reason) };
    },
  ],
];

describe.each(kinds)('%s', (_name, make) => {
  test('tells each listener once, in their order, and knows the first reason', () => {
    const { signal, cancel } = make();
    const heard: string[] = [];
    signal.addEventListener('abort', () => heard.push('first'), { once: true });
    signal.addEventListener('abort', () => heard.push('second'), { once: true });
    expect(signal.aborted).toBe(false);
    cancel('enough');
    cancel('again');
    expect([signal.aborted, signal.reason, heard]).toEqual([true, 'enough', ['first', 'second']]);
  });

  test('tells nothing to who no longer listens, or began too late', () => {
    const { signal, cancel } = make();
    const gone = jest.fn();
    const late = jest.fn();
    signal.addEventListener('abort', gone, { once: true });
    signal.removeEventListener('abort', gone);
    signal.removeEventListener('abort', gone);
    cancel('enough');
    signal.addEventListener('abort', late, { once: true });
    cancel('again');
    expect([gone.mock.calls, late.mock.calls]).toEqual([[], []]);
  });

  test('tells those who listen also where one takes itself or another away meanwhile', () => {
    const { signal, cancel } = make();
    const heard: string[] = [];
    const first = (): void => {
      signal.removeEventListener('abort', first);
      heard.push('first');
    };
    signal.addEventListener('abort', first, { once: true });
    signal.addEventListener('abort', () => heard.push('second'), { once: true });
    cancel('enough');
    expect(heard).toEqual(['first', 'second']);
  });
});

test('a listener that throws keeps none of the others from hearing it, and its error is not lost', () => {
  const signal = new Cancellation();
  const heard = jest.fn();
  const later = jest.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
  signal.addEventListener('abort', () => {
    throw new Error('a defect in a listener');
  });
  signal.addEventListener('abort', heard);
  signal.cancel('enough');
  const [[rethrow] = []] = later.mock.calls;
  later.mockRestore();
  expect(heard).toHaveBeenCalledTimes(1);
  expect(rethrow).toThrow('a defect in a listener');
});
