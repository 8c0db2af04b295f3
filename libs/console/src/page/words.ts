/** Says in words what a record has in codes. */
import type { AttemptRecord, CallRecord, PartRecord, RequestRecord } from '@facet/gateway';
import type { Ending } from '../view.js';
import { count, listed, ms } from './format.js';

const reasons: Readonly<Record<string, string>> = {
  'upstream.timeout': 'did not answer in time',
  'upstream.unavailable': 'could not be reached',
  'upstream.overloaded': 'had too much to do',
  'upstream.bad-reply': 'answered something that its contract does not allow',
  'upstream.no-handler': 'does not know the operation',
  'upstream.error': 'failed',
  'aggregation.timeout': 'did not answer in time',
  'aggregation.cancelled': 'was cancelled, as the client left',
  'aggregation.need-missing': 'was not asked, as a part that it needs is missing',
  'aggregation.defect': 'met a defect of the gateway',
  'request.cancelled': 'was cancelled, as the client left',
};

const policies: Readonly<Record<string, string>> = {
  breaker: 'its breaker is open after many failures',
  bulkhead: 'too many calls of it were under way',
  'no-instance': 'no instance of it is there',
  connect: 'no connection to it could be made',
  connection: 'the connection broke',
  drain: 'it was about to stop',
  'retry-budget': 'enough is being repeated already',
  timeout: 'the time was up',
  contract: 'the contract does not allow it',
  service: 'it said so itself',
};

const attemptCodes: Readonly<Record<string, string>> = {
  ok: 'answered',
  remote: 'answered with an error of its own',
  cancelled: 'cancelled, as it was no longer needed',
  'request.cancelled': 'cancelled, as it was no longer needed',
  'transport.cancelled': 'cancelled, as it was no longer needed',
  unfinished: 'still under way at the end',
  'transport.closed': 'the connection broke',
  'transport.deadline': 'no answer in time',
  'transport.timeout': 'no answer in time',
  'upstream.timeout': 'no answer in time',
  'transport.connect-failed': 'no connection could be made',
  'transport.draining': 'the instance is about to stop',
  'transport.overloaded': 'the instance has too much to do',
  'transport.corrupt-frame': 'the answer could not be read',
  'upstream.bad-reply': 'the answer breaks its contract',
};

/** The code where there are no words for it. */
export function reasonWords(code: string): string {
  return reasons[code] ?? `failed (${code})`;
}

export function attemptWords(code: string): string {
  return attemptCodes[code] ?? code;
}

export const endingWords: Readonly<Record<Ending, string>> = {
  ok: 'Whole',
  slow: 'Slow',
  degraded: 'Partial',
  refused: 'Refused',
  error: 'Failed',
};

export const stateWords: Readonly<Record<PartRecord['state'], string>> = {
  fresh: 'fresh',
  cached: 'cached',
  stale: 'stale',
  default: 'default',
  missing: 'missing',
  skipped: 'not needed',
  unfinished: 'unfinished',
};

/** Why a part's bar is as long as it is. */
export function partWords(part: PartRecord, { calls }: Pick<RequestRecord, 'calls'>): string {
  const { state, service, reason = 'aggregation.need-missing', ageMs = 0 } = part;
  switch (state) {
    case 'skipped':
      return 'There was nothing to ask.';
    case 'cached':
      if (!isAsked(part, calls)) return `From the cache, ${ms(ageMs)} old: no service was asked.`;
      return `In part from the cache, up to ${ms(ageMs)} old; the rest was asked for. ${freshWords(part, calls)}`;
    case 'stale':
      return `From the cache, ${ms(ageMs)} old: older than its contract likes, a new one is on its way.`;
    case 'default':
      return `${service} ${reasonWords(reason)}: the default stands in.`;
    case 'missing':
      return `${service} ${reasonWords(reason)}: the answer goes without it.`;
    case 'unfinished':
      return 'The request ended before it was there.';
    case 'fresh':
      return freshWords(part, calls);
  }
}

function isAsked(part: PartRecord, calls: readonly CallRecord[]): boolean {
  return part.calls.some((index) => (calls[index]?.attempts.length ?? 0) > 0);
}

function freshWords(part: PartRecord, calls: readonly CallRecord[]): string {
  const own = part.calls.flatMap((index) => calls[index] ?? []);
  const words = own.flatMap((call) => callWords(call, part.service));
  return words.length === 0 ? 'Answered.' : `${words.join(' ')}`;
}

