import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import fc from 'fast-check';
import { z } from 'zod';
import type { World } from './world.js';

type Json = Readonly<Record<string, unknown>>;

/** A result as clients have it: the answer, or the problem. */
interface Result {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly status?: number;
  readonly degraded?: readonly unknown[];
  readonly problem?: { readonly code: string; readonly status: number; readonly detail: string };
}

interface Call {
  (input: object): Promise<Result>;
  stream(input: object): AsyncIterable<Json>;
}

export interface BlindOptions {
  /** The gateway whose document is held against its live answers: `apps/<gateway>/openapi.json`. */
  readonly gateway: string;
  /** Its client, as `createClient` makes it. */
  readonly client: object;
  /** Operations that are left out: they would end what the others need. */
  readonly leftOut?: readonly string[];
  /** Inputs that chance would never find, by operation; the rest of the input is by chance. */
  readonly hints?: Readonly<Record<string, (pick: (field: string) => string | undefined) => object>>;
  /** What fails in the rounds after the first, in which all is there for ids to be learned. */
  readonly failures?: Failures;
  readonly rounds?: number;
  /** So often each operation is asked in a round. */
  readonly inputs?: number;
}

/** Makes something fail. */
export interface Failures {
  /** `random` is from 0 up to 1. */
  before(round: 'some' | 'last', random: () => number): Promise<void>;
  /** Ends what can be ended of it. */
  end(): void;
}

/** Services that hang in a round, chosen by chance (SIGSTOP); one of them is gone in the last (SIGKILL). */
export function failingServices(world: World, services: readonly string[]): Failures {
  let hung: readonly string[] = [];
  const end = () => {
    for (const service of hung) world.process(service).kill('SIGCONT');
    hung = [];
  };
  return {
    async before(round, random) {
      end();
      const one = services[Math.floor(random() * services.length)] as string;
      const others = services.filter((service) => service !== one && random() < 0.2);
      if (round === 'last') await world.killApp(one);
      hung = round === 'last' ? others : [one, ...others];
      for (const service of hung) world.process(service).kill('SIGSTOP');
    },
    end,
  };
}

export interface BlindReport {
  /** `BLIND_SEED` of the environment asks for the same inputs and failures again. */
  readonly seed: number;
  /** By operation: how many answers, of them how many without a part, and how many problems. */
  readonly counts: Readonly<Record<string, { answered: number; degraded: number; refused: number }>>;
  /** What did not fit: the operation, its input, and what was wrong. */
  readonly misfits: readonly string[];
}

/**
 * Asks a gateway by its client for everything that its document offers, with inputs that are valid by their schemas and
 * otherwise by chance, and holds each answer, each piece of a stream and each problem against what the document says.
 */
