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
  readonly #counters = new Map<string, TrafficCounter>();
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
      this.#counterOf(service).count(tookMs, kind);
      this.#counterOf(`${service} ${instance}`).count(tookMs, kind);
    });
  }

  stopCounting(): void {
    this.#stopCounting?.();
    this.#stopCounting = undefined;
  }

  services(): readonly ServiceView[] {
    return this.#upstreams.snapshot().map(({ service, health, breaker, queued, instances }) => ({
      ...this.#trafficOf(service),
      ...{ name: service, health, breaker, queued },
      instances: instances.map(({ ours, latencyMs: _, ...instance }): InstanceView => ({
        ...this.#trafficOf(`${service} ${instance.address}`),
        ...instance,
        ...(ours === undefined ? {} : { isOurs: ours }),
      })),
    }));
  }

  /** Newest first. */
  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  close(): void {
    this.stopCounting();
    for (const stop of this.#stop) stop();
  }

  #counterOf(key: string): TrafficCounter {
    const known = this.#counters.get(key);
    if (known !== undefined) return known;
    const counter = new TrafficCounter();
    this.#counters.set(key, counter);
    return counter;
  }

  #trafficOf(key: string): Traffic {
    const read = this.#counters.get(key)?.read();
    if (read === undefined) return { rate: 0, errors: 0 };
    const { rate, errors, meanMs } = read;
    return { rate, errors, ...(meanMs === undefined ? {} : { meanMs }) };
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
