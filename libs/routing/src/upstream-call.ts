import {
  RawJson,
  type Answer,
  type AttemptReason,
  type CallRequest,
  type Priority,
  type Selection,
  type SentCall,
} from '@facet/contracts';
import { Fault, newSpanId, withSpan } from '@facet/platform';
import { AnswerRefused } from '@facet/reader';
import { TransportError, type OutgoingCall } from '@facet/transport';
import { Attempt, type AttemptOwner, type Endpoint } from './attempt.js';
import { fullJitter } from './back-off.js';
import type { CallSetup, Waiting } from './call-setup.js';
import { CollectingAttempt } from './collecting-attempt.js';
import {
  isFreeToRepeat,
  isNotServed,
  isRedirect,
  leftError,
  mayRepeat,
  outcomeOf,
  requestOutcome,
  retryAfterMsOf,
  type Failure,
} from './classify.js';
import { asBadReply, fault, toFault, withCauses } from './faults.js';
import type { Breaker, Pass, RequestOutcome } from './policies/breaker.js';
import type { Admissible } from './policies/bulkhead.js';
import { lateAfterMs } from './policies/hedge.js';
import type { RetryOptions } from './policies/retry.js';
import type { Watched } from './ticker.js';
import { wireFailures } from './wire-failures.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Stage = 'new' | 'queued' | 'waiting' | 'sent' | 'pausing' | 'over';

const NOBODY: readonly Endpoint[] = [];
const NO_ATTEMPTS: readonly Attempt[] = [];

/**
 * One call to a service, from its start to its end, with every request that it makes. The methods stand in the order in
 * which a call comes through them, and the policies in the order in which they act:
 *
 * 1. deadline: what is late is not sent, and takes no place in a queue.
 * 2. bulkhead: before whatever costs the service anything; a call keeps its place while it repeats, or repetitions would
 *    get round the bound.
 * 3. retry: around the breaker, which counts each request of a call.
 * 4. breaker: around the hedge; a request and its hedge are one question with one answer.
 * 5. hedge: the same request at another instance, so that it stands right before the instance is picked.
 *
 * Where nothing fails and nothing is late a call makes no promise and no timer.
 */
export class UpstreamCall implements AttemptOwner, Admissible, Waiting, Watched, SentCall {
  dueAt = Infinity;
  isWatched = false;
  readonly priority: Priority;
  startedAt = 0;
  admittedAt = 0;
  endedAt = 0;
  code = '';
  attempts = NO_ATTEMPTS;
  #stage: Stage = 'new';
  #deadline: number;
  #isAdmitted = false;
  /** Requests one after the other; a hedge is none of its own. */
  #requests = 0;
  #requestedAt = 0;
  #pass: Pass | undefined;
  #first: Attempt | undefined;
  #hedge: Attempt | undefined;
  /** All of them, and where those of the request that is under way begin. */
  #failures: Failure[] | undefined;
  #failuresBefore = 0;
  #pauseMs = 0;
  #isLost = false;
  #stopPause: (() => void) | undefined;

  constructor(private readonly setup: CallSetup) {
    this.#deadline = setup.deadline;
    this.priority = setup.context.priority ?? 'normal';
  }

  get isOver(): boolean {
    return this.#stage === 'over';
  }

  get request(): CallRequest {
    return this.setup.request;
  }