/** What was peculiar about a call, else what its service did with the time. */
export function callWords(call: CallRecord, service: string): string[] {
  const words: string[] = [];
  if (call.source === 'joined')
    words.push('Waited for the same call of another request, which was under way.');
  if (call.queueMs >= 0.1) words.push(`Waited ${ms(call.queueMs)} for a place in the bulkhead.`);
  const [first, ...others] = call.attempts;
  for (const { why, startMs } of others) {
    if (first === undefined) continue;
    if (why === 'hedge')
      words.push(`A second instance was asked after ${ms(startMs - first.startMs)}, as the first was late.`);
    else if (why === 'retry') words.push(`Asked again, as ${attemptWords(first.code)}.`);
    else words.push('Sent on to another instance.');
  }
  const server = call.attempts.find(({ code }) => code === 'ok')?.server;
  if (server !== undefined) words.push(serverWords(server, service));
  return words;
}

export function serverWords(
  { handlerMs, queueMs, sql }: NonNullable<AttemptRecord['server']>,
  service: string,
): string {
  const inSql = sql.reduce((sum, each) => sum + each.ms, 0);
  const queries = sql.length === 0 ? '' : `, ${ms(inSql)} of that in ${count(sql.length, 'SQL statement')}`;
  const queued = queueMs >= 1 ? ` after ${ms(queueMs)} in its queue` : '';
  return `${service} worked ${ms(handlerMs)}${queries}${queued}.`;
}

/** The whole request in one to three sentences. */
export function storyOf(record: RequestRecord): string {
  return [endWords(record), lostWords(record), slowWords(record)].filter((each) => each !== '').join(' ');
}

function endWords({ status, durationMs, problem, degraded, kept }: RequestRecord): string {
  if (status === 499) return `The client left after ${ms(durationMs)}.`;
  if (problem !== undefined || status >= 400) {
    const whom = status >= 500 ? 'Failed' : 'Refused';
    return `${whom} with ${status}${problem === undefined ? '' : ` (${problem.code})`} after ${ms(durationMs)}.`;
  }
  if (kept) return `Answered in ${ms(durationMs)} with an answer that was kept whole: no service was asked.`;
  if (degraded.length === 0) return `Answered in full in ${ms(durationMs)}.`;
  return `Answered in ${ms(durationMs)}, without ${listed(degraded)}.`;
}

function lostWords({ parts, problem }: RequestRecord): string {
  if (problem !== undefined) {
    const { service, code, policy, cause } = problem;
    if (service === undefined) return cause === undefined ? '' : `${cause}.`;
    const because = policy === undefined ? '' : `: ${policies[policy] ?? policy}`;
    return reasons[code] === undefined ? '' : `${service} ${reasonWords(code)}${because}.`;
  }
  const lost = parts.filter(({ state }) => state === 'default' || state === 'missing');
  const services = [...new Set(lost.map(({ service, reason = '' }) => `${service} ${reasonWords(reason)}`))];
  return services.length === 0 ? '' : `${capital(listed(services))}.`;
}

/** What most of the time went to. */
function slowWords({ parts, calls, durationMs, status, responseHeaders }: RequestRecord): string {
  if (status >= 400) return '';
  if (parts.length + calls.length === 0) {
    const isKept = responseHeaders['server-timing']?.includes('desc="cached"');
    return isKept ? 'The whole answer was kept from an earlier request: no service was asked.' : '';
  }
  const critical = parts
    .filter((part) => part.critical)
    .toSorted((one, other) => one.startMs - other.startMs);
  if (critical.length > 0) {
    const spent = critical.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    const share = Math.min(100, Math.round((spent / durationMs) * 100));
    return share < 20 ? '' : `${share}% of the time went to ${critical.map(({ name }) => name).join(' → ')}.`;
  }
  const [call] = calls;
  return parts.length > 0 || call === undefined ? '' : callWords(call, call.service).join(' ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const decisions: Readonly<Record<string, string>> = {
  ejected: 'ejected after failures in a row',
  unejected: 'back after its ejection',
  'breaker-open': 'breaker opened',
  'breaker-half-open': 'breaker lets a trial through',
  'breaker-closed': 'breaker closed',
  panic: 'too few healthy instances: all are tried',
  'panic-over': 'enough instances are healthy again',
  connected: 'connected',
  'connect-failed': 'cannot be connected to',
  disconnected: 'connection lost',
  draining: 'about to stop: gets no new requests',
  'probe-failed': 'does not answer probes',
  'probe-recovered': 'answers probes again',
  'pattern-unknown': 'does not know an operation',
  'instance-added': 'instance found',
  'instance-removed': 'instance gone',
  'discovery-failed': 'instances cannot be looked up',
};

export function decisionWords(kind: string): string {
  return decisions[kind] ?? kind;
}
