import { STATUS_CODES } from 'node:http';
import { describeAggregation, type Description } from '@facet/aggregation';
import { idempotencyKey } from '@facet/contracts';
import type { Access, Authenticator } from '@facet/access';
import { failuresOf, type Saga } from '@facet/saga';
import { inputSchemaOf } from '../answers/input.js';
import type { Route, Target } from '../routes/route.js';
import { KEY_HEADER, keyProblems } from '../http/idempotency-key.js';
import { answerOf, outputOf, type Json } from './schemas.js';

export interface OperationOptions {
  readonly authenticator: Authenticator | undefined;
  /** Whether requests are counted against plans. */
  readonly counted: boolean;
}

type TargetOf<Kind extends Target['kind']> = Extract<Target, { readonly kind: Kind }>;

/** A route of ours as an OpenAPI operation. */
export function operationOf(route: Route, { authenticator, counted }: OperationOptions): Json {
  const operation = describedAs(route, authenticator);
  if (!counted || operation['responses'] === undefined) return operation;
  const limited = problemOf(429, ['plan.rate-exceeded', 'plan.quota-exceeded']);
  return { ...operation, responses: { ...(operation['responses'] as Json), 429: limited } };
}

function describedAs(route: Route, authenticator: Authenticator | undefined): Json {
  const { target, summary } = route;
  const common = {
    ...{ operationId: operationId(route), security: securityOf(route.access, authenticator) },
    ...(summary === undefined ? {} : { summary }),
    ...(route.deprecated === undefined ? {} : { deprecated: true }),
  };
  switch (target.kind) {
    case 'aggregation':
      return { ...common, ...aggregatedBy(route, target) };
    case 'saga':
      return { ...common, ...performedBy(route, target) };
    case 'operation':
      return { ...common, ...forwardedTo(route, target) };
    case 'usage':
    case 'handler':
      if (target.answer === undefined) return common;
      return { ...common, responses: responsesOf(outputOf(target.answer), [], false) };
  }
}

function aggregatedBy(route: Route, { aggregation, answer }: TargetOf<'aggregation'>): Json {
  const errors = aggregation.parts
    .filter(({ kind }) => kind === 'required')
    .flatMap(({ operation }) => Object.entries(operation.errors));
  const plan: Description = describeAggregation(aggregation);
  const isStreamed = plan.parts.some(({ kind }) => kind === 'deferred');
  return {
    ...inputOf(route, inputSchemaOf(aggregation.input)),
    responses: responsesOf(answerOf(answer), errors, isStreamed),
    'x-facet-aggregation': plan,
  };
}

function forwardedTo(route: Route, { operation }: TargetOf<'operation'>): Json {
  const errors = Object.entries({ ...operation.errors, ...(route.isIdempotent ? keyProblems : {}) });
  return {
    ...inputOf(route, inputSchemaOf(operation.input)),
    responses: responsesOf(outputOf(operation.output), errors, false),
    'x-facet-operation': operation.pattern,
  };
}

function performedBy(route: Route, { saga, preparation, answer }: TargetOf<'saga'>): Json {
  const { input, reads = [], problems = {} } = preparation;
  const errors = [
    keyProblems,
    problems,
    ...reads.map((operation) => operation.errors),
    ...saga.steps.flatMap((step) => [step.operation.errors, failuresOf(saga, step)]),
  ].flatMap((each) => Object.entries(each));
  const { parameters, ...body } = inputOf(route, inputSchemaOf(input)) as { parameters: Json[] };
  const { 200: ok, ...refused } = responsesOf(outputOf(answer), errors, false);
  const description = 'One for each thing to do; the same again gives the same answer and does nothing twice';
  const schema = inputSchemaOf(idempotencyKey);
  return {
    parameters: [{ name: KEY_HEADER, in: 'header', required: true, description, schema }, ...parameters],
    ...body,
    responses: { 201: { ...(ok as Json), description: 'Done' }, ...refused },
    'x-facet-saga': planOf(saga),
  };
}

function planOf({ name, deadlineMs, undoMs, steps }: Saga): Json {
  return {
    ...{ name, deadlineMs, undoMs },
    steps: steps.map(({ name: step, operation, compensate }) => ({
      ...{ name: step, operation: operation.pattern },
      ...(compensate === undefined ? {} : { undoneBy: compensate.by.pattern }),
    })),
  };
}

/** `/v1/products/:id` is `/v1/products/{id}` in OpenAPI. */
export function openApiPath(path: string): string {
  return path.replaceAll(/:([A-Za-z0-9_]+)/g, '{$1}');
}

export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('');
}

export function securityOf(access: Access, authenticator: Authenticator | undefined): Json[] {
  if (access === 'public') return [];
  return Object.keys(authenticator?.schemes ?? {}).map((scheme) => ({
    [scheme]: [...(access.scopes ?? [])],
  }));
}

interface Field {
  readonly name: string;
  readonly place: string;
  readonly schema: unknown;
  readonly required: boolean;
}

function inputOf(route: Route, { properties = {}, required = [] }: Json): Json {
  const fields = Object.entries(properties as Json).flatMap(([field, schema]): Field[] => {
    const place = placeOf(route, field);
    return place === undefined
      ? []
      : [{ ...place, schema, required: (required as string[]).includes(field) }];
  });
  const parameters = fields
    .filter(({ place }) => place !== 'body')
    .map(({ name, place, schema, required: isRequired }) => ({
      name,
      in: place,
      required: isRequired,
      schema,
    }));
  const body = fields.filter(({ place }) => place === 'body');
  if (body.length === 0) return { parameters };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(body.map(({ name, schema: each }) => [name, each])),
    required: body.filter((each) => each.required).map(({ name }) => name),
    additionalProperties: false,
  };
  return { parameters, requestBody: { required: true, content: { 'application/json': { schema } } } };
}

/** Where a field is sent; undefined for one that a client does not send. */
function placeOf({ path, method, target }: Route, field: string): Pick<Field, 'name' | 'place'> | undefined {
  if (target.kind === 'operation') {
    const source = target.sources.get(field);
    if (source === undefined || source.from === 'caller') return undefined;
    return { name: source.name, place: source.from };
  }
  if (path.split('/').includes(`:${field}`)) return { name: field, place: 'path' };
  return { name: field, place: method === 'GET' || method === 'DELETE' ? 'query' : 'body' };
}

function responsesOf(schema: Json, errors: readonly [string, number][], isStreamed: boolean): Json {
  const codes = new Map<number, string[]>([
    [400, ['input.invalid']],
    [503, ['upstream.unavailable']],
    [504, ['upstream.timeout']],
  ]);
  for (const [code, status] of errors) codes.set(status, [...new Set([...(codes.get(status) ?? []), code])]);
  const problems = [...codes]
    .sort(([a], [b]) => a - b)
    .map(([status, names]) => [status, problemOf(status, names)]);
  const pieces = { schema: { type: 'string', description: 'The answer in pieces, as they are ready' } };
  const streams = isStreamed ? { 'application/x-ndjson': pieces, 'text/event-stream': pieces } : {};
  const ok = { description: 'OK', content: { 'application/json': { schema }, ...streams } };
  return { 200: ok, ...(Object.fromEntries(problems) as Json) };
}

export function problemOf(status: number, codes: readonly string[]): Json {
  return {
    description: `${STATUS_CODES[status] ?? 'Error'}: ${codes.join(', ')}`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