  get #tried(): readonly Endpoint[] {
    return this.attempts === NO_ATTEMPTS ? NOBODY : this.attempts.map(({ instance }) => instance);
  }

  start(now: number): void {
    const { maxCallMs, bulkhead, service } = this.setup.policies;
    this.startedAt = now;
    this.setup.context.calls?.push(this);
    if (this.#deadline <= now)
      return this.#miss(fault('upstream.timeout', { service, policy: 'timeout' }), now);
    this.#deadline = Math.min(this.#deadline, now + maxCallMs);
    if (bulkhead === undefined) return this.admitted(now);
    const place = bulkhead.enter(this, now);
    if (place === 'running') return this.admitted(now);
    if (place === 'refused') return this.crowdedOut(now);
    this.#stage = 'queued';
    this.#watchUntil(this.#deadline);
  }

  crowdedOut(now: number): void {
    const { service, emit, bulkhead } = this.setup.policies;
    const { running = 0, queued = 0, retryAfterMs = 0 } = bulkhead ?? {};
    emit['bulkhead-refused']?.({ service, operation: this.#pattern, running, queued });
    this.#miss(fault('upstream.overloaded', { service, policy: 'bulkhead', retryAfterMs }), now);
  }

  admitted(now: number): void {
    this.admittedAt = now;
    this.#isAdmitted = true;
    this.setup.policies.budget.earn(now);
    this.#request(now);
  }

  #request(now: number): void {
    const { breaker } = this.setup.state;
    this.#requests += 1;
    this.#requestedAt = now;
    this.#failuresBefore = this.#failures?.length ?? 0;
    this.#first = this.#hedge = undefined;
    this.#pass = breaker === undefined ? 'normal' : breaker.enter(now);
    if (this.#pass !== undefined) return this.#send(now);
    const { service } = this.setup.policies;
    const retryAfterMs = Math.ceil((breaker as Breaker).retryAfterMs(now));
    this.#miss(fault('upstream.unavailable', { service, policy: 'breaker', retryAfterMs }), now);
  }

  #send(now: number): void {
    const { instances, service } = this.setup.policies;
    const instance = instances.pick(this.#pattern, this.#tried, now);
    if (instance === 'none') return this.#wait(now);
    if (instance === 'no-handler') {
      return this.#requestFailed(fault('upstream.no-handler', { service, policy: 'contract' }), now);
    }
    this.#stage = 'sent';
    this.#first = this.#attempt(instance, this.#reason(), now);
    if (!this.#first.isOver) this.#hedgeLater(now);
  }

  /** There is no instance: another may come, or the last one come back. */
  #wait(now: number): void {
    const { instances, service } = this.setup.policies;
    const until = Math.min(this.#deadline, instances.graceEndsAt);
    if (until > now) {
      this.#stage = 'waiting';
      instances.wait(this);
      return this.#watchUntil(until);
    }
    const retryAfterMs = instances.retryAfterMs(now);
    this.#requestFailed(fault('upstream.unavailable', { service, policy: 'no-instance', retryAfterMs }), now);
  }

  woken(now: number): void {
    this.setup.policies.instances.stopWaiting(this);
    this.#send(now);
  }

  #reason(): AttemptReason {
    if (this.#requests === 1) return 'first';
    return isRedirect(this.#failures?.at(-1)?.error) ? 'redirect' : 'retry';
  }

  #attempt(instance: Endpoint, why: AttemptReason, now: number): Attempt {
    const { collecting } = this.setup.state;
    const attempt =
      collecting === undefined
        ? new Attempt(this, instance, now)
        : new CollectingAttempt(this, instance, now, collecting);
    attempt.why = why;
    this.attempts = this.attempts === NO_ATTEMPTS ? [attempt] : [...this.attempts, attempt];
    const channel = instance.connection()?.channel;
    try {
      if (channel === undefined) {
        throw new TransportError('transport.closed', `${instance.address} is not connected`);
      }
      attempt.send(channel, this.#outgoing(attempt, now));
      instance.started(now);
    } catch (error) {
      attempt.isOver = true;
      instance.started(now);
      // Later, when the request knows of this attempt.
      queueMicrotask(() => this.missed(attempt, error));
    }
    return attempt;
  }

  #outgoing(attempt: Attempt, now: number): OutgoingCall {
    const { input, context, reader, selection, state } = this.setup;
    const timeoutMs = this.#deadline - now;
    const call: Mutable<OutgoingCall> = { ...context, pattern: state.message, data: input, timeoutMs };
    if (context.spans === true && context.traceparent !== undefined) {
      attempt.spanId = newSpanId();
      call.traceparent = withSpan(context.traceparent, attempt.spanId);
    }
    if (reader.asks !== undefined) call.fields = reader.asks;
    if (selection.first !== undefined) call.first = selection.first;
    this.setup.policies.callers?.apply(call, context.identity);
    return call;
  }

  /** What may be hedged is looked at when it is late; with one instance nothing ever is. */
  #hedgeLater(now: number): void {
    const { hedge, instances } = this.setup.policies;
    const { operation, latency } = this.setup.state;
    if (hedge === undefined || operation.kind !== 'query' || !instances.hasSeveral) return;
    this.#pauseMs = lateAfterMs(hedge, latency, this.#deadline - now);
    this.#isLost = false;
    if (now + this.#pauseMs < this.#deadline) this.#watchUntil(now + this.#pauseMs);
  }

  due(now: number): void {
    this.dueAt = Infinity;
    const { service } = this.setup.policies;
    if (this.#stage === 'queued') {
      this.setup.policies.bulkhead?.withdraw(this);
      this.#miss(fault('upstream.timeout', { service, policy: 'bulkhead' }), now);
    } else if (this.#stage === 'waiting') {
      this.setup.policies.instances.stopWaiting(this);
      this.#send(now);
    } else if (this.#stage === 'sent') {
      this.#hedgeNow(now);
    }
  }

  /**
   * Where the budget is spent, a call that goes on being late asks again: others earn meanwhile, and it is by then as
   * good as lost, so that it may use the part that is kept for repetitions.
   */
  #hedgeNow(now: number): void {
    const { service, instances, budget, emit, hedge } = this.setup.policies;
    const operation = this.#pattern;
    if (hedge === undefined || !instances.hasOther(operation, this.#tried, now)) return;
    if (this.#isLost ? budget.spend(now) : budget.spendOnHedge(now)) {
      const other = instances.pick(operation, this.#tried, now);
      if (typeof other === 'string') return;
      emit.hedge?.({ service, operation, afterMs: now - this.#requestedAt });
      this.#hedge = this.#attempt(other, 'hedge', now);
      return;
    }
    emit['budget-spent']?.({ service, operation, wanted: 'hedge' });
    this.#isLost = true;
    this.#pauseMs = Math.min(2 * this.#pauseMs, (this.#deadline - now) / 2);
    if (this.#pauseMs >= hedge.minDelayMs) this.#watchUntil(now + this.#pauseMs);
  }

  read(bytes: Buffer, start: number, end: number): unknown {
    const { reader, selection } = this.setup;
    if (start === end) return nothingOf(selection);
    const value = reader.read(bytes, start, end);
    return selection.opaque ? new RawJson(value as string) : value;
  }

  arrived(attempt: Attempt, value: unknown, ageMs = 0): void {
    if (this.isOver) return;
    const { clock, emit, service } = this.setup.policies;
    const now = clock.now();
    attempt.endedAt = now;
    attempt.code = 'ok';
    attempt.instance.answered(now, now - attempt.startedAt);
    this.#attempted(attempt, now);
    if (attempt === this.#hedge) {
      emit['hedge-won']?.({ service, operation: this.#pattern, tookMs: now - this.#requestedAt });
    }
    this.#cancelAttempts(now);
    this.#record('ok', now);
    this.setup.state.latency.observe(now - this.#requestedAt);
    this.#leave('ok', now);
    this.#hand(value, ageMs);
  }

  #hand(value: unknown, ageMs: number): void {
    const { selection, handler } = this.setup;
    const answer: Mutable<Answer<unknown>> = { value, source: ageMs > 0 ? 'cached' : 'fresh', ageMs };
    if (selection.fields !== undefined) answer.fields = selection.fields;
    if (selection.first !== undefined) answer.first = selection.first;
    try {
      handler.arrived(answer);
    } catch (error) {
      warnOf(error);
    }
  }

  missed(attempt: Attempt, reason: unknown): void {
    const { clock, service } = this.setup.policies;
    const now = clock.now();
    const error = asBadReply(reason, service);
    this.#noteMiss(attempt, error, now);
    if (this.isOver) return;
    (this.#failures ??= []).push({ error, instance: attempt.instance });
    const isOneLeft = this.#first?.isOver === false || this.#hedge?.isOver === false;
    if (!isOneLeft) this.#requestFailed(this.#failures[this.#failuresBefore]?.error, now);
  }

  /** All that was sent for a request has failed, with `error` first. */
  #requestFailed(error: unknown, now: number): void {
    this.dueAt = Infinity;
    this.#record(this.#outcome(now), now);
    const { service, retry, budget, emit, instances } = this.setup.policies;
    const { operation } = this.setup.state;
    if (retry === undefined || this.#requests >= retry.maxAttempts || !mayRepeat(error, operation)) {
      return this.#miss(error, now);
    }
    if (isNotServed(error) && !instances.hasOther(operation.pattern, this.#tried, now)) {
      return this.#miss(error, now);
    }
    const delayMs = this.#backOff(retry, error, now);
    if (now + delayMs >= this.#deadline) return this.#miss(error, now);
    if (!isFreeToRepeat(error) && !budget.spend(now)) return this.#overBudget(error, now);
    const attempt = this.#requests + 1;
    emit.retry?.({ service, operation: operation.pattern, attempt, code: outcomeOf(error), delayMs });
    this.#repeatAfter(delayMs);
  }

  /** Nothing, where another instance is there to be asked at once; never less than the service asked for. */
  #backOff(retry: RetryOptions, error: unknown, now: number): number {
    const { instances, random } = this.setup.policies;
    const isFree = this.#requests === 1 && instances.hasOther(this.#pattern, this.#tried, now);
    if (isFree) return 0;
    return Math.max(fullJitter(this.#requests - 1, retry, random), retryAfterMsOf(error));
  }

  /** Never within the event that brought the failure: a connection that breaks is still among those that are ready. */
  #repeatAfter(delayMs: number): void {
    const { clock } = this.setup.policies;
    this.#stage = 'pausing';
    const repeat = () => {
      this.#stopPause = undefined;
      if (this.#stage === 'pausing') this.#request(clock.now());
    };
    if (delayMs === 0) queueMicrotask(repeat);
    else this.#stopPause = clock.after(delayMs, repeat);
  }

  /** The failure as it was, and that it was not repeated because too much is being repeated already. */
  #overBudget(error: unknown, now: number): void {
    const { service, emit } = this.setup.policies;
    emit['budget-spent']?.({ service, operation: this.#pattern, wanted: 'retry' });
    const known = toFault(error, service);
    if (!(known instanceof Fault)) return this.#miss(error, now);
    const { code, status, message, retryAfterMs = 1_000 } = known;
    const options = { service, policy: 'retry-budget', retryAfterMs, cause: error };
    this.#miss(new Fault(code, status, message, options), now);
  }

  /** Ends the call, as nobody waits for it. One that is ended at its deadline is late, and not cancelled. */
  cancel(): void {
    if (this.isOver) return;
    const { clock, bulkhead, instances } = this.setup.policies;
    const now = clock.now();
    if (this.#stage === 'queued') bulkhead?.withdraw(this);
    if (this.#stage === 'waiting') instances.stopWaiting(this);
    this.#stopPause?.();
    this.#cancelAttempts(now);
    this.#record(this.#outcome(now), now);
    this.#leave(wireFailures[leftError(this.#deadline, now).code].code, now);
  }

  #miss(error: unknown, now: number): void {
    const { service } = this.setup.policies;
    const causes = (this.#failures ?? []).map((each) => each.error);
    const known = withCauses(toFault(error, service), causes);
    this.#leave(known instanceof Fault ? known.code : 'defect', now);
    try {
      this.setup.handler.missed(known);
    } catch (thrown) {
      warnOf(thrown);
    }
  }

  #leave(code: string, now: number): void {
    const { service, emit, bulkhead } = this.setup.policies;
    this.#stage = 'over';
    this.endedAt = now;
    this.code = code;
    if (this.#isAdmitted) bulkhead?.leave(now - this.admittedAt, now);
    this.setup.state.meter?.call(code, now - this.startedAt);
    if (!emit.call) return;
    const { kind, pattern: operation } = this.setup.state.operation;
    emit.call({ service, operation, kind, tookMs: now - this.startedAt, code });
  }

  /** Ends what is still under way: the loser of a hedge, or everything where nobody waits. */
  #cancelAttempts(now: number): void {
    if (this.#first !== undefined) this.#cancelAttempt(this.#first, now);
    if (this.#hedge !== undefined) this.#cancelAttempt(this.#hedge, now);
  }

  #cancelAttempt(attempt: Attempt, now: number): void {
    if (attempt.isOver) return;
    attempt.cancel();
    const error = leftError(this.#deadline, now);
    this.#noteMiss(attempt, error, now);
    (this.#failures ??= []).push({ error, instance: attempt.instance });
  }

  #noteMiss(attempt: Attempt, error: unknown, now: number): void {
    const { startedAt, instance } = attempt;
    attempt.endedAt = now;
    attempt.code = outcomeOf(error);
    instance.missed({ operation: this.#pattern, error, startedAt }, now);
    this.#attempted(attempt, now);
  }

  #outcome(now: number): RequestOutcome {
    return requestOutcome(this.#failures?.slice(this.#failuresBefore) ?? [], now);
  }

  #record(outcome: RequestOutcome, now: number): void {
    if (this.#pass !== undefined) this.setup.state.breaker?.record(this.#pass, outcome, now);
    this.#pass = undefined;
  }

  #watchUntil(time: number): void {
    this.dueAt = time;
    this.setup.policies.ticker.watch(this);
  }

  #attempted({ instance, why, startedAt, code }: Attempt, now: number): void {
    const { service, emit } = this.setup.policies;
    this.setup.state.meter?.attempt(why, code);
    if (!emit.attempt) return;
    const tookMs = now - startedAt;
    emit.attempt({ service, operation: this.#pattern, instance: instance.address, tookMs, code });
  }

  get #pattern(): string {
    return this.setup.state.operation.pattern;
  }
}

/** A handler that throws is a defect of its own, and no reason to close a connection. */
function warnOf(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** No answer at all is an answer where the contract allows none; passed on it is `null`. */
function nothingOf({ operation, opaque }: Selection): unknown {
  if (!operation.output.safeParse(undefined).success) {
    throw new AnswerRefused(operation.pattern, '', 'no_answer');
  }
  return opaque ? new RawJson('null') : undefined;
}
