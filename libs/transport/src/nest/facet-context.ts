import type { Socket } from 'node:net';

import { TcpContext } from '@nestjs/microservices';

import type { FirstOf, Priority } from '@facet/contracts';
import type { IncomingRequest } from '../incoming-request.js';
import type { TimesCollector } from '../server-times.js';

/**
 * What a handler gets with `@Ctx()`. `getSocketRef()` has `netSocket`, to see where a request came from; replies are
 * the transport's own affair.
 */
export class FacetContext extends TcpContext {
  readonly #request: IncomingRequest;

  constructor(request: IncomingRequest, pattern: string) {
    super([
      { netSocket: request.socket } as unknown as ReturnType<TcpContext['getSocketRef']>,
      pattern,
      request.metadata,
    ]);
    this.#request = request;
  }

  /** Fires when nobody waits for the answer: cancelled, disconnected, or too late. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }

  /** Milliseconds until the answer is of no use; undefined where the client set no time. */
  timeLeftMs(): number | undefined {
    return this.#request.timeLeftMs();
  }

  /** A proof of who is calling, to be checked. */
  get caller(): string | undefined {
    return this.#request.caller;
  }

  get traceparent(): string | undefined {
    return this.#request.traceparent;
  }

  /** The fields of the answer that are read; undefined for all. */
  get fields(): readonly string[] | undefined {
    return this.#request.fields;
  }

  /** Of one list of the answer, the first elements alone; undefined for all. */
  get first(): FirstOf | undefined {
    return this.#request.first;
  }

  /** Takes what the handler reports of its work; undefined where nobody asks for it. */
  get times(): TimesCollector | undefined {
    return this.#request.times;
  }

  get priority(): Priority {
    return this.#request.priority;
  }

  get socket(): Socket {
    return this.#request.socket;
  }
}
