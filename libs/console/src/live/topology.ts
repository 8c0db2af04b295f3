import type { GatewayInside } from '@facet/gateway';
import type { EventMap, EventName } from '@facet/routing';
import type { Decision, InstanceView, ServiceView, Traffic } from '../view.js';
import { TrafficCounter } from './traffic.js';

/** The decisions that are shown: each is rare, and changes where requests go. */
const SHOWN = [
  'ejected',
  'unejected',
  'breaker-open',
  'breaker-half-open',
  'breaker-closed',
  'panic',
  'panic-over',
  'connected',
  'connect-failed',
  'disconnected',
  'draining',
  'probe-failed',
  'probe-recovered',
  'pattern-unknown',
  'instance-added',
  'instance-removed',
  'discovery-failed',
] as const satisfies readonly EventName[];

const MOST_DECISIONS = 60;

/** What is known of services and instances: the state that routing has, and counts of attempts while somebody looks. */
export class Topology {
  readonly #upstreams: GatewayInside['upstreams'];
  /** By service and instance. */
  readonly #counters = new Map<string, Map<string, TrafficCounter>>();
  readonly #decisions: Decision[] = [];
  readonly #stop: (() => void)[];
  #stopCounting: (() => void) | undefined;

  constructor(upstreams: GatewayInside['upstreams']) {
    this.#upstreams = upstreams;
    this.#stop = SHOWN.map((kind) => upstreams.events.on(kind, (event) => this.#decided(kind, event)));
  }

  /** Listens to each attempt from now on; until then nobody pays for that. */
  startCounting(): void {
    this.#counters.clear();
    this.#stopCounting = this.#upstreams.events.on('attempt', ({ service, instance, tookMs, code }) => {
      // A business error is an answer.
      const kind = code === 'ok' || code === 'remote' ? 'ok' : 'error';
      this.#counterOf(service, instance).count(tookMs, kind);
    });
  }

  stopCounting(): void {
    this.#stopCounting?.();
    this.#stopCounting = undefined;
  }

  services(): readonly ServiceView[] {
    return this.#upstreams.snapshot().map(({ service, health, breaker, queued, instances }) => {
      const counters = this.#counters.get(service);
      return {
        ...trafficOf([...(counters?.values() ?? [])]),
        ...{ name: service, health, breaker, queued },
        instances: instances.map(({ ours, latencyMs: _, ...instance }): InstanceView => {
          const counter = counters?.get(instance.address);
          return {
            ...trafficOf(counter === undefined ? [] : [counter]),
            ...instance,
            ...(ours === undefined ? {} : { isOurs: ours }),
          };
        }),
      };
    });
  }

  /** Newest first. */
  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  close(): void {
    this.stopCounting();
    for (const stop of this.#stop) stop();
  }

  #counterOf(service: string, instance: string): TrafficCounter {
    let counters = this.#counters.get(service);
    if (counters === undefined) this.#counters.set(service, (counters = new Map<string, TrafficCounter>()));
    let counter = counters.get(instance);
    if (counter === undefined) counters.set(instance, (counter = new TrafficCounter()));
    return counter;
  }

  #decided(kind: (typeof SHOWN)[number], event: EventMap[EventName]): void {
    const { service } = event;
    const instance = 'instance' in event ? { instance: event.instance } : {};
    const operation = 'operation' in event ? { operation: event.operation } : {};
    const decision: Decision = { at: Date.now(), kind, service, ...instance, ...operation };
    const [last] = this.#decisions;
    // An instance that is away is tried again and again: one line that keeps its place, not a column of them.
    const isSame = last?.kind === kind && last.service === service && last.instance === decision.instance;
    if (isSame) this.#decisions[0] = decision;
    else this.#decisions.unshift(decision);
    this.#decisions.length = Math.min(this.#decisions.length, MOST_DECISIONS);
  }
}

/** Of several instances together. */
function trafficOf(counters: readonly TrafficCounter[]): Traffic {
  const all = counters.map((each) => each.read()).filter(({ rate }) => rate > 0);
  const rate = all.reduce((sum, each) => sum + each.rate, 0);
  if (rate === 0) return { rate: 0, errors: 0 };
  const mean = (of: (each: (typeof all)[number]) => number) =>
    all.reduce((sum, each) => sum + each.rate * of(each), 0) / rate;
  return { rate, errors: mean(({ errors }) => errors), meanMs: mean(({ meanMs = 0 }) => meanMs) };
}
