import {
  RawJson,
  type Answer,
  type Call,
  type CallOptions,
  type InputOf,
  type Operation,
  type OutputOf,
} from '@facet/contracts';
import { Fault } from '@facet/platform';
import { checkInput } from './check.js';
import { systemClock } from './clock.js';
import { Emitter, type Events } from './events.js';
import { toFault } from './faults.js';
import type { CallContext, Outgoing } from './layers/layer.js';
import { createUpstream, type Upstream, type UpstreamHealth, type UpstreamSnapshot } from './upstream.js';
import type { UpstreamOptions, UpstreamSettings } from './settings.js';

/** Every service that a gateway may call. */
export interface Upstreams {
  /**
   * The way to call services on behalf of one request. Its promises reject with a `Fault` that names the service, the
   * policy that refused, and when to come back.
   */
  bind(context: CallContext): Call;
  /**
   * One call whose answer is only passed on: its JSON, held to the contract. Rejects as
   * `bind`'s calls do.
   */
  forward<O extends Operation>(
    operation: O,
    input: InputOf<O>,
    options: CallOptions & CallContext,
  ): Promise<string>;
  /** Every decision, as it is taken. */
  readonly events: Events;
  /** Whether calls to a service have a chance. Throws for a service that is not known here. */
  health(service: string): UpstreamHealth;
  snapshot(): readonly UpstreamSnapshot[];
  /** Takes no new calls, lets what is pending finish (within each upstream's `drainMs`), closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts to discover and connect to `services` (by the name that their contracts have). `common` holds for all of them
 * where they do not say otherwise. Throws a RangeError that names the option where one is faulty.
 */
export function createUpstreams(
  services: Readonly<Record<string, UpstreamOptions>>,
  common: UpstreamSettings = {},
): Upstreams {
  const events = new Emitter();
  const upstreams = new Map<string, Upstream>();
  for (const [service, options] of Object.entries(services)) {
    upstreams.set(service, createUpstream(service, { ...common, ...options }, events));
  }
  const upstreamOf = (service: string): Upstream => {
    const upstream = upstreams.get(service);
    if (upstream !== undefined) return upstream;
    const known = [...upstreams.keys()].join(', ') || 'none';
    throw new Error(`No upstream "${service}" is configured here; there are ${known}`);
  };

  const send = async (outgoing: Outgoing): Promise<unknown> => {
    const { service, pattern, kind } = outgoing.operation;
    const startedAt = systemClock.now();
    const finished = (code: string) =>
      events.tell.call?.({ service, operation: pattern, kind, tookMs: systemClock.now() - startedAt, code });
    try {
      const answer = await upstreamOf(service).send(outgoing);
      if (events.tell.call) finished('ok');
      return answer;
    } catch (error) {
      const known = toFault(error, service);
      if (events.tell.call) finished(known instanceof Fault ? known.code : 'defect');
      throw known;
    }
  };

  const bind = (context: CallContext): Call => {
    return async <O extends Operation>(operation: O, input: InputOf<O>, options: CallOptions) => {
      const { raw = false } = options;
      const answer = await send(outgoing(operation, input, { ...options, context, raw }));
      const value = raw ? rawJsonOf(answer as string) : answer;
      const { fields } = options;
      return { value, source: 'fresh', ageMs: 0, ...(fields && { fields }) } as Answer<OutputOf<O>>;
    };
  };
  return {
    bind,
    forward: async (operation, input, options) => {
      const { caller, traceparent, priority, ...rest } = options;
      const context = {
        ...(caller && { caller }),
        ...(traceparent && { traceparent }),
        ...(priority && { priority }),
      };
      const answer = await send(outgoing(operation, input, { ...rest, context, raw: true }));
      return rawJsonOf(answer as string).json;
    },
    events,
    health: (service) => upstreamOf(service).health(),
    snapshot: () => [...upstreams.values()].map((each) => each.snapshot()),
    close: async () => {
      await Promise.all([...upstreams.values()].map((each) => each.close()));
    },
  };
}

/** A service that answers nothing answers `null` to whoever passes it on. */
function rawJsonOf(json: string): RawJson {
  return new RawJson(json === '' ? 'null' : json);
}

function outgoing(
  operation: Operation,
  input: unknown,
  { signal, deadline, fields, context, raw }: CallOptions & { context: CallContext; raw: boolean },
): Outgoing {
  return {
    operation,
    input: checkInput(operation, input),
    raw,
    signal,
    deadline,
    ...(fields === undefined ? {} : { fields }),
    context,
    tried: [],
  };
}
