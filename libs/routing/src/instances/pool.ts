import type { Signal } from '@facet/contracts';
import type { Fault } from '@facet/platform';
import { formatAddress, parseAddress } from '../address.js';
import type { Clock } from '../clock.js';
import type { Discovery } from '../discovery/discovery.js';
import { asError } from '../errors.js';
import type { Tell } from '../events.js';
import { fault } from '../faults.js';
import type { Outgoing } from '../layers/layer.js';
import { givenUp } from '../verdict.js';
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
  gapMs: number;
  /** How long an instance that vanished may finish what it has, in ms. */
  drainMs: number;
  clock: Clock;
  random: () => number;
  tell: Tell;
}

/** A service's instances as they come, go, fall ill and recover; picks one for each request. */
export class Pool {
  readonly #instances = new Map<string, Instance>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #waiting = new Set<() => void>();
  #usable: readonly Instance[] = [];
  #isPanicking = false;
  #isClosed = false;
  #isDiscovered = false;
  #wasUsable = false;
  /** Since when there is nothing to send to; calls wait for a while from then on. */
  #gapSince: number | undefined;
  readonly #stopWatching: () => void;
  /** Told when an instance was taken out for its failures. */
  onEjected: () => void = () => undefined;

  constructor(private readonly setup: PoolSetup) {
    const { discovery, clock, tell, service } = setup;
    this.#gapSince = clock.now();
    this.#stopWatching = discovery.watch({
      found: (addresses) => this.#found(addresses),
      failed: ({ message }) => tell['discovery-failed']?.({ service, message }),
    });
  }

  /** Whether its instances are not known yet, or none of them has been given the time to connect. */
  get isStarting(): boolean {
    return !this.#isDiscovered || (!this.#wasUsable && this.setup.clock.now() < this.#gapEnds);
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

  /** Whether there is an instance that the call has not been to and that knows the operation. */
  hasOther({ tried, operation }: Outgoing): boolean {
    const now = this.setup.clock.now();
    return this.#usable.some((each) => !tried.includes(each) && each.knows(operation.pattern, now));
  }

  /** The instance to send to; undefined where there is none at this moment. Throws where none knows the operation. */
  pick(outgoing: Outgoing): Instance | undefined {
    if (this.#usable.length === 0) return undefined;
    const { balancer, clock } = this.setup;
    const now = clock.now();
    const isNarrowed = outgoing.tried.length > 0 || this.#usable.some((each) => each.lacksAny);
    const instance = balancer(isNarrowed ? this.#narrow(outgoing, now) : this.#usable, now);
    outgoing.tried.push(instance);
    return instance;
  }

  /** Waits for an instance during a short gap, as while the only one restarts; else fails at once. */
  async waitForOne(outgoing: Outgoing): Promise<Instance> {
    for (;;) {
      const instance = this.pick(outgoing);
      if (instance !== undefined) return instance;
      const leftMs = Math.min(outgoing.deadline, this.#gapEnds) - this.setup.clock.now();
      if (leftMs <= 0 || outgoing.signal.aborted || this.#isClosed) throw this.#nobody(outgoing);
      await this.#changeWithin(leftMs, outgoing.signal);
    }
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
    const { service, instance: options, clock, random, tell } = this.setup;
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
        tell,
        assumedLatency: () => this.#assumedLatency(),
        changed: () => this.#refresh(),
        sick: (each) => this.#eject(each),
      });
      this.#instances.set(address, instance);
      tell['instance-added']?.({ service, instance: address });
      instance.connect();
    } catch (error) {
      tell['discovery-failed']?.({ service, message: asError(error).message });
    }
  }

  #remove(address: string): void {
    const { service, tell, clock, drainMs } = this.setup;
    const instance = this.#instances.get(address);
    if (instance === undefined) return;
    this.#instances.delete(address);
    tell['instance-removed']?.({ service, instance: address });
    const cancel = clock.after(drainMs, () => instance.destroy());
    const gone = instance.drain().finally(() => {
      cancel();
      this.#leaving.delete(gone);
    });
    this.#leaving.add(gone);
  }

  #eject(instance: Instance): void {
    const { service, tell, clock, instance: options } = this.setup;
    const now = clock.now();
    if (instance.health.isEjected(now)) return;
    const out = [...this.#instances.values()].filter((each) => each.health.isEjected(now)).length;
    if (out >= ejectable(this.#instances.size, options.ejection.maxShare)) return;
    const { failures } = instance.health;
    const forMs = instance.health.eject(now);
    tell.ejected?.({ service, instance: instance.address, forMs, failures });
    this.onEjected();
    this.#refresh();
    clock.after(forMs, () => {
      if (!instance.health.endEjection(now + forMs)) return;
      tell.unejected?.({ service, instance: instance.address });
      instance.cool();
      this.#refresh();
    });
  }

  /** Until when calls wait for an instance; a first attempt to connect ends of its own. */
  get #gapEnds(): number {
    const isUntried = [...this.#instances.values()].some((each) => each.isUntried);
    return isUntried ? Number.POSITIVE_INFINITY : (this.#gapSince ?? 0) + this.setup.gapMs;
  }

  /** Works out anew who gets requests, after anything changed. */
  #refresh(): void {
    const { clock, panicShare } = this.setup;
    const now = clock.now();
    const ready = [...this.#instances.values()].filter((each) => each.isReady);
    const well = ready.filter((each) => each.isWell(now));
    const isPanicking = ready.length > well.length && well.length / this.#instances.size < panicShare;
    this.#usable = isPanicking ? ready : well;
    this.#tellPanic(isPanicking, well.length);
    if (this.#usable.length > 0) this.#gapSince = undefined;
    else if (this.#gapSince === undefined) this.#gapBegan(now);
    this.#wasUsable ||= this.#usable.length > 0;
    for (const wake of [...this.#waiting]) wake();
  }

  /** The last one went: those that were away may have come back since they were last tried. */
  #gapBegan(now: number): void {
    this.#gapSince = now;
    for (const each of this.#instances.values()) each.hurry();
  }

  #tellPanic(isPanicking: boolean, healthy: number): void {
    if (isPanicking === this.#isPanicking) return;
    this.#isPanicking = isPanicking;
    const { tell, service } = this.setup;
    if (isPanicking) tell.panic?.({ service, healthy, instances: this.#instances.size });
    else tell['panic-over']?.({ service });
  }

  /** Those that know the operation; of these, those that the call has not been to, where there are any. */
  #narrow({ tried, operation }: Outgoing, now: number): readonly Instance[] {
    const able = this.#usable.filter((each) => each.knows(operation.pattern, now));
    if (able.length === 0) {
      throw fault('upstream.no-handler', { service: this.setup.service, policy: 'contract' });
    }
    const fresh = able.filter((each) => !tried.includes(each));
    return fresh.length > 0 ? fresh : able;
  }

  #changeWithin(ms: number, signal: Signal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.setup.clock.after(ms, done);
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #nobody(outgoing: Outgoing): Fault {
    const { service, clock } = this.setup;
    if (outgoing.signal.aborted) return givenUp(service, outgoing.deadline, clock.now());
    const next = Math.min(...[...this.#instances.values()].map((each) => each.retryAt));
    const retryAfterMs = Number.isFinite(next) ? Math.max(100, Math.ceil(next - clock.now())) : 1_000;
    return fault('upstream.unavailable', { service, policy: 'no-instance', retryAfterMs });
  }

  /** What the known ones take on average. */
  #assumedLatency(): number {
    const now = this.setup.clock.now();
    const known = this.#usable.filter((each) => each.load.isKnown);
    if (known.length === 0) return 1;
    return known.reduce((sum, each) => sum + each.load.smoothed(now), 0) / known.length;
  }
}
