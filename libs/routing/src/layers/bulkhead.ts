import type { Clock } from '../clock.js';
import type { Tell } from '../events.js';
import { fault } from '../faults.js';
import { givenUp } from '../verdict.js';
import type { Layer, Outgoing, Priority } from './layer.js';

export interface BulkheadOptions {
  /** Calls to one service that run at once. */
  maxRunning: number;
  /** Calls that wait for a place. The next one is refused, or takes the place of a less important one. */
  maxQueued: number;
}

export const bulkheadDefaults: BulkheadOptions = { maxRunning: 512, maxQueued: 512 };

interface Waiting {
  readonly outgoing: Outgoing;
  readonly start: () => void;
  readonly refuse: (error: Error) => void;
}

const order: readonly Priority[] = ['high', 'normal', 'low'];

/** Bounds what one service may hold of this process; who waits does so by priority, and no longer than its deadline. */
export class Bulkhead {
  readonly #queues: Record<Priority, Set<Waiting>> = { high: new Set(), normal: new Set(), low: new Set() };
  #running = 0;
  #queued = 0;
  #averageMs = 0;

  constructor(private readonly setup: BulkheadOptions & { service: string; clock: Clock; tell: Tell }) {}

  readonly layer: Layer = (next) => async (outgoing) => {
    if (this.#running < this.setup.maxRunning) this.#running += 1;
    else if (this.#hasRoom(outgoing)) await this.#turn(outgoing);
    else throw this.#refusal(outgoing);
    const startedAt = this.setup.clock.now();
    try {
      return await next(outgoing);
    } finally {
      this.#finished(startedAt);
    }
  };

  /** Whether it may wait: there is a place in the queue, or one less important gives its own away. */
  #hasRoom({ context }: Outgoing): boolean {
    if (this.#queued < this.setup.maxQueued) return true;
    const less = order.slice(order.indexOf(context.priority ?? 'normal') + 1).reverse();
    const victim = less.map((each) => [...this.#queues[each]].at(-1)).find((each) => each !== undefined);
    victim?.refuse(this.#refusal(victim.outgoing));
    return victim !== undefined;
  }

  #turn(outgoing: Outgoing): Promise<void> {
    const { service, clock } = this.setup;
    const queue = this.#queues[outgoing.context.priority ?? 'normal'];
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(waiting);
        this.#queued -= 1;
        stopTimer();
        outgoing.signal.removeEventListener('abort', cancel);
      };
      const start = () => {
        leave();
        this.#running += 1;
        resolve();
      };
      const refuse = (error: Error) => {
        leave();
        reject(error);
      };
      const cancel = () => refuse(givenUp(service, outgoing.deadline, clock.now()));
      const late = () => refuse(fault('upstream.timeout', { service, policy: 'bulkhead' }));
      const waiting: Waiting = { outgoing, start, refuse };
      const stopTimer = clock.after(outgoing.deadline - clock.now(), late);
      outgoing.signal.addEventListener('abort', cancel, { once: true });
      queue.add(waiting);
      this.#queued += 1;
    });
  }

  #finished(startedAt: number): void {
    this.#averageMs += 0.1 * (this.setup.clock.now() - startedAt - this.#averageMs);
    this.#running -= 1;
    if (this.#queued === 0) return;
    const first = order.map((each) => [...this.#queues[each].values().take(1)][0]).find(Boolean);
    first?.start();
  }

  #refusal({ operation }: Outgoing): Error {
    const { service, maxRunning, tell } = this.setup;
    const running = this.#running;
    const queued = this.#queued;
    tell['bulkhead-refused']?.({ service, operation: operation.pattern, running, queued });
    const retryAfterMs = Math.ceil(Math.max(50, (this.#averageMs * (queued + 1)) / maxRunning));
    return fault('upstream.overloaded', { service, policy: 'bulkhead', retryAfterMs });
  }
}
