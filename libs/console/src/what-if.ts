import {
  cacheControl,
  describeAggregation,
  faultKinds,
  metaOf,
  rehearse,
  type Aggregation,
  type FailingPart,
  type FaultKind,
} from '@facet/aggregation';
import {
  dispatchOf,
  sampleOf,
  type Answer,
  type Call,
  type Caller,
  type Dispatch,
  type Operation,
} from '@facet/contracts';
import { problemOf } from '@facet/gateway';
import type { WhatIfAnswer, WhatIfRow, WhatIfView } from './view.js';

/** A caller with every scope, who is no real user. */
const caller: Caller = Object.freeze({
  ...{ subject: 'sample-1', kind: 'user', client: 'sample-1', credential: 'session', customerId: 'sample-1' },
  ...{ scopes: [], roles: [] },
});

/** What a client would get with each part failing in each way: from the aggregation itself, on answers made from the contracts. */
export async function whatIf(aggregation: Aggregation): Promise<WhatIfView> {
  const whole = await answerOf(aggregation);
  const rows: WhatIfRow[] = [];
  for (const { name: part, kind, service, operation } of describeAggregation(aggregation).parts) {
    const cells = {} as Record<FaultKind, WhatIfAnswer>;
    for (const fault of faultKinds) cells[fault] = await answerOf(aggregation, { part, kind: fault });
    rows.push({ part, kind, service, operation, cells });
  }
  return { whole, rows };
}

async function answerOf(aggregation: Aggregation, failing?: FailingPart): Promise<WhatIfAnswer> {
  let input: unknown;
  try {
    input = sampleOf(aggregation.input, 'input');
    input = aggregation.input.parse(input);
  } catch (error) {
    return refusal(error, 0);
  }
  const { outcome, error, tookMs } = await rehearse(
    aggregation,
    { input, caller, dispatch: samples },
    failing,
  );
  if (outcome === undefined) return refusal(error, tookMs);
  return {
    status: 200,
    waitMs: tookMs,
    missing: outcome.degraded,
    cacheControl: cacheControl(outcome.freshness),
    body: JSON.parse(outcome.toJson(metaOf(outcome))) as unknown,
  };
}

function refusal(error: unknown, waitMs: number): WhatIfAnswer {
  const problem = problemOf(error);
  return { status: problem.status, waitMs, problem: problem.code, missing: [], body: problem };
}

/** Every operation answers at once, with a sample that fits its contract; by ids, with one for each id. */
const samples: Dispatch = dispatchOf(((operation: Operation, input: unknown) =>
  sampleAnswer(operation, input)) as Call);

async function sampleAnswer({ output, byIds }: Operation, input: unknown): Promise<Answer<unknown>> {
  await Promise.resolve();
  const sample = sampleOf(output);
  return { value: byIds === undefined ? sample : ofIds(sample, byIds, input), source: 'fresh', ageMs: 0 };
}

function ofIds(
  sample: unknown,
  { ids, items, key }: NonNullable<Operation['byIds']>,
  input: unknown,
): unknown {
  const asked = (input as Readonly<Record<string, readonly unknown[]>>)[ids] ?? [];
  const [item] = (sample as Readonly<Record<string, readonly object[]>>)[items] ?? [];
  return { ...(sample as object), [items]: asked.map((each) => ({ ...item, [key]: each })) };
}
