import { monitorEventLoopDelay } from 'node:perf_hooks';
import { hasPrometheus } from '@facet/observability';
import { faults, type Fault } from '../alerts/faults.js';
import { SCALE, startSite, type Site } from '../alerts/site.js';
import { Watch } from '../alerts/watch.js';
import { experiment, type Experiment } from '../experiment.js';
import { quantile } from '../load.js';

const promise = 'every alert fires within its window under its fault, ends with it, and is silent without it';

/** The long window of the fast alert, and how much longer a starved machine may take. */
const HOUR_MS = 3_600_000 / SCALE;
const WITHIN_MS = 2 * HOUR_MS;
/** How long everything is well before the first fault. */
const CALM_MS = HOUR_MS / 2;

/**
 * Where clients see a p99 above this in calm, or this process waits so long for the processor, the machine is too busy: slow
 * answers and late scrapes are no false alarm.
 */
const CALM_P99_MS = 150;
const STALL_MS = 250;
const OF_BUSY_MACHINE = /^Facet(?:BudgetBurns|EventLoopBusy|PoolExhausted|RequestsShed|InstanceDown)/;

/** Proves some alerts: under each fault its alerts fire and no others do, and the urgent ones end with the fault. */
export function alertsOf(chosen: readonly Fault[]): Experiment {
  return experiment({ name: 'alerts', promise, ...skippedWithout(hasPrometheus) }, async (cleanup) => {
    const site = await startSite(cleanup);
    const watch = new Watch(site.prometheus);
    const delay = monitorEventLoopDelay();
    delay.enable();
    const from = site.load.replies.length;
    await watch.until(() => false, CALM_MS);
    const calm = site.load.since(from);
    const p99 = quantile(calm, 0.99);
    const isStarved = p99 > CALM_P99_MS;
    const proof: Proof = { site, watch, known: new Set(), seen: [], wrong: [], isStarved, delay };
    proof.seen.push(`${CALM_MS / 1_000} s of calm, ${calm.length} requests, p99 ${Math.round(p99)} ms`);
    if (isStarved) proof.seen.push('the machine is too busy to prove silence');
    refuseOthers('without a fault', proof);
    for (const fault of chosen) await prove(fault, proof);
    const { wrong, seen } = proof;
    return { seen: [...wrong, ...seen].join('; '), held: wrong.length === 0 };
  });
}

const skippedWithout = (isThere: boolean) =>
  isThere ? {} : { skipped: 'prometheus and promtool are not installed' };

interface Proof {
  readonly site: Site;
  readonly watch: Watch;
  /** What earlier faults have set off: alerts of long windows outlast them. */
  readonly known: Set<string>;
  /** Whether it was in calm. */
  readonly isStarved: boolean;
  /** Of this process, since the fault before. */
  readonly delay: ReturnType<typeof monitorEventLoopDelay>;
  readonly seen: string[];
  /** What was not as promised. */
  readonly wrong: string[];
}

/** Makes a fault, waits for its alerts, mends it, and waits until all but the alerts of long windows have ended. */
async function prove(fault: Fault, proof: Proof): Promise<void> {
  const { name, fires, mayFire = [] } = fault;
  const { site, watch, known, seen, wrong } = proof;
  watch.reset();
  const from = performance.now();
  const mend = await fault.begin(site);
  const all = await watch.until((firing) => fires.every((each) => firing.includes(each)), WITHIN_MS);
  const tookMs = performance.now() - from;
  await mend();
  if (all) seen.push(`${name}: ${fires.length} alerts within ${(tookMs / 1_000).toFixed(1)} s`);
  else wrong.push(`${name}: not at once ${fires.filter((each) => !watch.isFiring(each)).join(', ')}`);
  if (!(await watch.until(hasEnded, WITHIN_MS)))
    wrong.push(`${name}: still ${watch.firing.filter((each) => !outlasts(each)).join(', ')}`);
  for (const each of [...fires, ...mayFire]) known.add(each);
  refuseOthers(name, proof);
}

/** Alerts whose windows are hours or days: half an hour of them is 9 s here, six hours 108 s. */
const outlasts = (alert: string): boolean => /^FacetBudgetBurns(?:Slowly)? /.test(alert);
const hasEnded = (firing: readonly string[]): boolean => firing.every(outlasts);

function refuseOthers(name: string, { watch, known, isStarved, delay, wrong }: Proof): void {
  const isBusy = isStarved || delay.max > STALL_MS * 1e6;
  delay.reset();
  const others = watch.seen.filter((each) => !known.has(each));
  const unexpected = isBusy ? others.filter((each) => !OF_BUSY_MACHINE.test(each)) : others;
  for (const each of others) known.add(each);
  if (unexpected.length > 0) wrong.push(`${name}: also ${unexpected.join(', ')}`);
}

export const alerts = alertsOf(faults);
