/** What the page is sent, as JSON. Times are milliseconds. */
import type { FaultKind } from '@facet/aggregation';
import type { PartState, RequestRecord } from '@facet/gateway';

/**
 * How a request ended. `error`: the gateway or a service failed (5xx). `degraded`: answered without a part. `slow`: whole, but late.
 * `refused`: a fault of the client's, or it left (4xx).
 */
export type Ending = 'ok' | 'slow' | 'degraded' | 'refused' | 'error';

/** Those that are kept apart, so that they do not scroll away. */
export const keptEndings: readonly Ending[] = ['error', 'degraded', 'slow'];

/** One request, as a list shows it. */
export interface RequestSummary extends Pick<
  RequestRecord,
  'id' | 'traceId' | 'at' | 'durationMs' | 'method' | 'route' | 'path' | 'status'
> {
  readonly ending: Ending;
  /** The code of what went wrong: of the problem, else of the first part that is missing. */
  readonly reason?: string;
  /** A probe, or a file that is served as it is. */
  readonly isBackground?: true;
  readonly parts: readonly PartMark[];
}

/** A part in small: its name, what became of it, and where it lies in time. */
export interface PartMark {
  readonly name: string;
  readonly state: PartState;
  readonly startMs: number;
  readonly endMs: number;
}

/** One request with all that is known of it. */
export interface RequestDetail {
  readonly summary: RequestSummary;
  readonly record: RequestRecord;
  /** Whether it was recorded before the gateway was started again. */
  readonly isEarlier?: true;
}

/** A route, for filters, plans and what if. */
export interface RouteView {
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly plan?: PlanView;
}

export interface PlanView {
  readonly name: string;
  readonly deadlineMs: number;
  readonly parts: readonly PlanPart[];
}

export interface PlanPart {
  readonly name: string;
  readonly kind: 'required' | 'optional' | 'deferred';
  readonly service: string;
  readonly operation: string;
  readonly needs: readonly string[];
  readonly hasDefault: boolean;
  readonly timeoutMs?: number;
}

export interface Traffic {
  /** A second, over the last ten seconds. */
  readonly rate: number;
  /** The share of failures, 0 to 1. */
  readonly errors: number;
  /** The mean; absent where nothing was asked. */
  readonly meanMs?: number;
}

export interface ServiceView extends Traffic {
  readonly name: string;
  readonly health: 'up' | 'degraded' | 'down' | 'starting';
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** Calls that wait for a place in the bulkhead. */
  readonly queued: number;
  readonly instances: readonly InstanceView[];
}

export interface InstanceView extends Traffic {
  readonly address: string;
  readonly state: 'connecting' | 'refused' | 'ready' | 'ejected' | 'unhealthy';
  readonly pending: number;
  readonly connections: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Whether it speaks more than Nest's protocol. */
  readonly isOurs?: boolean;
}

/** A decision of the gateway about a service: an ejection, a breaker that opened. */
export interface Decision {
  readonly at: number;
  readonly kind: string;
  readonly service: string;
  readonly instance?: string;
  readonly operation?: string;
}

/** The first event of a stream: what there is so far. */
export interface Hello {
  readonly gateway: string;
  readonly isProduction: boolean;
  readonly now: number;
  readonly routes: readonly RouteView[];
  /** Oldest first. */
  readonly recent: readonly RequestSummary[];
  readonly kept: readonly RequestSummary[];
  readonly state: LiveState;
}

/** New requests, at most ten times a second. */
export interface LiveUpdate {
  readonly requests: readonly RequestSummary[];
  /** How many more there were than are sent. */
  readonly more: number;
}

/** Once a second. */
export interface LiveState extends Traffic {
  readonly at: number;
  /** The share of degraded answers, 0 to 1. */
  readonly degraded: number;
  readonly p95Ms?: number;
  readonly services: readonly ServiceView[];
  /** Newest first. */
  readonly decisions: readonly Decision[];
}

/** Another gateway of the workspace that runs on this machine. */
export interface NeighbourView {
  readonly name: string;
  /** The address of its console. */
  readonly console: string;
  readonly isUp: boolean;
}

/** What a client would have got, part by part and fault by fault. */
export interface WhatIfView {
  readonly whole: WhatIfAnswer;
  readonly rows: readonly WhatIfRow[];
}

export interface WhatIfRow {
  readonly part: string;
  readonly kind: 'required' | 'optional' | 'deferred';
  readonly service: string;
  readonly operation: string;
  readonly cells: Readonly<Record<FaultKind, WhatIfAnswer>>;
}

export interface WhatIfAnswer {
  readonly status: number;
  /** How long the client waits for the fault alone: nothing where the fault is known at once. */
  readonly waitMs: number;
  /** The code of the problem, where there is one. */
  readonly problem?: string;
  readonly missing: readonly { readonly part: string; readonly reason: string }[];
  readonly cacheControl?: string;
  /** The body, parsed. */
  readonly body: unknown;
}
