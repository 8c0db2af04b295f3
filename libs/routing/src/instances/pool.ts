import type { Endpoint } from '../attempt.js';
import type { Endpoints, Waiting } from '../call-setup.js';
import { formatAddress, parseAddress } from '../address.js';
import type { Clock } from '@facet/contracts';
import type { Discovery } from '../discovery/discovery.js';
import { asError } from '../errors.js';
import type { Emit } from '../events.js';
import type { Balancer } from './balancer.js';
import { ejectable } from './health.js';
import { Instance, type InstanceOptions, type InstanceSnapshot } from './instance.js';

export interface PoolSetup {
  service: string;
  discovery: Discovery;
  balancer: Balancer;
  instance: InstanceOptions;
  /** Below this share of instances that are well, all that can be reached are tried. */
  panicShare: number;
  /** For how long after the last instance was lost calls wait for another before they fail at once, in ms. */
  noInstanceGraceMs: number;
  /** How long an instance that vanished may finish what it has, in ms. */
  drainMs: number;
  clock: Clock;
  random: () => number;
  emit: Emit;
}

/** A service's instances as they come, go, fall ill and recover; picks one for each request. */
export class Pool implements Endpoints {
  readonly #instances = new Map<string, Instance>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #waiting = new Set<Waiting>();
  #usable: readonly Instance[] = [];
  /** Whether one of them does not know every operation. */
  #lacksAny = false;
  #isPanicking = false;
  #isClosed = false;
  #isDiscovered = false;
  #wasUsable = false;
  /** Since when there is nothing to send to; calls wait for a while from then on. */
  #goneSince: number | undefined;
  readonly #stopWatching: () => void;
  /** Told when an instance was taken out for its failures. */
  onEjected: () => void = () => undefined;

