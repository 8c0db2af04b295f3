import { checkOperationAccess, gatewayCaller, type AssertCaller } from '@facet/access';
import { selectionOf, type Call, type Dispatch, type Operation, type Priority } from '@facet/contracts';
import type { Upstreams } from '@facet/routing';
import { checkedCalls } from '../access/checked-calls.js';
import type { CachedCalls } from '../cache/cached-calls.js';
import type { Send } from '../cache/cache-entries.js';
import type { RequestContext } from '../request/context.js';
import { ForwardedCall, type Forwarded } from './forwarded-call.js';

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

  /** What a request that writes reads and does, with the services themselves. */
  writeFor(context: RequestContext): Call {
    const send = this.sendFor(context, 'high');
    const call = this.parts.kept?.writeFor(context.caller, send) ?? (send as Call);
    return checkedCalls(context.caller, call);
  }

  /** Passes one operation on. */
  forward(context: RequestContext, operation: Operation, input: unknown): Promise<Forwarded> {
    const { cancellation, deadline } = context;
    const selection = selectionOf(operation, { opaque: true });
    const forwarded = new ForwardedCall({ selection, input, deadline });
    context.forwarded = forwarded;
    return forwarded.send(this.dispatchFor(context, 'normal'), cancellation);
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
