import type { Clock } from '@facet/contracts';
import { asError } from '../errors.js';
import type { DiscoveryObserver } from './discovery.js';

export interface Polling {
  /** One look at the source: the addresses, and after how many ms to look again. */
  look: () => Promise<{ readonly addresses: readonly string[]; readonly againInMs: number }>;
  /** The pause after a look that failed, in ms. */
  retryMs: number;
  clock: Clock;
  /** Frees what the source holds. */
  close?: () => void;
}

/**
 * Looks again and again. Tells a list when it differs from the last one; a failure or an empty list leaves the last
 * one in force, as a source that forgot everything is likelier than a service without a single instance.
 */
export function poll(observer: DiscoveryObserver, { look, retryMs, clock, close }: Polling): () => void {
  let isStopped = false;
  let known = '';
  let cancel: () => void = () => undefined;

  const round = async (): Promise<number> => {
    try {
      const { addresses, againInMs } = await look();
      if (isStopped) return 0;
      const sorted = [...new Set(addresses)].sort();
      if (sorted.length === 0) throw new Error('the source knows no instance');
      if (sorted.join() !== known) observer.found(sorted);
      known = sorted.join();
      return againInMs;
    } catch (error) {
      if (!isStopped) observer.failed(asError(error));
      return retryMs;
    }
  };
  const next = async () => {
    const pauseMs = await round();
    if (!isStopped) cancel = clock.after(pauseMs, () => void next());
  };
  void next();
  return () => {
    isStopped = true;
    cancel();
    close?.();
  };
}
