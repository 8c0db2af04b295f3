import { beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  callOf,
  dispatchOf,
  type AnswerHandler,
  type Call,
  type CallOptions,
  type CallRequest,
  type Dispatch,
} from './call.js';
import { id } from './id.js';
import { query, service } from './operation.js';
import { selection } from './selection.js';
import { Cancellation } from './signal.js';

const { one } = service('shelf', {
  one: query({
    summary: 'One thing',
    input: z.strictObject({ id: id('thing', { owner: 'nobody' }) }),
    output: z.strictObject({ id: z.string(), size: z.int() }),
  }),
});
const answer = { value: { id: 'a', size: 1 }, source: 'fresh', ageMs: 0 } as const;

describe('a promise over a dispatch', () => {
  let sent: { request: CallRequest; handler: AnswerHandler; cancelled: unknown[] }[];
  let dispatch: Dispatch;
  beforeEach(() => {
    sent = [];
    dispatch = (request, handler) => {
      const cancelled: unknown[] = [];
      sent.push({ request, handler, cancelled });
      return (reason) => cancelled.push(reason);
    };
  });

  test('sends what it was given, and resolves with the answer', async () => {
    const signal = new Cancellation();
    const pending = callOf(dispatch)(one, { id: 'a' }, { signal, deadline: 500, fields: ['id'], raw: true });
    expect(sent[0]?.request).toEqual({
      selection: { operation: one, fields: ['id'], opaque: true },
      input: { id: 'a' },
      deadline: 500,
    });
    sent[0]?.handler.arrived(answer);
    expect(await pending).toBe(answer);
  });

  test('resolves where the answer is there before dispatch returns, and never cancels it', async () => {
    let cancels = 0;
    const signal = new Cancellation();
    const cached = callOf((_, handler) => {
      handler.arrived(answer);
      return () => (cancels += 1);
    });
    expect(await cached(one, { id: 'a' }, { signal, deadline: 1 })).toBe(answer);
    signal.cancel('too late');
    expect(cancels).toBe(0);
  });

  test('rejects with what was missed', async () => {
    const pending = callOf(dispatch)(one, { id: 'a' }, { signal: new Cancellation(), deadline: 1 });
    const error = new Error('gone');
    sent[0]?.handler.missed(error);
    await expect(pending).rejects.toBe(error);
  });

  test('cancels when its signal fires, and rejects with the reason or with what is made of it', async () => {
    const signal = new Cancellation();
    const plain = callOf(dispatch)(one, { id: 'a' }, { signal, deadline: 7 });
    const own = callOf(dispatch, ({ deadline }, reason) => new Error(`${String(reason)} before ${deadline}`));
    const named = own(one, { id: 'a' }, { signal, deadline: 7 });
    signal.cancel('left');
    await expect(plain).rejects.toBe('left');
    await expect(named).rejects.toThrow('left before 7');
    expect(sent.map(({ cancelled }) => cancelled)).toEqual([['left'], ['left']]);
  });

  test('sends nothing that nobody waits for', async () => {
    const signal = new Cancellation();
    signal.cancel('left');
    await expect(callOf(dispatch)(one, { id: 'a' }, { signal, deadline: 1 })).rejects.toBe('left');
    expect(sent).toEqual([]);
  });

  test('rejects where the fields are none of the output', async () => {
    const options = { signal: new Cancellation(), deadline: 1, fields: ['colour'] };
    await expect(callOf(dispatch)(one, { id: 'a' }, options)).rejects.toThrow('no "colour"');
  });
});

describe('a dispatch over a promise', () => {
  const request = { selection: selection(one, { fields: ['size'] }), input: { id: 'a' }, deadline: 9 };
  const listen = () => {
    const heard: unknown[] = [];
    const handler = { arrived: (it: unknown) => heard.push(it), missed: (it: unknown) => heard.push(it) };
    return { heard, handler };
  };

  test('hears how the call ends', async () => {
    const { heard, handler } = listen();
    const asked: unknown[] = [];
    const failure = new Error('gone');
    const outcomes = [Promise.resolve(answer), Promise.reject(failure)];
    const dispatch = dispatchOf(((...all: unknown[]) => {
      asked.push(all);
      return outcomes.shift();
    }) as unknown as Call);
    dispatch(request, handler);
    dispatch(request, handler);
    await new Promise(setImmediate);
    expect(heard).toEqual([answer, failure]);
    expect(asked[0]).toEqual([
      one,
      { id: 'a' },
      expect.objectContaining({ deadline: 9, fields: ['size'], raw: false }),
    ]);
  });

  test('hears nothing after its cancel, which the call hears', async () => {
    const { heard, handler } = listen();
    const call = ((_operation: unknown, _input: unknown, { signal }: CallOptions) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))))) as Call;
    dispatchOf(call)(request, handler)('left');
    await new Promise(setImmediate);
    expect(heard).toEqual([]);
  });
});

test('the first items of a list are asked for both ways', async () => {
  const { many } = service('shelf', {
    many: query({
      summary: 'Many things',
      input: z.strictObject({ page: z.int() }),
      output: z.strictObject({ items: z.array(z.strictObject({ size: z.int() })) }),
    }),
  });
  const first = { list: 'items', count: 2 };
  const asked: unknown[] = [];
  const call = callOf((request, handler) => {
    asked.push(request.selection.first);
    handler.arrived({ value: { items: [] }, source: 'fresh', ageMs: 0 });
    return () => undefined;
  });
  await call(many, { page: 1 }, { signal: new Cancellation(), deadline: 9, first });
  const request = { selection: selection(many, { first }), input: { page: 1 }, deadline: 9 };
  await new Promise<void>(
    (resolve) => void dispatchOf(call)(request, { arrived: () => resolve(), missed: () => resolve() }),
  );
  expect(asked).toEqual([first, first]);
});
