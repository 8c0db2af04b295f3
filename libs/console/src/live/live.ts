import type { GatewayInside, RequestRecord, Route } from '@facet/gateway';
import {
  keptEndings,
  type Hello,
  type LiveState,
  type RequestDetail,
  type RouteView,
  type Ending,
} from '../view.js';
import { Feed } from './feed.js';
import { Ring } from './ring.js';
import { endingOf, isBackground, slowMsOf, summaryOf } from './summary.js';
import { Topology } from './topology.js';
import { TrafficCounter } from './traffic.js';

const RECENT = 1_000;
/** Of those that are kept apart. */
const KEPT = 200;
/** The page is told at most ten times a second… */
const UPDATE_MS = 100;
/** …of so many requests at most, whatever the load; the others are counted. Looking at a gateway must not slow it down. */
const PER_UPDATE = 10;
/** While nobody looks, so many of those that failed are kept in a second. */
const KEPT_A_SECOND = 10;
const STATE_MS = 1_000;

/**
 * Who looks sees the requests as they end. While nobody does, only those are read that failed, came without a part or were slow;
 * of all others nothing is built.
 */
export class Live {
  readonly feed: Feed;
  readonly #gateway: GatewayInside;
  readonly #routes: readonly RouteView[];
  readonly #ours: ReadonlyMap<string, Route>;
  readonly #topology: Topology;
  readonly #traffic = new TrafficCounter();
  readonly #recent = new Ring<RequestDetail>(RECENT);
  readonly #kept = new Ring<RequestDetail>(KEPT);
  readonly #stopRecords: () => void;
  #stopTimes: (() => void) | undefined;
  #fresh: RequestDetail[] = [];
  #taken = 0;
  #more = 0;
  #updateTimer: NodeJS.Timeout | undefined;
  #stateTimer: NodeJS.Timeout | undefined;
  #keptSecond = 0;
  #keptInSecond = 0;

  constructor(gateway: GatewayInside, routes: readonly RouteView[]) {
    this.#gateway = gateway;
    this.#routes = routes;
    this.#ours = new Map(gateway.routes.map((route) => [`${route.method} ${route.path}`, route]));
    this.#topology = new Topology(gateway.upstreams);
    this.feed = new Feed({ onOpen: () => this.#opened(), onClose: () => this.#closed() });
    this.#stopRecords = gateway.onRecord({
      wants: (status, durationMs, isDegraded, route) =>
        this.#wants(endingOf(status, durationMs, { isDegraded, slowMs: slowMsOf(route) }), durationMs),
      read: (record) => this.#ended(record),
    });
  }

  hello(): Hello {
    const { name, production } = this.#gateway;
    return {
      ...{ gateway: name, isProduction: production, now: Date.now(), routes: this.#routes },
      recent: this.#recent.items.map(({ summary }) => summary),
      kept: this.#kept.items.map(({ summary }) => summary),
      state: this.#state(),
    };
  }

  /** By the id of the request or of its trace; the last one where several requests are of one trace. */
  find(id: string): RequestDetail | undefined {
    const is = ({ summary }: RequestDetail) => summary.id === id || summary.traceId === id;
    return this.#recent.items.findLast(is) ?? this.#kept.items.findLast(is);
  }

  /** What there is, oldest first, to be kept across a restart. */
  get details(): readonly RequestDetail[] {
    const all = new Map([...this.#kept.items, ...this.#recent.items].map((each) => [each.summary.id, each]));
    return [...all.values()].sort((one, other) => one.summary.at - other.summary.at);
  }

  /** Takes over what was there before a restart. */
  restore(details: readonly RequestDetail[]): void {
    for (const detail of details) this.#keep({ ...detail, isEarlier: true });
  }

  close(): void {
    this.#stopRecords();
    this.feed.close();
    this.#closed();
    this.#topology.close();
  }

  #wants(ending: Ending, durationMs: number): boolean {
    if (!this.feed.isOpen) return keptEndings.includes(ending) && this.#hasRoomFor(1);
    this.#traffic.count(durationMs, kindOf(ending));
    this.#updateTimer ??= setTimeout(() => this.#update(), UPDATE_MS);
    if (this.#taken >= PER_UPDATE) this.#askForTimes(false);
    if (this.#taken < PER_UPDATE || (keptEndings.includes(ending) && this.#hasRoomFor(5))) {
      this.#taken += 1;
      return true;
    }
    this.#more += 1;
    return false;
  }

  #hasRoomFor(factor: number): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#keptSecond) this.#keptInSecond = 0;
    this.#keptSecond = second;
    this.#keptInSecond += 1;
    return this.#keptInSecond <= factor * KEPT_A_SECOND;
  }

  #ended(record: RequestRecord): void {
    const route = this.#ours.get(`${record.method} ${record.route}`);
    const summary = summaryOf(record, {
      slowMs: slowMsOf(route),
      isBackground: isBackground(record, route !== undefined),
    });
    const detail: RequestDetail = { summary, record };
    this.#keep(detail);
    if (this.feed.isOpen) this.#fresh.push(detail);
  }

  #keep(detail: RequestDetail): void {
    this.#recent.add(detail);
    if (keptEndings.includes(detail.summary.ending)) this.#kept.add(detail);
  }

  #update(): void {
    this.#updateTimer = undefined;
    const requests = this.#fresh.map(({ summary }) => summary);
    this.feed.send('requests', { requests, more: this.#more });
    this.#fresh = [];
    this.#more = 0;
    this.#taken = 0;
    this.#askForTimes(true);
  }

  /** Services are asked for their own times while records are read, and not for requests that are only counted. */
  #askForTimes(isWanted: boolean): void {
    if (isWanted === (this.#stopTimes !== undefined)) return;
    this.#stopTimes?.();
    this.#stopTimes = isWanted ? this.#gateway.askForServerTimes() : undefined;
  }

  #state(): LiveState {
    const { decisions } = this.#topology;
    return {
      at: Date.now(),
      ...this.#traffic.read(),
      services: this.#topology.services(),
      decisions: decisions.slice(0, 20),
    };
  }

  #opened(): void {
    this.#traffic.reset();
    this.#askForTimes(true);
    this.#topology.startCounting();
    this.#stateTimer = setInterval(() => this.feed.send('state', this.#state()), STATE_MS);
  }

  #closed(): void {
    clearTimeout(this.#updateTimer);
    clearInterval(this.#stateTimer);
    this.#updateTimer = undefined;
    this.#fresh = [];
    this.#taken = 0;
    this.#more = 0;
    this.#askForTimes(false);
    this.#topology.stopCounting();
  }
}

function kindOf(ending: Ending): 'ok' | 'error' | 'degraded' {
  return ending === 'error' || ending === 'degraded' ? ending : 'ok';
}
