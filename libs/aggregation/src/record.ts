import { factsOf } from '@facet/contracts';
import { EachCall } from './each-call.js';
import { aggregationCodes } from './errors.js';
import type { PartCall } from './part-call.js';
import type { PlannedPart } from './plan.js';
import { isDegraded, type CallReport, type Degraded, type PartReport, type PartStatus } from './report.js';
import type { Run, State } from './run.js';

/** How an answer was made, or was on its way when it failed. No values. */
export interface RunRecord {
  readonly aggregation: string;
  readonly deadlineMs: number;
  /** Milliseconds on the run's clock. */
  readonly startedAt: number;
  /** In the order of their declaration. */
  readonly parts: readonly PartRecord[];
  /** The calls that were really made, each for one part or more, in the order of their start. */
  readonly calls: readonly CallReport[];
}

export interface PartRecord extends Omit<PartReport, 'status'> {
  /** `unfinished` where the run ended before the part did. */
  readonly status: PartStatus | 'unfinished';
  /** The names of the parts that its input is made from. */
  readonly needs: readonly string[];
  /** Whether the answer would have come earlier if this part had. */
  readonly isCritical: boolean;
}

/** The record of a run, read from its arrays; of one that is not over, as far as it has come. */
export function recordOf(run: Run): RunRecord {
  const { plan, startedAt } = run;
  const { name: aggregation, deadlineMs } = plan.aggregation;
  const critical = criticalPath(run);
  const parts = plan.parts.map((planned) => partOf(run, planned, critical));
  return { aggregation, deadlineMs, startedAt, parts, calls: callsOf(run) };
}

function partOf(run: Run, planned: PlannedPart, critical: ReadonlySet<number>): PartRecord {
  const { parts } = run.plan;
  const report = reportOf(run, planned);
  const needs = planned.needs.map((need) => parts[need]?.part.name ?? '');
  const isCritical = critical.has(planned.index);
  if (run.states[planned.index] !== 'waiting') return { ...report, needs, isCritical };
  const isBegun = run.begunAt[planned.index] !== 0;
  const times = isBegun
    ? { tookMs: run.now() - run.startedAt - report.startedMs }
    : { startedMs: 0, tookMs: 0 };
  return { ...report, ...times, status: 'unfinished', needs, isCritical };
}

/** The part that ended last of those that the answer waited for, the need that it waited for longest, and so on. */
function criticalPath({ plan, begunAt, endedAt, states }: Run): ReadonlySet<number> {
  const endOf = (index: number): number => {
    if (states[index] !== 'waiting') return endedAt[index] ?? 0;
    return begunAt[index] === 0 ? -1 : Infinity;
  };
  const latest = (among: readonly number[]): number | undefined =>
    among.reduce<number | undefined>(
      (found, each) => (found === undefined || endOf(each) > endOf(found) ? each : found),
      undefined,
    );
  const path = new Set<number>();
  let at = latest(plan.firsts.length > 0 ? plan.firsts : plan.parts.map(({ index }) => index));
  while (at !== undefined && endOf(at) >= 0) {
    path.add(at);
    at = latest(plan.parts[at]?.needs ?? []);
  }
  return path;
}

function callsOf(run: Run): CallReport[] {
  const direct = run.plan.parts.filter(
    ({ index, lane }) => lane === 'direct' && run.calls[index] !== undefined,
  );
  return [...direct.flatMap((planned) => ownCallsOf(run, planned)), ...run.sharedCalls].sort(
    (one, other) => one.startedAt - other.startedAt,
  );
}

/** The report of one part of a run. */
export function reportOf(run: Run, { index, part }: PlannedPart): PartReport {
  const { states, begunAt, endedAt, startedAt, ages, errors } = run;
  const { name, kind, operation } = part;
  const status = states[index] as PartStatus;
  const begun = begunAt[index] ?? 0;
  const error = errors[index];
  return {
    part: name,
    kind,
    service: operation.service,
    operation: operation.name,
    startedMs: begun - startedAt,
    tookMs: (endedAt[index] ?? 0) - begun,
    status,
    ...(hasAnswer(status) ? { ageMs: ages[index] ?? 0 } : undefined),
    ...(isDegraded(status) ? { reason: reasonOf(error) } : undefined),
    ...(error === undefined ? undefined : { error }),
  };
}

/** The calls that a part had for itself: one, or one for each item of a list. */
function ownCallsOf(run: Run, planned: PlannedPart): readonly CallReport[] {
  const call = run.calls[planned.index];
  return call instanceof EachCall ? call.reports : [callOf(run, planned)];
}

/** A call that a part had for itself. */
function callOf({ states, begunAt, endedAt, calls }: Run, { index, part }: PlannedPart): CallReport {
  const { service, name } = part.operation;
  const state = states[index];
  const request = calls[index] as PartCall;
  const call = { request, service, operation: name, parts: [part.name], startedAt: begunAt[index] ?? 0 };
  if (hasAnswer(state)) return { ...call, endedAt: endedAt[index] ?? 0, source: state };
  return request.isLate || state === 'waiting' ? call : { ...call, endedAt: endedAt[index] ?? 0 };
}

export function hasAnswer(state: State | undefined): state is 'fresh' | 'cached' | 'stale' {
  return state === 'fresh' || state === 'cached' || state === 'stale';
}

/** The parts that a run has to do without, and why. */
export function degradedIn({ plan, states, errors, calls }: Run, parts = plan.parts): readonly Degraded[] {
  return parts
    .filter(({ index }) => isDegraded(states[index]))
    .flatMap(({ index, part: { name: part } }) => {
      const call = calls[index];
      return call instanceof EachCall
        ? itemsWithout(part, call)
        : [{ part, reason: reasonOf(errors[index]) }];
    });
}

/** The items of a part that have no value, by their places in its list. */
function itemsWithout(part: string, { failures }: EachCall): Degraded[] {
  return [...failures]
    .sort(([one], [other]) => one - other)
    .map(([item, error]) => ({ part: `${part}[${item}]`, reason: reasonOf(error) }));
}

/** Why a part is missing: the code of its error. */
export function reasonOf(error: unknown): string {
  return error === undefined ? aggregationCodes.needMissing : factsOf(error).code;
}
