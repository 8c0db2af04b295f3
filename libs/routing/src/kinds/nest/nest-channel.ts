import { RemoteError, stockPeer, TransportError, type OutgoingCall, type Peer } from '@facet/transport';
import { contextFields, PendingChannel } from '../pending-channel.js';
import type { NestClient, ResolvedNest, Subscription } from './nest-options.js';

interface Work {
  subscription: Subscription | undefined;
}

const GONE = new Set(['disconnected', 'crashed', 'closed']);
const NO_HANDLER = 'There is no matching message handler defined in the remote service.';
const NOTHING = Buffer.alloc(0);

/** The way to a service through one client of Nest's, which knows of no instances. */
export class NestChannel extends PendingChannel<Work> {
  readonly #client: NestClient;
  /** What goes along with a message that is about to leave, by its data. */
  readonly #metadata = new WeakMap<object, Record<string, string>>();
  #status: Subscription | undefined;

  constructor(private readonly options: ResolvedNest) {
    super(`the client of ${options.service}`, options.maxPending);
    this.#client = options.client();
    this.#client.setOnDispatchHook?.((packet) => {
      const metadata = isObject(packet.data) && this.#metadata.get(packet.data);
      if (metadata) packet.metadata = metadata;
    });
  }

  async connect(): Promise<Peer> {
    try {
      await within(this.options.connectTimeoutMs, this.#client.connect());
    } catch (error) {
      const code = error === LATE ? 'transport.connect-timeout' : 'transport.connect-failed';
      const reason = this.error(code, textOf(error));
      this.close(reason);
      throw reason;
    }
    this.ready();
    this.#status = this.#client.status?.subscribe((status) => {
      if (GONE.has(String(status))) this.fail(this.error('transport.closed', `is ${String(status)}`, true));
    });
    return stockPeer;
  }

  /** A broker is nobody to ask how a service is. */
  async ping(): Promise<void> {
    await Promise.resolve();
  }

  protected begin(id: number, call: OutgoingCall): Work {
    const data: object = isObject(call.data) ? { ...call.data } : {};
    const context = contextFields(call);
    const { record } = this.options;
    if (record === undefined) this.#metadata.set(data, context);
    const payload = record === undefined ? data : record(data, context);
    // Later, as a client may answer before it has given back what ends its request.
    queueMicrotask(() => this.#subscribe(id, call.pattern, payload));
    return { subscription: undefined };
  }

  protected giveUp({ subscription }: Work): void {
    subscription?.unsubscribe();
  }

  protected release(): void {
    this.#status?.unsubscribe();
    Promise.resolve()
      .then(() => this.#client.close())
      .catch(() => undefined);
  }

  #subscribe(id: number, pattern: unknown, payload: unknown): void {
    const work = this.workOf(id);
    if (work === undefined) return;
    const subscription = this.#client.send(pattern, payload).subscribe({
      next: (value) => this.#value(id, value),
      error: (error) => this.take(id)?.missed(errorOf(error)),
      complete: () => this.take(id)?.arrived(NOTHING, 0, 0),
    });
    if (this.workOf(id) === work) work.subscription = subscription;
    else subscription.unsubscribe();
  }

  #value(id: number, value: unknown): void {
    const handler = this.handlerOf(id);
    if (handler === undefined) return;
    const json = value === undefined ? NOTHING : Buffer.from(JSON.stringify(value));
    const { maxAnswerBytes } = this.options;
    if (json.length > maxAnswerBytes) {
      this.cancel(id);
      return handler.missed(
        this.error('transport.frame-too-large', `an answer over ${maxAnswerBytes} bytes`, true),
      );
    }
    if (handler.more !== undefined) return handler.more(json, 0, json.length);
    this.cancel(id);
    handler.arrived(json, 0, json.length);
  }
}

/** What a service answered with is a text or a plain object; what the client itself failed with is an `Error`. */
function errorOf(error: unknown): TransportError | RemoteError {
  if (error === NO_HANDLER) return new TransportError('transport.no-handler', NO_HANDLER, { written: true });
  if (!(error instanceof Error)) return new RemoteError(error);
  // Nobody listens to what was asked, so that nothing has begun.
  const isUnheard = error.constructor.name === 'EmptyResponseException';
  return new TransportError('transport.closed', textOf(error), { written: !isUnheard, cause: error });
}

const LATE = new Error('did not connect in time');

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(LATE), ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
