import type {
  LiveState,
  NeighbourView,
  RequestDetail,
  RequestSummary,
  RouteView,
  WhatIfView,
} from '../view.js';
import type { ProcessLine } from '../logs.js';
import { follow, gateways, linesOf, Locked, requestOf, whatIf, type Events } from './api.js';
import { noFilter } from './filter.js';
import { placeOf, type Place } from './place.js';

const MOST = 1_000;
const MOST_KEPT = 200;
/** So many seconds of figures are drawn. */
const HISTORY = 60;

/** What is fetched when it is looked at. */
export type Loaded<T> =
  { readonly state: 'loading' | 'missing' } | { readonly state: 'there'; readonly value: T };

export interface Figure {
  readonly rate: number;
  readonly errors: number;
  readonly degraded: number;
  readonly p95Ms: number;
}

/** All that the page shows; changed only by the store. */
export interface State {
  connection: 'connecting' | 'open' | 'lost' | 'locked';
  gateway: string;
  isProduction: boolean;
  place: Place;
  routes: readonly RouteView[];
  neighbours: readonly NeighbourView[];
  /** Newest first. */
  requests: readonly RequestSummary[];
  kept: readonly RequestSummary[];
  /** How many requests there were beside those that were sent, since the page is open. */
  unsent: number;
  isPaused: boolean;
  /** What has come since the pause, newest first. */
  waiting: readonly RequestSummary[];
  live: LiveState | undefined;
  figures: readonly Figure[];
  shownRows: number;
  details: ReadonlyMap<string, Loaded<RequestDetail>>;
  lines: ReadonlyMap<string, Loaded<readonly ProcessLine[]>>;
  whatIfs: ReadonlyMap<string, Loaded<WhatIfView>>;
  /** Chosen as the first of two. */
  pinned: string | undefined;
  /** The row of a waterfall whose details are open. */
  openRow: string | undefined;
  /** The cell of the failure matrix that is open: `part fault`. */
  openCell: string | undefined;
  notice: string;
}

export class Store implements Events {
  readonly state: State = {
    ...{ connection: 'connecting', gateway: '', isProduction: false, place: placeOf(location.hash) },
    ...{ routes: [], neighbours: [], requests: [], kept: [], unsent: 0, isPaused: false, waiting: [] },
    ...{ live: undefined, figures: [], shownRows: 100, details: new Map(), lines: new Map() },
    ...{ whatIfs: new Map(), pinned: undefined, openRow: undefined, openCell: undefined, notice: '' },
  };
  readonly #render: () => void;
  #isScheduled = false;

  constructor(render: () => void) {
    this.#render = render;
  }

  /** Follows the gateway for as long as the page is there, through restarts of it too. */
  async run(): Promise<void> {
    for (;;) {
      try {
        await follow(this, new AbortController().signal);
      } catch (error) {
        if (error instanceof Locked) return this.set({ connection: 'locked' });
      }
      this.set({ connection: 'lost' });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  async watchNeighbours(): Promise<void> {
    for (;;) {
      if (document.visibilityState === 'visible' && this.state.connection === 'open') {
        const neighbours = await gateways().catch(() => this.state.neighbours);
        this.set({ neighbours });
      }
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }

  set(change: Partial<State>): void {
    Object.assign(this.state, change);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#render();
    });
  }

  hello({ gateway, isProduction, routes, recent, kept, state }: Parameters<Events['hello']>[0]): void {
    const requests = recent.toReversed();
    // What was not to be found before a restart may be there now.
    const details = new Map([...this.state.details].filter(([, { state: is }]) => is === 'there'));
    this.set({
      ...{ connection: 'open', gateway, isProduction, routes, requests, details, waiting: [] },
      kept: kept.toReversed(),
    });
    this.#load();
    void gateways().then(
      (neighbours) => this.set({ neighbours }),
      () => undefined,
    );
    this.newState(state);
  }

  requests({ requests, more }: Parameters<Events['requests']>[0]): void {
    const { state } = this;
    const fresh = requests.toReversed();
    const kept = fresh.filter(({ ending, isBackground }) => !isBackground && isKept(ending));
    const change = { unsent: state.unsent + more, kept: [...kept, ...state.kept].slice(0, MOST_KEPT) };
    if (state.isPaused) this.set({ ...change, waiting: [...fresh, ...state.waiting].slice(0, MOST) });
    else this.set({ ...change, requests: [...fresh, ...state.requests].slice(0, MOST) });
  }

  /** Figures of the last seconds. */
  newState(live: LiveState): void {
    const { rate, errors, degraded, p95Ms = 0 } = live;
    const figures = [...this.state.figures, { rate, errors, degraded, p95Ms }].slice(-HISTORY);
    this.set({ live, figures });
  }

  pause(isPaused: boolean): void {
    const { waiting, requests } = this.state;
    if (isPaused) return this.set({ isPaused });
    this.set({ isPaused, waiting: [], requests: [...waiting, ...requests].slice(0, MOST) });
  }

  /** The address has changed. */
  moved(hash: string): void {
    const place = placeOf(hash);
    const isElsewhere = place.kind !== this.state.place.kind || place.kind !== 'live';
    this.set({ place, openRow: undefined, openCell: undefined, notice: '' });
    if (isElsewhere) scrollTo(0, 0);
    this.#load();
  }

  get filter() {
    const { place } = this.state;
    return place.kind === 'live' ? place.filter : noFilter;
  }

  /** Fetches what the place shows and is not there yet. */
  #load(): void {
    const { place, connection } = this.state;
    if (connection === 'locked') return;
    if (place.kind === 'request') this.#loadRequest(place.id);
    else if (place.kind === 'compare') [place.one, place.other].forEach((id) => this.#loadRequest(id));
    else if (place.kind === 'what-if') this.#fetch('whatIfs', place.route, whatIf);
  }

  #loadRequest(id: string): void {
    this.#fetch('details', id, requestOf, ({ record }) => this.#fetch('lines', record.traceId, linesOf));
  }

  #fetch<K extends 'details' | 'lines' | 'whatIfs', T>(
    into: K,
    key: string,
    load: (key: string) => Promise<T>,
    then: (value: T) => void = () => undefined,
  ): void {
    if (this.state[into].get(key)?.state === 'there') return;
    const put = (loaded: Loaded<T>) => {
      const known = this.state[into] as ReadonlyMap<string, Loaded<T>>;
      this.set({ [into]: new Map([...known, [key, loaded]]) });
    };
    put({ state: 'loading' });
    load(key).then(
      (value) => {
        put({ state: 'there', value });
        then(value);
      },
      () => put({ state: 'missing' }),
    );
  }
}

function isKept(ending: RequestSummary['ending']): boolean {
  return ending === 'error' || ending === 'degraded' || ending === 'slow';
}