export async function askBlindly(options: BlindOptions): Promise<BlindReport> {
  const { gateway, client, leftOut = [], hints = {}, failures, rounds = 4, inputs = 4 } = options;
  const seed = Number(process.env['BLIND_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const { random, sample } = chance(seed);
  const known = new KnownValues(random);
  const operations = operationsOf(gateway).filter(({ id }) => id in client && !leftOut.includes(id));
  const counts: Record<string, { answered: number; degraded: number; refused: number }> = {};
  const misfits: string[] = [];
  for (const { id } of operations) counts[id] = { answered: 0, degraded: 0, refused: 0 };
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await failures?.before(round === rounds - 1 ? 'last' : 'some', random);
    const asked = Array.from({ length: inputs }, (_, index) =>
      operations.map(async (operation) => {
        const hinted = hints[operation.id]?.((field) => known.pick(field)) ?? {};
        const input = { ...(sample(operation.input(known)) as object), ...hinted };
        const call = (client as Record<string, Call>)[operation.id] as Call;
        const count = counts[operation.id] as { answered: number; degraded: number; refused: number };
        const isStreamed = operation.piece !== undefined && index % 2 === 1;
        const misfit = isStreamed
          ? await streamed(operation, call, { input, count })
          : await answered(operation, call, { input, count, known });
        if (misfit !== undefined) misfits.push(`${operation.id} ${JSON.stringify(input)}: ${misfit}`);
      }),
    );
    for (const each of asked) await Promise.all(each);
  }
  failures?.end();
  return { seed, counts, misfits };
}

interface Asked {
  readonly input: object;
  readonly count: { answered: number; degraded: number; refused: number };
}

async function answered(
  { answer, problems }: BlindOperation,
  call: Call,
  { input, count, known }: Asked & { readonly known: KnownValues },
): Promise<string | undefined> {
  const { ok, value, problem, degraded = [] } = await call(input);
  if (!ok) {
    count.refused += 1;
    return problemMisfit(problems, problem);
  }
  count.answered += 1;
  if (degraded.length > 0) count.degraded += 1;
  known.learn(value);
  return misfitOf(answer, value);
}

async function streamed(
  { piece, problems }: BlindOperation,
  call: Call,
  { input, count }: Asked,
): Promise<string | undefined> {
  let last: Json = {};
  for await (const each of call.stream(input)) {
    last = each;
    if (each['event'] === 'error') break;
    const misfit = piece && misfitOf(piece, each);
    if (misfit !== undefined) return misfit;
  }
  if (last['event'] === 'error') {
    count.refused += 1;
    return problemMisfit(problems, last['problem'] as Result['problem']);
  }
  count.answered += 1;
  const { degraded } = (last['meta'] ?? {}) as { degraded?: unknown };
  if (degraded !== undefined) count.degraded += 1;
  return last['event'] === 'end' ? undefined : `the stream ends with ${JSON.stringify(last)}`;
}

/** What a client says of itself, for nobody was there to ask: not the gateway's word. */
const CLIENTS_OWN: ReadonlySet<string> = new Set(['client.rate-limited']);

function problemMisfit(
  problems: ReadonlyMap<string, number>,
  problem: Result['problem'],
): string | undefined {
  if (problem === undefined) return 'there is neither an answer nor a problem';
  if (CLIENTS_OWN.has(problem.code)) return undefined;
  if (problem.code === 'input.invalid') return `the input is refused: ${problem.detail}`;
  const status = problems.get(problem.code);
  return status === problem.status ? undefined : `it ends with ${JSON.stringify(problem)}`;
}

function misfitOf(schema: z.ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : `the answer does not fit: ${z.prettifyError(parsed.error)}`;
}

/** Values that answers have had, under the names of their fields: what chance alone would never find again. */
class KnownValues {
  readonly #byField = new Map<string, string[]>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  learn(value: unknown, field = ''): void {
    if (typeof value === 'string' && value !== '') {
      const values = this.#byField.get(field) ?? [];
      if (values.length < 200) this.#byField.set(field, [...values, value]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) this.learn(each, Array.isArray(value) ? field : name);
    }
  }

  pick(field: string): string | undefined {
    const values = this.#byField.get(field) ?? this.#byField.get(field.replace(/^.*Id$|^ids$/, 'id')) ?? [];
    return values[Math.floor(this.#random() * values.length)];
  }
}

interface BlindOperation {
  readonly id: string;
  readonly input: (known: KnownValues) => fc.Arbitrary<unknown>;
  readonly answer: z.ZodType;
  readonly piece: z.ZodType | undefined;
  readonly problems: ReadonlyMap<string, number>;
}

interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Json }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Json }>> }>>;
}

function operationsOf(gateway: string): readonly BlindOperation[] {
  const text = readFileSync(join(workspaceRoot, 'apps', gateway, 'openapi.json'), 'utf8');
  const { paths, components } = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as {
    paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
    components: { schemas: Json };
  };
  const schemaOf = (json: Json) => z.fromJSONSchema({ ...json, $defs: components.schemas } as never);
  return Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId: id, responses, ...request }) => {
      const contents = Object.values(responses).map(({ content }) => content ?? {});
      const jsonOf = (type: string) => contents.find((each) => each[type] !== undefined)?.[type]?.schema;
      const [answer, piece] = [jsonOf('application/json'), jsonOf('application/x-ndjson')];
      return {
        id,
        input: (known: KnownValues) => arbitraryOf(inputSchema(request), known),
        answer: answer === undefined ? z.undefined() : schemaOf(answer),
        piece: piece === undefined ? undefined : schemaOf(piece),
        problems: problemsOf(responses),
      };
    });
}

function inputSchema({ parameters = [], requestBody }: Omit<Documented, 'operationId' | 'responses'>): Json {
  const body = requestBody?.content['application/json']?.schema ?? {};
  const sent = parameters.filter((each) => each.in !== 'header');
  return {
    type: 'object',
    properties: {
      ...(body['properties'] as Json | undefined),
      ...Object.fromEntries(sent.map(({ name, schema }) => [name, schema])),
    },
    required: [
      ...((body['required'] ?? []) as string[]),
      ...sent.filter(({ required }) => required).map(({ name }) => name),
    ],
  };
}