  constructor(private readonly setup: PoolSetup) {
    const { discovery, clock, emit, service } = setup;
    this.#goneSince = clock.now();
    this.#stopWatching = discovery.watch({
      found: (addresses) => this.#found(addresses),
      failed: ({ message }) => emit['discovery-failed']?.({ service, message }),
    });
  }

  /** Whether its instances are not known yet, or none of them has been given the time to connect. */
  get isStarting(): boolean {
    return !this.#isDiscovered || (!this.#wasUsable && this.setup.clock.now() < this.graceEndsAt);
  }

  get size(): number {
    return this.#instances.size;
  }

  /** Instances that get requests now. */
  get usable(): readonly Instance[] {
    return this.#usable;
  }

  /** Instances that are reachable and well; fewer than `usable` while panicking. */
  countWell(): number {
    const now = this.setup.clock.now();
    return [...this.#instances.values()].filter((each) => each.isReady && each.isWell(now)).length;
  }

  get hasSeveral(): boolean {
    return this.#usable.length > 1;
  }

  hasOther(operation: string, tried: readonly Endpoint[], now: number): boolean {
    return this.#usable.some((each) => !tried.includes(each) && each.knows(operation, now));
  }

  pick(operation: string, tried: readonly Endpoint[], now: number): Instance | 'none' | 'no-handler' {
    if (this.#usable.length === 0) return 'none';
    let candidates = this.#usable;
    if (tried.length > 0 || this.#lacksAny) candidates = this.#narrow(operation, tried, now);
    return candidates.length === 0 ? 'no-handler' : this.setup.balancer(candidates, now);
  }

  wait(call: Waiting): void {
    this.#waiting.add(call);
  }

  stopWaiting(call: Waiting): void {
    this.#waiting.delete(call);
  }

  /** Until when calls wait for an instance; a first attempt to connect ends of its own. */
  get graceEndsAt(): number {
    if (this.#isClosed) return -Infinity;
    for (const each of this.#instances.values()) if (each.isUntried) return Infinity;
    return (this.#goneSince ?? 0) + this.setup.noInstanceGraceMs;
  }

  retryAfterMs(now: number): number {
    const next = Math.min(...[...this.#instances.values()].map((each) => each.retryAt));
    return Number.isFinite(next) ? Math.max(100, Math.ceil(next - now)) : 1_000;
  }

  snapshot(): readonly InstanceSnapshot[] {
    const now = this.setup.clock.now();
    return [...this.#instances.values()].map((each) => each.snapshot(now));
  }

  /** Takes no new calls; lets what is pending finish, within `drainMs`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatching();
    for (const address of this.#instances.keys()) this.#remove(address);
    this.#refresh();
    await Promise.all(this.#leaving);
  }

  #found(addresses: readonly string[]): void {
    if (this.#isClosed) return;
    this.#isDiscovered = true;
    const wanted = new Set(addresses);
    for (const address of this.#instances.keys()) if (!wanted.has(address)) this.#remove(address);
    for (const address of wanted) if (!this.#instances.has(address)) this.#add(address);
    this.#refresh();
  }

  #add(address: string): void {
    const { service, instance: options, clock, random, emit } = this.setup;
    try {
      const { host, port } = parseAddress(address);
      const instance = new Instance({
        service,
        host,
        port,
        address: formatAddress(host, port),
        options,
        clock,
        random,
        emit,
        assumedLatency: () => this.#assumedLatency(),
        changed: () => this.#refresh(),
        sick: (each) => this.#eject(each),
      });
      this.#instances.set(address, instance);
      emit['instance-added']?.({ service, instance: address });
      instance.connect();
    } catch (error) {
      emit['discovery-failed']?.({ service, message: asError(error).message });
    }
  }

  #remove(address: string): void {
    const { service, emit, clock, drainMs } = this.setup;
    const instance = this.#instances.get(address);
    if (instance === undefined) return;
    this.#instances.delete(address);
    emit['instance-removed']?.({ service, instance: address });
    const cancel = clock.after(drainMs, () => instance.destroy());
    const gone = instance.drain().finally(() => {
      cancel();
      this.#leaving.delete(gone);
    });
    this.#leaving.add(gone);
  }

  #eject(instance: Instance): void {
    const { service, emit, clock, instance: options } = this.setup;
    const now = clock.now();
    if (instance.health.isEjected(now)) return;
    const out = [...this.#instances.values()].filter((each) => each.health.isEjected(now)).length;
    if (out >= ejectable(this.#instances.size, options.ejection.maxShare)) return;
    const { failures } = instance.health;
    const forMs = instance.health.eject(now);
    emit.ejected?.({ service, instance: instance.address, forMs, failures });
    this.onEjected();
    this.#refresh();
    clock.after(forMs, () => {
      if (!instance.health.endEjection(now + forMs)) return;
      emit.unejected?.({ service, instance: instance.address });
      instance.restartSlowStart();
      this.#refresh();
    });
  }

  /** Works out anew who gets requests, after anything changed. */
  #refresh(): void {
    const { clock, panicShare } = this.setup;
    const now = clock.now();
    const ready = [...this.#instances.values()].filter((each) => each.isReady);
    const well = ready.filter((each) => each.isWell(now));
    const isPanicking = ready.length > well.length && well.length / this.#instances.size < panicShare;
    this.#usable = isPanicking ? ready : well;
    this.#emitPanic(isPanicking, well.length);
    if (this.#usable.length > 0) this.#goneSince = undefined;
    else if (this.#goneSince === undefined) this.#lastWent(now);
    this.#wasUsable ||= this.#usable.length > 0;
    this.#lacksAny = this.#usable.some((each) => each.lacksAny);
    for (const call of [...this.#waiting]) call.woken(now);
  }

  /** The last one went: those that were away may have come back since they were last tried. */
  #lastWent(now: number): void {
    this.#goneSince = now;
    for (const each of this.#instances.values()) each.reconnectNow();
  }

  #emitPanic(isPanicking: boolean, healthy: number): void {
    if (isPanicking === this.#isPanicking) return;
    this.#isPanicking = isPanicking;
    const { emit, service } = this.setup;
    if (isPanicking) emit.panic?.({ service, healthy, instances: this.#instances.size });
    else emit['panic-over']?.({ service });
  }

  /** Those that know the operation; of these, those that the call has not been to, where there are any. */
  #narrow(operation: string, tried: readonly Endpoint[], now: number): readonly Instance[] {
    const able = this.#usable.filter((each) => each.knows(operation, now));
    const fresh = able.filter((each) => !tried.includes(each));
    return fresh.length > 0 ? fresh : able;
  }

  /** What the known ones take on average. */
  #assumedLatency(): number {
    const now = this.setup.clock.now();
    const known = this.#usable.filter((each) => each.load.isKnown);
    if (known.length === 0) return 1;
    return known.reduce((sum, each) => sum + each.load.smoothed(now), 0) / known.length;
  }
}
