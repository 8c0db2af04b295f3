import { gatewayCaller, type AssertCaller } from '@facet/access';
import {
  callOf,
  RawJson,
  selectionOf,
  type Answer,
  type Call,
  type Caller,
  type Dispatch,
  type Operation,
  type Priority,
} from '@facet/contracts';
import type { CallContext, Upstreams } from '@facet/routing';
import { checkedCalls, checkedDispatch } from '../access/checked-calls.js';
import type { KeptCalls } from '../cache/kept-calls.js';
import type { Send } from '../cache/pieces.js';
import { ForwardedCall } from '../record/calls.js';
import type { Exchange } from './exchange.js';

export interface BackendParts {
  readonly upstreams: Upstreams;
  readonly assertCaller?: AssertCaller | undefined;
  /** What answers are kept in, where any are. */
  readonly kept?: KeptCalls | undefined;
}

/** Calls that a gateway makes for itself, on behalf of nobody: what contracts let a gateway ask, and no more. */
export function ownCalls(gateway: string, { upstreams, assertCaller }: BackendParts): Call {
  return checkedCalls(gatewayCaller(gateway), (operation, input, options) => {
    const caller = assertCaller?.(undefined, operation.service);
    return upstreams.bind(caller === undefined ? {} : { caller })(operation, input, options);
  });
}

/** An answer that is only passed on. */
export interface Forwarded extends Pick<Answer<unknown>, 'source' | 'ageMs'> {
  readonly json: string;
}

/** The services, as one request may call them: every way to them holds its caller to what the contract demands. */
export class Backend {
  constructor(private readonly parts: BackendParts) {}

  /** What a request reads, from what was kept where that is allowed. */
  dispatchFor(exchange: Exchange, priority: Priority): Dispatch {
    const { kept } = this.parts;
    const dispatch =
      kept?.dispatchFor(exchange.caller, this.sendFor(exchange, priority)) ?? this.direct(exchange, priority);
    return checkedDispatch(exchange.caller, dispatch);
  }

  /** The same as promises. */
  callFor(exchange: Exchange, priority: Priority): Call {
    return callOf(this.dispatchFor(exchange, priority));
  }

  /** What a request that writes reads and does, with the services themselves. */
  writeFor(exchange: Exchange): Call {
    const send = this.sendFor(exchange, 'high');
    const call = this.parts.kept?.writeFor(exchange.caller, send) ?? (send as Call);
    return checkedCalls(exchange.caller, call);
  }

  /** Passes one operation on. */
  async forward(exchange: Exchange, operation: Operation, input: unknown): Promise<Forwarded> {
    const { signal, deadline } = exchange;
    const forwarded = new ForwardedCall({
      selection: selectionOf(operation, { opaque: true }),
      ...{ input, deadline },
    });
    exchange.forwarded = forwarded;
    const call = this.callFor(exchange, 'normal');
    const options = { signal, deadline, raw: true, origin: forwarded.request };
    const answer = call(operation, input, options).finally(() => forwarded.end());
    const { value, source, ageMs } = await answer;
    forwarded.source = source;
    if (!(value instanceof RawJson)) throw new Error(`${operation.pattern} was not passed on`);
    return { json: value.json, source, ageMs };
  }

  /** The services themselves, without a promise for a call. */
  private direct(exchange: Exchange, priority: Priority): Dispatch {
    return (request, handler) => {
      const { operation } = request.selection;
      const context = this.contextOf(exchange.caller, exchange, { operation, priority });
      return this.parts.upstreams.dispatch(context)(request, handler);
    };
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
    { traceparent, calls }: Exchange,
    { operation, priority }: { readonly operation: Operation; readonly priority: Priority },
  ): CallContext {
    const assertion = this.parts.assertCaller?.(caller, operation.service);
    return {
      traceparent,
      priority,
      calls,
      identity: caller,
      ...(assertion === undefined ? {} : { caller: assertion }),
    };
  }
}
