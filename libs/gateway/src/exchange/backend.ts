import type { Call } from '@facet/contracts';
import type { AssertCaller } from '@facet/platform';
import type { CallContext, Priority, Upstreams } from '@facet/routing';
import type { Exchange } from './exchange.js';

/** The services, as one request may call them. */
export class Backend {
  constructor(
    readonly upstreams: Upstreams,
    private readonly assertCaller: AssertCaller | undefined,
  ) {}

  /** What goes along with a call to `service` on behalf of `exchange`. */
  contextOf(exchange: Exchange, service: string, priority: Priority = 'normal'): CallContext {
    const caller = this.assertCaller?.(exchange.caller, service);
    return { traceparent: exchange.traceparent, priority, ...(caller === undefined ? {} : { caller }) };
  }

  callFor(exchange: Exchange, priority: Priority): Call {
    return (operation, input, options) =>
      this.upstreams.bind(this.contextOf(exchange, operation.service, priority))(operation, input, options);
  }

  /** Calls that the gateway makes for itself, on behalf of nobody. */
  readonly own: Call = (operation, input, options) => {
    const caller = this.assertCaller?.(undefined, operation.service);
    return this.upstreams.bind(caller === undefined ? {} : { caller })(operation, input, options);
  };
}
