import { servicesOf, VirtualClock } from '@facet/contracts/testing';
import type { z } from 'zod';
import type { Aggregation } from '../aggregation.js';
import { describeAggregation } from '../describe.js';
import { run } from '../answer.js';
import type { SpecRun } from './failure-matrix.js';

/** What an answer costs, measured. */
export interface Cost {
  readonly bytes: number;
  /** Calls by service. */
  readonly calls: Readonly<Record<string, number>>;
  readonly depth: number;
}

/**
 * Measures what an answer costs and holds it to the aggregation's own budget. Throws with all figures that are over it,
 * and where there is no budget.
 */
export async function checkBudget<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  spec: SpecRun<I>,
): Promise<Cost> {
  const { name, budget } = aggregation;
  if (Object.keys(budget).length === 0) throw new Error(`${name} has no budget; add .budget({ … }) to it`);
  const cost = await measure(aggregation, spec);
  const over = faultsOf(cost, budget);
  if (over.length > 0) throw new Error(`${name} is over its budget: ${over.join('; ')}`);
  return cost;
}

async function measure<I extends z.ZodType>(aggregation: Aggregation<I>, spec: SpecRun<I>): Promise<Cost> {
  const clock = new VirtualClock();
  const { input, caller, answers } = spec;
  const { signal } = new AbortController();
  const given = { input, dispatch: servicesOf(answers), signal, clock };
  const outcome = await clock.settle(run(aggregation, caller === undefined ? given : { ...given, caller }));
  const failed = outcome.parts.find(({ error }) => error !== undefined);
  if (failed !== undefined) {
    throw new Error(`${aggregation.name} cannot be measured without "${failed.part}"`, {
      cause: failed.error,
    });
  }
  const calls: Record<string, number> = {};
  for (const { service } of outcome.record.calls) calls[service] = (calls[service] ?? 0) + 1;
  return {
    bytes: Buffer.byteLength(JSON.stringify(outcome.value)),
    calls,
    depth: describeAggregation(aggregation).depth,
  };
}

function faultsOf(cost: Cost, budget: Aggregation['budget']): string[] {
  const over = (what: string, is: number, allowed: number | undefined) =>
    allowed === undefined || is <= allowed ? [] : [`${what} ${is}, allowed ${allowed}`];
  const calls = Object.entries(cost.calls).flatMap(([service, count]) =>
    over(`calls to ${service}`, count, budget.calls === undefined ? undefined : (budget.calls[service] ?? 0)),
  );
  return [...over('bytes', cost.bytes, budget.bytes), ...calls, ...over('depth', cost.depth, budget.depth)];
}
