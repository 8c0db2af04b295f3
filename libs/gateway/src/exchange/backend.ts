import { type Answer, type Call, type Caller, type Operation, RawJson } from '@facet/contracts';
import type { AssertCaller } from '@facet/access';
import type { CallContext, Priority, Upstreams } from '@facet/routing';
import type { KeptCalls } from '../cache/kept-calls.js';
import type { Send } from '../cache/pieces.js';
import type { Exchange } from './exchange.js';

export interface BackendParts {
  readonly upstreams: Upstreams;
  readonly assertCaller?: AssertCaller | undefined;
  /** What answers are kept in, where any are. */
  readonly kept?: KeptCalls | undefined;
}

/** Calls that the gateway makes for itself, on behalf of nobody. */
export function ownCalls({ upstreams, assertCaller }: BackendParts): Call {
  return (operation, input, options) => {
    const caller = assertCaller?.(undefined, operation.service);
    return upstreams.bind(caller === undefined ? {} : { caller })(operation, input, options);
  };
}

/** An answer that is only passed on. */
export interface Forwarded extends Pick<Answer<unknown>, 'source' | 'ageMs'> {
  readonly json: string;
}

/** The services, as one request may call them. */
export class Backend {
  constructor(private readonly parts: BackendParts) {}

  /** What a request reads, from what was kept where that is allowed. */
  callFor(exchange: Exchange, priority: Priority): Call {
    const send = this.sendFor(exchange, priority);
    return this.parts.kept?.callFor(exchange.caller, send) ?? (send as Call);
  }

  /** What a request that writes reads and does, with the services themselves. */
  writeFor(exchange: Exchange): Call {
    const send = this.sendFor(exchange, 'high');
    return this.parts.kept?.writeFor(exchange.caller, send) ?? (send as Call);
  }

  /** Passes one operation on. */
  async forward(exchange: Exchange, operation: Operation, input: unknown): Promise<Forwarded> {
    const { signal, deadline } = exchange;
    const { upstreams, kept } = this.parts;
    if (kept === undefined) {
      const context = this.contextOf(exchange.caller, exchange, { operation, priority: 'normal' });
      const json = await upstreams.forward(operation, input, { ...context, signal, deadline });
      return { json, source: 'fresh', ageMs: 0 };
    }
    const call = this.callFor(exchange, 'normal');
    const { value, source, ageMs } = await call(operation, input, { signal, deadline, raw: true });
    if (!(value instanceof RawJson)) throw new Error(`${operation.pattern} was not passed on`);
    return { json: value.json, source, ageMs };
  }

  private sendFor(exchange: Exchange, priority: Priority): Send {
    return (operation, input, options, onBehalf = 'caller') => {
      const caller = onBehalf === 'caller' ? exchange.caller : undefined;
      const context = this.contextOf(caller, exchange, { operation, priority });
      return this.parts.upstreams.bind(context)(operation, input, options);
    };
  }

  /** What goes along with a call. */
  private contextOf(
    caller: Caller | undefined,
    { traceparent }: Exchange,
    { operation, priority }: { readonly operation: Operation; readonly priority: Priority },
  ): CallContext {
    const assertion = this.parts.assertCaller?.(caller, operation.service);
    return { traceparent, priority, ...(assertion === undefined ? {} : { caller: assertion }) };
  }
}
