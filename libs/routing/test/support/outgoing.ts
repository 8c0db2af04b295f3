import { Emitter, type EventMap, type EventName } from '../../src/events.js';
import type { Instance } from '../../src/instances/instance.js';
import type { Outgoing } from '../../src/layers/layer.js';
import { shop } from './shop.js';

/** A call as the layers see it, with what a spec is about. */
export function outgoing(given: Partial<Outgoing> = {}): Outgoing {
  return {
    operation: shop.item,
    input: { id: 'a' },
    raw: false,
    signal: new AbortController().signal,
    deadline: 10_000,
    context: {},
    tried: [],
    ...given,
  };
}

/** Puts a made-up instance on the list of those tried, as sending to one does. */
export function visit({ tried }: Outgoing): void {
  tried.push({} as Instance);
}

/** Everything that was told of the given kinds, in order. */
export function listen<K extends EventName>(...names: readonly K[]) {
  const events = new Emitter();
  const heard: [K, EventMap[K]][] = [];
  for (const name of names) events.on(name, (event) => heard.push([name, event]));
  return { tell: events.tell, heard };
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => Promise.reject(new Error(`expected a failure, got ${JSON.stringify(value)}`)),
    (reason: unknown) => reason,
  );
}
