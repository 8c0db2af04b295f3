import type { AnswerHandler, CallRequest, Clock, Operation, Selection } from '@facet/contracts';
import type { AnswerReader } from '@facet/reader';
import type { OutgoingCall } from '@facet/transport';
import type { Endpoint } from './attempt.js';
import type { Collecting } from './collecting-attempt.js';
import type { CallerMapper } from './caller-mapping.js';
import type { CallContext } from './context.js';
import type { Emit } from './events.js';
import type { RecentQuantile } from './instances/latency.js';
import type { OperationMeter } from './meter.js';
import type { Breaker } from './policies/breaker.js';
import type { Budget } from './policies/budget.js';
import type { Bulkhead } from './policies/bulkhead.js';
import type { HedgeOptions } from './policies/hedge.js';
import type { RetryOptions } from './policies/retry.js';
import type { Ticker } from './ticker.js';

/** What a call needs of a service's instances. */
export interface Endpoints {
  /** Whether there is more than one to send to at this moment. */
  readonly hasSeveral: boolean;
  /** Until when calls wait for an instance where there is none. */
  readonly graceEndsAt: number;
  /** One to send to, not of `tried` if it can be helped; `none` at this moment, or `no-handler` where none knows the operation. */
  pick(operation: string, tried: readonly Endpoint[], now: number): Endpoint | 'none' | 'no-handler';
  /** Whether there is one that is not of `tried` and knows the operation. */
  hasOther(operation: string, tried: readonly Endpoint[], now: number): boolean;
  /** The call is woken whenever there may be an instance. */
  wait(call: Waiting): void;
  stopWaiting(call: Waiting): void;
  /** For how long nobody need come back, where there is none, in ms. */
  retryAfterMs(now: number): number;
}

/** A call that waits for an instance. */
export interface Waiting {
  woken(now: number): void;
}

/** What all calls to one service share. */
export interface Policies {
  readonly service: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: Emit;
  readonly ticker: Ticker;
  readonly instances: Endpoints;
  readonly budget: Budget;
  readonly bulkhead: Bulkhead | undefined;
  readonly retry: RetryOptions | undefined;
  readonly hedge: HedgeOptions | undefined;
  readonly maxCallMs: number;
  /** Says who calls, in the way of the service. */
  readonly callers?: CallerMapper | undefined;
}

/** What all calls for one operation share: what fails or is slow is an operation, and not its whole service. */
export interface OperationState {
  /** Its input's schema is compiled. */
  readonly operation: Operation;
  /** How its service is asked for it. */
  readonly message: OutgoingCall['pattern'];
  /** Which of several values are the answer, where that is not the first. */
  readonly collecting: Collecting | undefined;
  readonly breaker: Breaker | undefined;
  readonly latency: RecentQuantile;
  readonly meter?: OperationMeter | undefined;
}

/** One call as it was asked for. */
export interface CallSetup {
  readonly policies: Policies;
  readonly state: OperationState;
  readonly reader: Pick<AnswerReader, 'read' | 'asks'>;
  readonly selection: Selection;
  readonly request: CallRequest;
  /** Checked against the operation's input. */
  readonly input: unknown;
  readonly context: CallContext;
  readonly deadline: number;
  readonly handler: AnswerHandler;
}
