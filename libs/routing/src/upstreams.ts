import {
  callOf,
  systemClock,
  type Call,
  type CallRequest,
  type Dispatch,
  type Operation,
  type Selection,
} from '@facet/contracts';
import type { ReaderDescription } from '@facet/reader';
import { checkInput } from './check.js';
import { leftFault } from './classify.js';
import type { CallContext } from './context.js';
import { Emitter, type Events } from './events.js';
import type { Meter } from './meter.js';
import type { UpstreamOptions, UpstreamSettings } from './settings.js';
import { Upstream, type Prepared, type UpstreamHealth, type UpstreamSnapshot } from './upstream.js';

/** Every service that a gateway may call. */
export interface Upstreams {
  /**
   * The way to call services on behalf of one request. What is missed is a `Fault` that names the service, the policy
   * that refused, and when to come back; its `cause` has every failure where several requests failed.
   */
  dispatch(context: CallContext): Dispatch;
  /** The same as a promise, which rejects with what is missed. */
  bind(context: CallContext): Call;
  /**
   * Whether each of these operations can be asked for in the way of its service. Throws a RangeError that names the first
   * that cannot; for a gateway's start.
   */
  check(operations: readonly Operation[]): void;
  /** Compiles how answers are read, for a gateway's start; else the first call of each selection does. Says how it is done. */
  prepare(selections: readonly Selection[]): readonly ReaderDescription[];
  /** Every decision, as it is taken. */
  readonly events: Events;
  /** Whether calls to a service have a chance. Throws for a service that is not known here. */
  health(service: string): UpstreamHealth;
  snapshot(): readonly UpstreamSnapshot[];
  /** Takes no new calls, lets what is pending finish (within each upstream's `drainMs`), closes every connection. */
  close(): Promise<void>;
}

const nothing = (): void => undefined;

/**
 * Starts to discover and connect to `services` (by the name that their contracts have). `common` holds for all of them
 * where they do not say otherwise; `meter` counts their calls. Throws a RangeError that names the option where one is faulty.
 */
export function createUpstreams(
  services: Readonly<Record<string, UpstreamOptions>>,
  common: UpstreamSettings = {},
  meter?: Meter,
): Upstreams {
  const events = new Emitter();
  const upstreams = new Map<string, Upstream>();
  for (const [service, options] of Object.entries(services)) {
    upstreams.set(service, new Upstream(service, { ...common, ...options }, { emit: events.emit, meter }));
  }
  const upstreamOf = (service: string): Upstream => {
    const upstream = upstreams.get(service);
    if (upstream !== undefined) return upstream;
    const known = [...upstreams.keys()].join(', ') || 'none';
    throw new Error(`No upstream "${service}" is configured here; there are ${known}`);
  };
  const prepared = new WeakMap<Selection, Prepared>();
  const prepare = (selection: Selection): Prepared => {
    const known = prepared.get(selection);
    if (known !== undefined) return known;
    const made = upstreamOf(selection.operation.service).prepare(selection);
    prepared.set(selection, made);
    return made;
  };
  const dispatch = (context: CallContext): Dispatch => {
    return (request, handler) => {
      const { selection, input, deadline } = request;
      let ready: Prepared;
      let checked: unknown;
      try {
        ready = prepare(selection);
        checked = checkInput(ready.state.operation, input);
      } catch (error) {
        handler.missed(error);
        return nothing;
      }
      const call = ready.upstream.call(ready, { request, input: checked, context, deadline, handler });
      return () => call.cancel();
    };
  };
  return {
    dispatch,
    bind: (context) => callOf(dispatch(context), leftBy),
    check: (operations) => {
      for (const operation of operations) upstreamOf(operation.service).check(operation);
    },
    prepare: (selections) => selections.map((selection) => prepare(selection).reader.description),
    events,
    health: (service) => upstreamOf(service).health(),
    snapshot: () => [...upstreams.values()].map((each) => each.snapshot()),
    close: async () => {
      await Promise.all([...upstreams.values()].map((each) => each.close()));
    },
  };
}

function leftBy({ selection, deadline }: CallRequest) {
  return leftFault(selection.operation.service, deadline, systemClock.now());
}
