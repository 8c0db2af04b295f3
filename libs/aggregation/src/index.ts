export { aggregate, type AggregateOptions, type Builder } from './aggregate.js';
export type {
  Aggregation,
  AnswerOf,
  Budget,
  Criticality,
  Flat,
  Opaque,
  Part,
  PartKind,
  Query,
} from './aggregation.js';
export { run, runStreamed, type Streamed } from './answer.js';
export { describeAggregation, mermaid, type Description, type PartDescription } from './describe.js';
export { AggregationError, aggregationCodes } from './errors.js';
export { explain, metaOf, type Explanation, type Meta } from './explain.js';
export { cacheControl, type Freshness } from './freshness.js';
export { indexBy, lookup } from './join.js';
export type { Outcome } from './outcome.js';
export { compile, type Plan } from './plan.js';
export type { Arrival, CallReport, Degraded, Outdated, PartReport, PartStatus } from './report.js';
export type { RunOptions } from './run.js';