function problemsOf(responses: Documented['responses']): ReadonlyMap<string, number> {
  const all = Object.entries(responses).flatMap(([status, { content }]) => {
    const { allOf = [] } = (content?.['application/problem+json']?.schema ?? {}) as {
      allOf?: readonly { properties?: { code?: { enum?: readonly string[] } } }[];
    };
    return allOf
      .flatMap(({ properties }) => properties?.code?.enum ?? [])
      .map((code) => [code, Number(status)] as const);
  });
  return new Map(all);
}

/** All values that a schema allows, but for very long ones; a text is often one that an answer has had in such a field. */
function arbitraryOf(schema: Json, known: KnownValues, field = ''): fc.Arbitrary<unknown> {
  const {
    type,
    enum: values,
    const: only,
    anyOf,
    oneOf,
  } = schema as {
    type?: string;
    enum?: readonly unknown[];
    const?: unknown;
    anyOf?: readonly Json[];
    oneOf?: readonly Json[];
  };
  const choices = anyOf ?? oneOf;
  if (only !== undefined) return fc.constant(only);
  if (values !== undefined) return fc.constantFrom(...values);
  if (choices !== undefined) return fc.oneof(...choices.map((each) => arbitraryOf(each, known, field)));
  const limits = schema as Readonly<Record<string, number | undefined>>;
  switch (type) {
    case 'integer':
      return fc.integer({
        min: limits['minimum'] ?? 0,
        max: Math.min(limits['maximum'] ?? 1_000, 1_000_000),
      });
    case 'number':
      return fc.double({ min: limits['minimum'] ?? 0, max: limits['maximum'] ?? 1_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf((schema['items'] ?? {}) as Json, known, field), {
        minLength: limits['minItems'] ?? 0,
        maxLength: Math.min(limits['maxItems'] ?? 4, 4),
      });
    case 'object':
      return objectOf(schema, known);
    default:
      return textOf(schema, known, field);
  }
}

function objectOf(schema: Json, known: KnownValues): fc.Arbitrary<unknown> {
  const fields = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>);
  return fc.record(Object.fromEntries(fields.map(([name, each]) => [name, arbitraryOf(each, known, name)])), {
    requiredKeys: ((schema['required'] ?? []) as string[]).filter((name) =>
      fields.some(([own]) => own === name),
    ),
  });
}

function textOf(schema: Json, known: KnownValues, field: string): fc.Arbitrary<string> {
  const {
    pattern,
    format,
    minLength = 0,
    maxLength = 40,
  } = schema as {
    pattern?: string;
    format?: string;
    minLength?: number;
    maxLength?: number;
  };
  const isAllowed = (text: string) =>
    text.length >= minLength &&
    text.length <= maxLength &&
    (pattern === undefined || new RegExp(pattern).test(text));
  // A field that is there and empty counts as one that is not there.
  const any = fc
    .string({ unit: 'grapheme', minLength: Math.max(1, minLength), maxLength: Math.min(maxLength, 20) })
    .filter(isAllowed);
  const shaped =
    pattern === undefined || isAnyText(pattern)
      ? any
      : fc.stringMatching(new RegExp(pattern)).filter(isAllowed);
  const made = format === 'uri' ? fc.webUrl({ validSchemes: ['https'] }).filter(isAllowed) : shaped;
  const seen = known.pick(field);
  const once = seen !== undefined && isAllowed(seen) ? seen : undefined;
  return once === undefined
    ? made
    : fc.oneof({ weight: 3, arbitrary: fc.constant(once) }, { weight: 1, arbitrary: made });
}

/** A pattern that only leaves out control characters and the like. */
const isAnyText = (pattern: string): boolean => pattern.startsWith('^(?:[^');

/** Numbers and samples that one seed decides. */
function chance(seed: number) {
  let state = seed >>> 0;
  const random = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const sample = <T>(arbitrary: fc.Arbitrary<T>): T =>
    fc.sample(arbitrary, { seed: Math.floor(random() * 2 ** 31), numRuns: 1 })[0] as T;
  return { random, sample };
}
