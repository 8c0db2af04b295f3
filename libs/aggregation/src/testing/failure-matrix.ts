import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CodedError, type Caller } from '@facet/contracts';
import { servicesOf, type SpecAnswer } from '@facet/contracts/testing';
import type { z } from 'zod';
import type { Aggregation } from '../aggregation.js';
import { aggregationCodes } from '../errors.js';
import { faultKinds } from '../faults.js';
import { cacheControl } from '../freshness.js';
import type { Outcome } from '../outcome.js';
import { rehearse, type FailingPart } from '../rehearse.js';

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
      expect(await shown(aggregation, spec)).toMatchSnapshot();
    });
    describe.each(aggregation.parts.map(({ name, kind }) => ({ name, kind })))(
      'without $name ($kind)',
      ({ name: part }) => {
        test.each(faultKinds)('%s', async (kind) => {
          expect(await shownWithout(aggregation, spec, { part, kind })).toMatchSnapshot();
        });
      },
    );
  });
}

/** What a client gets with one part failing: of the body, what differs from the answer in full. */
async function shownWithout<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  spec: SpecRun<I>,
  failing: FailingPart,
) {
  const full = await shown(aggregation, spec);
  const failed = await shown(aggregation, spec, failing);
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

async function shown<I extends z.ZodType>(
  aggregation: Aggregation<I>,
  { input, caller, answers }: SpecRun<I>,
  failing?: FailingPart,
): Promise<Shown> {
  const given = { input, dispatch: servicesOf(answers), ...(caller === undefined ? {} : { caller }) };
  const { outcome, error } = await rehearse(aggregation, given, failing);
  return outcome === undefined ? shownRefusal(error) : shownAnswer(outcome);
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
