import { DeadlineTimer } from '@facet/contracts';
import {
  TransportError,
  type OutgoingCall,
  type Peer,
  type ReplyHandler,
  type TransportCode,
} from '@facet/transport';
import { EventEmitter } from 'node:events';
import type { KindChannel } from './kind.js';

interface Events {
  close: [reason?: TransportError];
  drain: [];
}

interface Pending<Work> {
  handler: ReplyHandler | undefined;
  readonly deadline: number;
  work: Work | undefined;
}

/**
 * A channel over a client that sends each request by itself (HTTP, Nest's clients): the requests that wait, their
 * deadlines, and how it ends. `Work` is what ends a request that is under way.
 */
export abstract class PendingChannel<Work> extends EventEmitter<Events> implements KindChannel {
  readonly hasPendingWrite = false;
  state: 'idle' | 'ready' | 'draining' | 'closed' = 'idle';
  readonly #pending = new Map<number, Pending<Work>>();
  readonly #deadlines = new DeadlineTimer((now) => this.#expire(now));
  readonly #drained = Promise.withResolvers<void>();
  #isReleased = false;
  #lastId = 0;

  constructor(
    private readonly label: string,
    private readonly maxPending: number,
  ) {
    super();
  }

  get pending(): number {
    return this.#pending.size;
  }

  abstract connect(): Promise<Peer>;
  abstract ping(timeoutMs: number): Promise<void>;
  /** Begins a request; its answer comes later, to what `take` gives for its id. Throws where it is refused. */
  protected abstract begin(id: number, call: OutgoingCall): Work;
  /** Ends a request that nobody waits for. */
  protected abstract giveUp(work: Work): void;
  /** Frees what the channel holds; once, when it is closed and nothing is pending. */
  protected abstract release(): void;

  send(call: OutgoingCall, handler: ReplyHandler): number {
    const { timeoutMs = Infinity } = call;
    this.#refuse(timeoutMs);
    const id = ++this.#lastId;
    const work = this.begin(id, call);
    const deadline = performance.now() + timeoutMs;
    this.#pending.set(id, { handler, deadline, work });
    if (deadline !== Infinity) this.#deadlines.watch(deadline);
    return id;
  }

  cancel(id: number): void {
    const work = this.#pending.get(id)?.work;
    if (work === undefined) return;
    this.take(id);
    this.giveUp(work);
  }

  drain(): Promise<void> {
    if (this.state === 'ready') this.state = 'draining';
    else this.close();
    this.#settle();
    return this.#drained.promise;
  }

  destroy(): void {
    this.fail(this.error('transport.closed', 'closed here', true));
  }

  /** The request with this id is answered or failed: its handler, undefined where nobody waits. */
  protected take(id: number): ReplyHandler | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    const { handler } = pending;
    this.#pending.delete(id);
    // The table of a long-lived map keeps a deleted entry alive until it is rebuilt: what hung on it would grow old with it.
    pending.handler = pending.work = undefined;
    this.#settle();
    return handler;
  }

  /** What waits under this id, and goes on to wait. */
  protected handlerOf(id: number): ReplyHandler | undefined {
    return this.#pending.get(id)?.handler;
  }

  protected workOf(id: number): Work | undefined {
    return this.#pending.get(id)?.work;
  }

  /** Takes no more requests; those that wait go on. */
  protected close(reason?: TransportError): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.#settle();
    this.emit('close', reason);
  }

  /** Closes, and everything that waits is lost with it. */
  protected fail(reason: TransportError): void {
    this.close(reason);
    const { code, message, written } = reason;
    for (const [at, [id, { handler }]] of [...this.#pending].entries()) {
      this.cancel(id);
      handler?.missed(new TransportError(code, message, { written, collateral: at > 0 }));
    }
  }

  protected ready(): void {
    if (this.state === 'closed') throw this.error('transport.closed', 'closed while it connected');
    this.state = 'ready';
  }

  protected error(code: TransportCode, message: string, written = false): TransportError {
    return new TransportError(code, `${this.label}: ${message}`, { written });
  }

  #refuse(timeoutMs: number): void {
    if (this.state === 'draining') throw this.error('transport.draining', 'takes no new calls');
    if (this.state !== 'ready') throw this.error('transport.closed', 'is not connected');
    if (!(timeoutMs > 0)) throw this.error('transport.deadline', 'no time was left to send it');
    if (this.#pending.size >= this.maxPending)
      throw this.error('transport.pending-full', `${this.maxPending} calls (maxPending) wait already`);
  }

  #expire(now: number): number {
    let next = Infinity;
    for (const [id, { deadline, handler }] of [...this.#pending]) {
      if (deadline > now) {
        next = Math.min(next, deadline);
        continue;
      }
      this.cancel(id);
      handler?.missed(this.error('transport.deadline', 'did not answer in time', true));
    }
    return next;
  }

  #settle(): void {
    if (this.#isReleased || this.#pending.size > 0 || this.state === 'idle' || this.state === 'ready') return;
    this.#isReleased = true;
    this.state = 'closed';
    this.#deadlines.stop();
    this.release();
    this.#drained.resolve();
  }
}

/** What goes along with a request, by the same names to every kind of service but our own TCP. */
export function contextFields({
  timeoutMs,
  traceparent,
  caller,
  metadata,
}: OutgoingCall): Record<string, string> {
  const fields: Record<string, string> = { ...metadata };
  if (timeoutMs !== undefined && timeoutMs !== Infinity)
    fields['x-facet-time-left'] = String(Math.max(1, Math.floor(timeoutMs)));
  if (traceparent !== undefined) fields['traceparent'] = traceparent;
  if (caller !== undefined) fields['x-facet-caller'] = caller;
  return fields;
}
