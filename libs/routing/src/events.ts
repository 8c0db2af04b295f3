import type { OperationKind } from '@facet/contracts';

/** Where a decision was taken. */
interface Place {
  readonly service: string;
}

interface AtInstance extends Place {
  /** The instance's address, `host:port`. */
  readonly instance: string;
}

interface OfCall extends Place {
  /** The operation's pattern, `catalog.product`. */
  readonly operation: string;
}

/** Every decision that routing takes, by name. Times are milliseconds. */
export interface EventMap {
  /** A call is over, whatever became of it: `code` is `ok` or the code of its fault. */
  call: OfCall & { readonly kind: OperationKind; readonly tookMs: number; readonly code: string };
  /** One request to one instance is over. `code` is `ok`, `remote` for a business error, or what failed. */
  attempt: OfCall & AtInstance & { readonly tookMs: number; readonly code: string };
  /** A failed attempt is repeated; `attempt` is 2 for the first repetition. */
  retry: OfCall & { readonly attempt: number; readonly code: string; readonly delayMs: number };
  /** A repetition or a hedge was wanted, but the budget is spent. */
  'budget-spent': OfCall & { readonly wanted: 'retry' | 'hedge' };
  /** A second request was sent because the first is late. */
  hedge: OfCall & { readonly afterMs: number };
  /** The second request answered first. */
  'hedge-won': OfCall & { readonly tookMs: number };
  /** An operation is not asked for any more; the service's others go on. */
  'breaker-open': OfCall & { readonly forMs: number };
  'breaker-half-open': OfCall;
  'breaker-closed': OfCall;
  /** The bulkhead refused a call, or gave its place in the queue to a more important one. */
  'bulkhead-refused': OfCall & { readonly running: number; readonly queued: number };
  /** No request goes to the instance for `forMs`, unless too few are left (panic). */
  ejected: AtInstance & { readonly forMs: number; readonly failures: number };
  unejected: AtInstance;
  /** Too few healthy instances are left: all that can be reached are tried again. */
  panic: Place & { readonly healthy: number; readonly instances: number };
  'panic-over': Place;
  /** The instance answers a probe again, or no longer does. */
  'probe-failed': AtInstance & { readonly code: string; readonly failures: number };
  'probe-recovered': AtInstance;
  /** The instance does not know a pattern: a deploy out of step. It is left out for that pattern for `forMs`. */
  'pattern-unknown': OfCall & AtInstance & { readonly forMs: number };
  /** A connection is ready for requests; `ours` where the other end speaks more than Nest's wire. */
  connected: AtInstance & { readonly ours: boolean };
  disconnected: AtInstance & { readonly code: string };
  'connect-failed': AtInstance & { readonly code: string; readonly retryInMs: number };
  /** The instance asked for no new requests: it is about to stop. */
  draining: AtInstance;
  'instance-added': AtInstance;
  'instance-removed': AtInstance;
  /** A discovery source failed; the last known list stays in force. */
  'discovery-failed': Place & { readonly message: string };
}

export type EventName = keyof EventMap;
export type Listener<K extends EventName> = (event: EventMap[K]) => void;

/** How decisions are emitted: `emit.retry?.({ … })` builds nothing where nobody listens. */
export type Emit = { [K in EventName]?: Listener<K> };

/** What the outside sees: listeners come and go while calls run. */
export interface Events {
  /**
   * Listens to one kind of decision; the function it gives back ends that. A listener that throws costs a process
   * warning and never the call.
   */
  on<K extends EventName>(name: K, listener: Listener<K>): () => void;
}

export class Emitter implements Events {
  readonly emit: Emit = {};
  readonly #listeners = new Map<EventName, Set<Listener<never>>>();

  on<K extends EventName>(name: K, listener: Listener<K>): () => void {
    const listeners: Set<Listener<never>> = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    const fan: Listener<K> = (event) => {
      for (const each of listeners as Set<Listener<K>>) {
        try {
          each(event);
        } catch (error) {
          process.emitWarning(error instanceof Error ? error : String(error));
        }
      }
    };
    Object.assign(this.emit, { [name]: fan });
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) delete this.emit[name];
    };
  }
}
