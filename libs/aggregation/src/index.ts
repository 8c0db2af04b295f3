export { aggregate, type AggregateOptions, type Builder } from './aggregate.js';
export type {
  Aggregation,
  AnswerOf,
  Budget,
  Criticality,
  Flat,
  Part,
  PartKind,
  Query,
  Whole,
} from './aggregation.js';
export { AggregationError, aggregationCodes } from './errors.js';
export { cacheControl, type Freshness } from './freshness.js';
export type { CallReport } from './loader.js';
export type { Arrival, Degraded, Outcome, Outdated, PartReport, PartStatus } from './outcome.js';
export { run, runStreamed, type Streamed } from './run.js';
export type { RunOptions } from './execution.js';
export { describe, mermaid, type Description, type PartDescription } from './describe.js';
export { explain, metaOf, serverTiming, type Explanation, type Meta } from './explain.js';
export { indexBy, lookup } from './join.js';
