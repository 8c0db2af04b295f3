import type { Clock } from '../clock.js';
import { fault } from '../faults.js';
import { givenUp } from '../verdict.js';
import type { Layer } from './layer.js';

export interface DeadlineOptions {
  service: string;
  /** No call takes longer than this, whatever deadline it comes with, in ms. */
  maxMs: number;
  clock: Clock;
}

/** Sends nothing that is late or no longer wanted, and lets nothing take longer than `maxMs`. */
export function deadline({ service, maxMs, clock }: DeadlineOptions): Layer {
  return (next) => (outgoing) => {
    const now = clock.now();
    if (outgoing.signal.aborted) return Promise.reject(givenUp(service, outgoing.deadline, now));
    if (outgoing.deadline <= now) {
      return Promise.reject(fault('upstream.timeout', { service, policy: 'timeout' }));
    }
    const latest = now + maxMs;
    return next(outgoing.deadline > latest ? { ...outgoing, deadline: latest } : outgoing);
  };
}
