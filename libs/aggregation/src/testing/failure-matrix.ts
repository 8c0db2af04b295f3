import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  callOf,
  CodedError,
  dispatchOf,
  type Call,
  type CallOptions,
  type Caller,
  type Dispatch,
} from '@facet/contracts';
import { servicesOf, VirtualClock, type SpecAnswer } from '@facet/contracts/testing';
import type { z } from 'zod';
import type { Aggregation, Part } from '../aggregation.js';
import { aggregationCodes } from '../errors.js';
import { cacheControl } from '../freshness.js';
import type { Outcome } from '../outcome.js';
import { run } from '../answer.js';
import { failing, faults, type FaultKind } from './faults.js';

export interface SpecRun<I extends z.ZodType> {
  readonly input: z.output<I>;
  readonly caller?: Caller;
  /** One for every operation that is asked. */
  readonly answers: readonly SpecAnswer[];
}

/**
 * Adds a test for every part of an aggregation failing in every way (`error`, `slow`, `malformed`, `empty`), and one
 * with all well. Each answer is held to a snapshot beside the spec: review it like code, since it is what clients see on
 * a bad day. Takes no time: `slow` is a part that never answers, on a clock of its own.
 */
export function failureMatrix<I extends z.ZodType>(aggregation: Aggregation<I>, spec: SpecRun<I>): void {
  describe(`${aggregation.name}, part by part`, () => {
    test('answers in full while all is well', async () => {
      expect(await shown(aggregation, spec, servicesOf(spec.answers))).toMatchSnapshot();
    });
    describe.each(aggregation.parts.map((part) => ({ part, name: part.name, kind: part.kind })))(
      'without $name ($kind)',
      ({ part }) => {
        test.each(faults)('%s', async (kind) => {
          expect(await shownWithout(aggregation, spec, { part, kind })).toMatchSnapshot();
        });
      },
    );
  });
}

/** One part failing in one way. */
interface Failing {
  readonly part: Part;
  readonly kind: FaultKind;
}

/** What a client gets with one part failing: of the body, what differs from the answer in full. */
async function shownWithout<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  spec: SpecRun<I>,
  { part, kind }: Failing,
) {
  const full = await shown(aggregation, spec, servicesOf(spec.answers));
  const dispatch = withFault(servicesOf(spec.answers), { part, kind });
  const failed = await shown(isolated(aggregation, part), spec, dispatch);
  if (full.value === undefined || failed.value === undefined) return failed;
  const { value, ...rest } = failed;
  const same = Object.keys(value).filter((key) => isDeepStrictEqual(value[key], full.value?.[key]));
  const changed = Object.fromEntries(Object.entries(value).filter(([key]) => !same.includes(key)));
  const gone = Object.keys(full.value).filter((key) => !(key in value));
  return { ...rest, asInFull: same, ...(gone.length === 0 ? {} : { gone }), value: changed };
}

interface Shown {
  readonly value?: Record<string, unknown>;
  readonly [fact: string]: unknown;
}

function shown<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  { input, caller }: SpecRun<I>,
  dispatch: Dispatch,
): Promise<Shown> {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const given = { input, dispatch, signal, clock };
  const outcome = run(aggregation, caller === undefined ? given : { ...given, caller });
  return clock.settle(outcome.then(shownAnswer, shownRefusal));
}

function shownAnswer({ value, parts, degraded, freshness }: Outcome<object>): Shown {
  const broken = parts.find(({ reason }) => reason === aggregationCodes.defect);
  if (broken !== undefined) throw broken.error;
  return {
    ...(degraded.length === 0 ? {} : { degraded }),
    parts: Object.fromEntries(parts.map(({ part, status }) => [part, status])),
    cacheControl: cacheControl(freshness),
    value: JSON.parse(JSON.stringify(value)) as Record<string, unknown>,
  };
}

function shownRefusal(error: unknown): Shown {
  if (!(error instanceof CodedError) || error.status === 500) throw error;
  const { code, status, service } = error;
  const { part } = error as { part?: string };
  return { refused: { code, status, part, service } };
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

function withFault(dispatch: Dispatch, { part, kind }: Failing): Dispatch {
  const call = callOf(dispatch);
  const faulty = dispatchOf(((_: unknown, input: unknown, options: CallOptions) =>
    failing(kind, part.operation, () => call(part.operation, input, options))) as Call);
  return (request, handler) => {
    const isFaulty = request.selection.operation.pattern === apart(part);
    return (isFaulty ? faulty : dispatch)(request, handler);
  };
}
