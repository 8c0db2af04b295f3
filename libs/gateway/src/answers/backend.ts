import { checkOperationAccess, gatewayCaller, type AssertCaller } from '@facet/access';
import {
  callOf,
  RawJson,
  selectionOf,
  type Answer,
  type Call,
  type Dispatch,
  type Operation,
  type Priority,
} from '@facet/contracts';
import type { Upstreams } from '@facet/routing';
import { checkedCalls } from '../access/checked-calls.js';
import type { CachedCalls } from '../cache/cached-calls.js';
import type { Send } from '../cache/cache-entries.js';
import { ForwardedCall } from '../record/calls.js';
import type { RequestContext } from '../request/context.js';

export interface BackendParts {
  readonly upstreams: Upstreams;
  readonly assertCaller?: AssertCaller | undefined;
  /** What answers are kept in, where any are. */
  readonly kept?: CachedCalls | undefined;
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
  dispatchFor(context: RequestContext, priority: Priority): Dispatch {
    const { caller } = context;
    const dispatch =
      this.parts.kept?.dispatchFor(caller, this.sendFor(context, priority), context.reads) ??
      this.direct(context, priority);
    return (request, handler) => {
      try {
        checkOperationAccess(request.selection.operation, request.input, caller);
      } catch (error) {
        handler.missed(error);
        return () => undefined;
      }
      return dispatch(request, handler);
    };
  }

  /** The same as promises. */
  callFor(context: RequestContext, priority: Priority): Call {
    return callOf(this.dispatchFor(context, priority));
  }

  /** What a request that writes reads and does, with the services themselves. */
  writeFor(context: RequestContext): Call {
    const send = this.sendFor(context, 'high');
    const call = this.parts.kept?.writeFor(context.caller, send) ?? (send as Call);
    return checkedCalls(context.caller, call);
  }

  /** Passes one operation on. */
  async forward(context: RequestContext, operation: Operation, input: unknown): Promise<Forwarded> {
    const { cancellation: signal, deadline } = context;
    const forwarded = new ForwardedCall({
      selection: selectionOf(operation, { opaque: true }),
      ...{ input, deadline },
    });
    context.forwarded = forwarded;
    const call = this.callFor(context, 'normal');
    const options = { signal, deadline, raw: true, origin: forwarded.request };
    const answer = call(operation, input, options).finally(() => forwarded.end());
    const { value, source, ageMs } = await answer;
    forwarded.source = source;
    if (!(value instanceof RawJson)) throw new Error(`${operation.pattern} was not passed on`);
    return { json: value.json, source, ageMs };
  }

  /** The services themselves, without a promise for a call. */
  private direct(context: RequestContext, priority: Priority): Dispatch {
    const { traceparent, calls, caller, wantsServerTimes: times, wantsSpans: spans } = context;
    const { assertCaller, upstreams } = this.parts;
    // Where services are not told who calls, all calls of a request have the same context.
    if (assertCaller === undefined)
      return upstreams.dispatch({ traceparent, priority, calls, times, spans, identity: caller });
    return (request, handler) => {
      const assertion = assertCaller(caller, request.selection.operation.service);
      const told = { traceparent, priority, calls, times, spans, identity: caller, caller: assertion };
      return upstreams.dispatch(told)(request, handler);
    };
  }

  private sendFor(
    { caller, traceparent, calls, wantsServerTimes: times, wantsSpans: spans }: RequestContext,
    priority: Priority,
  ): Send {
    const { assertCaller, upstreams } = this.parts;
    return (operation, input, options, onBehalf = 'caller') => {
      const identity = onBehalf === 'caller' ? caller : undefined;
      const assertion = assertCaller?.(identity, operation.service);
      const named = assertion === undefined ? { identity } : { identity, caller: assertion };
      return upstreams.bind({ traceparent, priority, calls, times, spans, ...named })(
        operation,
        input,
        options,
      );
    };
  }
}
