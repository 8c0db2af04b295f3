import {
  callOf,
  dispatchOf,
  VirtualClock,
  type Call,
  type CallOptions,
  type Dispatch,
} from '@facet/contracts';
import type { z } from 'zod';
import type { Aggregation, Part } from './aggregation.js';
import { run } from './answer.js';
import { failing, type FaultKind } from './faults.js';
import type { Outcome } from './outcome.js';
import type { RunOptions } from './run.js';

/** One part failing in one way. */
export interface FailingPart {
  readonly part: string;
  readonly kind: FaultKind;
}

/** How a rehearsal ended. Either there is an outcome, or the error that the request would have ended in. */
export interface Rehearsal {
  readonly outcome?: Outcome<object>;
  readonly error?: unknown;
  /** How long it took on its own clock, in ms: only what was waited for counts, as all answers come at once. */
  readonly tookMs: number;
}

/**
 * Runs an aggregation on answers that are given, with one part failing: the real plan, on a clock of its own, so that a part
 * that never answers takes no time.
 */
export async function rehearse<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  given: Pick<RunOptions<z.output<I>>, 'input' | 'caller' | 'dispatch'>,
  failingPart?: FailingPart,
): Promise<Rehearsal> {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const part = aggregation.parts.find(({ name }) => name === failingPart?.part);
  const isWhole = failingPart === undefined || part === undefined;
  const tried = isWhole ? aggregation : isolated(aggregation, part);
  const dispatch = isWhole ? given.dispatch : withFault(given.dispatch, part, failingPart.kind);
  const running = run(tried, { ...given, dispatch, signal, clock });
  const ended = running.then(
    (outcome) => ({ outcome }),
    (error: unknown) => ({ error }),
  );
  return { ...(await clock.settle(ended)), tookMs: clock.now() };
}

/** The aggregation with one part's calls apart from all others', so that it can fail alone. */
function isolated<I extends z.ZodType>(aggregation: Aggregation<I>, failed: Part): Aggregation<I> {
  const operation = { ...failed.operation, pattern: apart(failed) };
  const parts = aggregation.parts.map((part) => (part === failed ? { ...part, operation } : part));
  return { ...aggregation, parts };
}

function apart(part: Part): string {
  return `${part.operation.pattern} of ${part.name}`;
}

function withFault(dispatch: Dispatch, part: Part, kind: FaultKind): Dispatch {
  const call = callOf(dispatch);
  const faulty = dispatchOf(((_: unknown, input: unknown, options: CallOptions) =>
    failing(kind, part.operation, () => call(part.operation, input, options))) as Call);
  return (request, handler) => {
    const isFaulty = request.selection.operation.pattern === apart(part);
    return (isFaulty ? faulty : dispatch)(request, handler);
  };
}
