import type { Job } from './admission.js';
import { deliver, type ReplySink } from './reply-sink.js';
import type { Priority } from '@facet/contracts';
import { TransportError } from './errors.js';
import type { IncomingRequest } from './incoming-request.js';
import { encodeTimes } from './server-times.js';
import type { HandledRequest } from './server-options.js';
import { encodeError, encodeNoHandler, encodeValue, type WireId } from './wire.js';
import { toWireError } from './wire-errors.js';

/** What a request task needs of the connection that its request came over. */
export interface RequestTaskHost {
  handle(request: IncomingRequest): unknown;
  /** Sends a reply; throws `transport.frame-too-large`. */
  reply(json: string): void;
  /** A promise where the client does not keep up. */
  drained(): Promise<void> | undefined;
  report(error: unknown): void;
  /** Takes a task out of the queue; false where it does not wait there. */
  withdraw(task: RequestTask): boolean;
  /** The task is done, or not wanted before it began. */
  finished(task: RequestTask): void;
}

/** One request on its way through the server: answered once and to the end, or not wanted any more. */
export class RequestTask implements Job, ReplySink, HandledRequest {
  startedAt = 0;
  endedAt = 0;
  code = 'ok';
  status = 200;
  /** Kept by the connection: where it stands among those that may be cancelled, -1 where it is not. */
  place = -1;
  #state: 'waiting' | 'running' | 'done' = 'waiting';
  #stop: (() => void) | undefined;
  /** Whether the client still wants answers. */
  #open = true;

  constructor(
    readonly request: IncomingRequest,
    readonly id: WireId | undefined,
    readonly size: number,
    private readonly host: RequestTaskHost,
  ) {}

  get priority(): Priority {
    return this.request.priority;
  }

  /** Whether it was let in, and so has a place to give back. */
  hasRun = false;

  run(): void {
    this.hasRun = true;
    this.#state = 'running';
    const { deadline, times } = this.request;
    this.startedAt = performance.now();
    if (times !== undefined) times.startedAt = this.startedAt;
    if (deadline <= this.startedAt) return this.fail(tooLate());
    let result: unknown;
    try {
      result = this.host.handle(this.request);
    } catch (error) {
      return this.fail(error);
    }
    const stop = deliver(result, this);
    if (this.#open) this.#stop = stop;
    else stop();
  }

  shed(): void {
    this.#state = 'done';
    const overloaded = new TransportError(
      'transport.overloaded',
      'The service has no room for another request',
    );
    if (this.request.isEvent) this.host.report(overloaded);
    else this.#sendError(overloaded);
    this.host.finished(this);
  }

  next(value: unknown, last: boolean): void {
    if (this.#open && !this.request.isEvent) this.#send(value, last);
    if (last) this.#finish();
  }

  end(): void {
    this.next(undefined, true);
  }

  fail(error: unknown): void {
    if (this.#open) this.#sendError(error);
    this.#finish();
  }

  drained(): Promise<void> | undefined {
    return this.host.drained();
  }

  /** Nobody wants the answer any more. Says so to the handler, stops a stream; who is too late is told. */
  abandon(reason: TransportError): void {
    if (!this.#open) return;
    if (reason.code === 'transport.deadline') this.#sendError(reason);
    this.#open = false;
    this.code = reason.code;
    this.status = reason.code === 'transport.deadline' ? 504 : 499;
    this.request.abort(reason);
    if (this.#state === 'waiting' && this.host.withdraw(this)) this.#finish();
    else this.#stop?.();
  }

  #send(value: unknown, last: boolean): void {
    if (last) this.#tellTimes();
    try {
      this.host.reply(this.#encode(value, last));
    } catch (error) {
      this.#sendError(error);
      this.abandon(new TransportError('transport.cancelled', 'An answer could not be sent'));
    }
  }

  #encode(value: unknown, last: boolean): string {
    try {
      return encodeValue(value, last, this.id);
    } catch (error) {
      this.host.report(error);
      throw new TransportError('transport.unserialisable', 'The answer could not be written as JSON', {
        cause: error,
      });
    }
  }

  #sendError(error: unknown): void {
    if (this.request.isEvent) return this.host.report(error);
    this.#tellTimes();
    if (error instanceof TransportError && error.code === 'transport.no-handler') {
      this.code = error.code;
      this.status = 501;
      return this.host.reply(encodeNoHandler(this.id));
    }
    const { err, masked } = toWireError(error);
    this.code = masked ? 'internal' : codeOf(err);
    this.status = statusOf(err);
    if (masked) this.host.report(error);
    try {
      this.host.reply(encodeError(err, this.id));
    } catch (unsendable) {
      this.host.report(unsendable);
      this.host.reply(encodeError(toWireError(undefined).err, this.id));
    }
  }

  /** Before the reply, for a client that asked. */
  #tellTimes(): void {
    const { request, startedAt } = this;
    this.endedAt = performance.now();
    if (request.times === undefined || request.isEvent || !request.wantsTimes) return;
    const begun = startedAt === 0 ? this.endedAt : startedAt;
    const times = {
      queueMs: begun - request.receivedAt,
      handlerMs: this.endedAt - begun,
      sql: request.times.sql,
    };
    this.host.reply(encodeTimes(this.id, times));
  }

  #finish(): void {
    if (this.#state === 'done') return;
    if (this.endedAt === 0) this.endedAt = performance.now();
    this.#state = 'done';
    this.#open = false;
    this.host.finished(this);
  }
}

function codeOf(err: unknown): string {
  const { code } = Object(err) as { code?: unknown };
  return typeof code === 'string' ? code : 'error';
}

function statusOf(err: unknown): number {
  const { status } = Object(err) as { status?: unknown };
  return typeof status === 'number' ? status : 500;
}

export function tooLate(): TransportError {
  return new TransportError('transport.deadline', 'The time for an answer is over');
}
