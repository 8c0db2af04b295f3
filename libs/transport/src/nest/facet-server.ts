import type { AddressInfo, Server as NetServer } from 'node:net';

import { Server, Transport, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { finalize, isObservable } from 'rxjs';

import { TransportError } from '../errors.js';
import type { IncomingRequest } from '../incoming-request.js';
import { WireServer } from '../server.js';
import type { WireServerOptions } from '../server-options.js';
import { FacetContext } from './facet-context.js';

export interface FacetServerOptions extends WireServerOptions {
  /** How long `close()` lets handlers finish, in milliseconds. 10,000. */
  readonly closeTimeoutMs?: number;
}

type NetListener = (...args: unknown[]) => void;

/**
 * `createMicroservice(AppModule, { strategy: new FacetServer({ port: 4010 }) })`: controllers stay as they are, and any
 * stock `ClientTCP` can call them. Clients of ours get deadline, cancel and drain; closing finishes what is in flight.
 */
export class FacetServer extends Server<Record<string, NetListener>> implements CustomTransportStrategy {
  override readonly transportId = Transport.TCP;
  readonly #wire: WireServer;
  readonly #closeTimeoutMs: number;
  #hasHooks = false;

  constructor({ closeTimeoutMs = 10_000, ...options }: FacetServerOptions = {}) {
    super();
    const onError = options.onError ?? ((error: unknown): void => this.handleError(error as string));
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#wire = new WireServer({ ...options, onError }).onRequest((request) => this.#handle(request));
    this.initializeSerializer({});
    this.initializeDeserializer({});
  }

  listen(callback: (error?: unknown, address?: AddressInfo) => void): void {
    this.#wire.listen().then(
      (address) => {
        this._status$.next('connected');
        callback(undefined, address);
      },
      (error: unknown) => callback(error),
    );
  }

  /** Asks clients of ours to leave, stops work nobody may begin any more, and lets the rest finish. */
  async close(): Promise<void> {
    await this.#wire.close({ timeoutMs: this.#closeTimeoutMs });
    this._status$.next('disconnected');
  }

  /** Asks clients of ours to send nothing more; resolves when nothing is in flight. */
  drain(): Promise<void> {
    return this.#wire.drain();
  }

  /** Requests that handlers work on, requests that wait, and connections. */
  get load(): { readonly running: number; readonly waiting: number; readonly connections: number } {
    return { ...this.#wire.load, connections: this.#wire.connections };
  }

  /** Where it listens. */
  address(): AddressInfo {
    return this.#wire.address();
  }

  /** Listens to an event of the underlying `net.Server`. */
  on(event: string, listener: NetListener): void {
    this.#wire.netServer.on(event, listener);
  }

  unwrap<T = NetServer>(): T {
    return this.#wire.netServer as T;
  }

  override setOnProcessingStartHook(hook: Parameters<Server['setOnProcessingStartHook']>[0]): void {
    this.#hasHooks = true;
    super.setOnProcessingStartHook(hook);
  }

  override setOnProcessingEndHook(hook: Parameters<Server['setOnProcessingEndHook']>[0]): void {
    this.#hasHooks = true;
    super.setOnProcessingEndHook(hook);
  }

  /** Takes the place of what Nest made for a pattern; see `callDirectly`. */
  handleDirectly(pattern: string | object, handler: (data: unknown, context: FacetContext) => unknown): void {
    const key = this.normalizePattern(pattern as string);
    const made = this.messageHandlers.get(key);
    const { isEventHandler, extras } = made ?? {};
    this.messageHandlers.set(key, Object.assign(handler as MessageHandler, { isEventHandler, extras }));
  }

  #handle(request: IncomingRequest): unknown {
    const pattern = this.getPatternAsString(request.pattern);
    const handler = this.#handlerOf(pattern);
    if (handler === null || handler === undefined) {
      throw new TransportError('transport.no-handler', `There is no handler for ${pattern}`);
    }
    const context = new FacetContext(request, pattern);
    if (!this.#hasHooks) return handler(request.data, context);
    return this.#handleHooked(context, () => handler(request.data, context));
  }

  /** A string that is a pattern as it stands costs one look-up; Nest's own way parses every pattern as JSON first. */
  #handlerOf(pattern: string): MessageHandler | null | undefined {
    return (
      this.messageHandlers.get(pattern) ??
      (MAY_BE_JSON.test(pattern) ? this.getHandlerByPattern(pattern) : null)
    );
  }

  #handleHooked(context: FacetContext, handle: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => {
      this.runWithProcessingHooks(context, async (runEndHook) => {
        const handled = endingWith(runEndHook, handle);
        resolve(handled);
        await handled.catch(() => undefined);
      });
    });
  }
}

/** Runs the hook when the handler is done: with its stream, where it made one. */
async function endingWith(runEndHook: () => void, handle: () => Promise<unknown>): Promise<unknown> {
  try {
    const result = await handle();
    if (isObservable(result)) return result.pipe(finalize(runEndHook));
    runEndHook();
    return result;
  } catch (error) {
    runEndHook();
    throw error;
  }
}

const MAY_BE_JSON = /^[\s{["\-\dtfn]/;
