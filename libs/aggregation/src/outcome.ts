import { toJson } from '@facet/contracts';
import { cacheControl, freshnessOf, incomplete, type Freshness } from './freshness.js';
import type { PlannedPart } from './plan.js';
import { hasAnswer, reasonOf, degradedIn, recordOf, reportOf, type RunRecord } from './record.js';
import { isDegraded, type Degraded, type Outdated, type PartReport, type PartStatus } from './report.js';
import type { Run } from './run.js';

/** What an outcome is of: the whole answer, or all of it but the deferred parts. */
export type Scope = 'all' | 'first';

/** An answer, and how it was made. All of it is read from the run's arrays, when it is asked for. */
export class Outcome<T> {
  /** Milliseconds on the run's clock. */
  readonly startedAt: number;
  readonly tookMs: number;
  readonly #parts: readonly PlannedPart[];
  #value: T | undefined;
  readonly #json: string | undefined;

  /** `shape` makes the value. It is run at once, unless a template has the answer's JSON. Throws what it throws. */
  constructor(
    private readonly run: Run,
    private readonly shape: () => T,
    private readonly scope: Scope,
  ) {
    const { plan, values, states, startedAt } = run;
    this.#parts = scope === 'all' ? plan.parts : plan.parts.filter(({ isDeferred }) => !isDeferred);
    this.startedAt = startedAt;
    this.tookMs = run.now() - startedAt;
    this.#json = plan.templates.fill(values, (index) => hasAnswer(states[index]));
    if (this.#json === undefined) this.#value = shape();
  }

  /** The aggregation's name. */
  get aggregation(): string {
    return this.run.plan.aggregation.name;
  }

  get deadlineMs(): number {
    return this.run.plan.aggregation.deadlineMs;
  }

  get value(): T {
    return (this.#value ??= this.shape());
  }

  /** The answer as JSON, with `meta` as its last field where there is one. */
  toJson(meta?: object): string {
    if (meta !== undefined) return toJson({ ...this.value, meta });
    return this.#json ?? toJson(this.value);
  }

  /** In the order of their declaration. */
  get parts(): readonly PartReport[] {
    return this.#parts.map((planned) => reportOf(this.run, planned));
  }

  /** Whether nothing is missing or too old: the answer has nothing to say of itself. */
  get isComplete(): boolean {
    return this.#parts.every(({ index }) => {
      const state = this.run.states[index];
      return state !== 'stale' && !isDegraded(state);
    });
  }

  get degraded(): readonly Degraded[] {
    return degradedIn(this.run, this.#parts);
  }

  get outdated(): readonly Outdated[] {
    const { states, ages } = this.run;
    return this.#parts
      .filter(({ index }) => states[index] === 'stale')
      .flatMap(({ index, part }) => {
        const { ttlMs, staleWhileRevalidateMs = 0 } = part.operation.freshness ?? { ttlMs: Infinity };
        const age = ages[index] ?? 0;
        if (age < ttlMs + staleWhileRevalidateMs) return [];
        return [{ part: part.name, ageSeconds: Math.floor(age / 1_000) }];
      });
  }

  get freshness(): Freshness {
    const { plan, states, ages, readsCaller } = this.run;
    if ((this.scope === 'first' && plan.hasDeferred) || this.degraded.length > 0) return incomplete;
    const asked = this.#parts
      .filter(({ index }) => states[index] !== 'skipped')
      .map(({ index, part }) => ({ freshness: part.operation.freshness, ageMs: ages[index] ?? 0 }));
    return freshnessOf(asked, readsCaller);
  }

  /** The value of `Cache-Control`. */
  get cacheControl(): string {
    const { plan, states, readsCaller } = this.run;
    const isFresh = this.scope === 'all' && states.every((state) => state === 'fresh');
    if (!isFresh) return cacheControl(this.freshness);
    return plan.freshCacheControl[readsCaller ? 'private' : 'public'];
  }

  /** `Server-Timing` (W3C): each part by name with its time and status, then the total. */
  get serverTiming(): string {
    const { states, begunAt, endedAt, errors } = this.run;
    let text = '';
    for (const { index, timing } of this.#parts) {
      const state = states[index] as PartStatus;
      const tookMs = (endedAt[index] ?? 0) - (begunAt[index] ?? 0);
      const description = isDegraded(state) ? quoted(`${state}: ${reasonOf(errors[index])}`) : `"${state}"`;
      text += `${timing}${rounded(tookMs)};desc=${description}, `;
    }
    return `${text}total;dur=${rounded(this.tookMs)}`;
  }

  /** Parts and calls with their times: how the answer was made. */
  get record(): RunRecord {
    return recordOf(this.run);
  }
}

/** Milliseconds to a tenth. */
export function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** A quoted-string (RFC 9110, 5.6.4). A code comes from a service, so nothing is taken for granted. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
}
