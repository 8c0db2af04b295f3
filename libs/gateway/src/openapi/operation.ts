import { STATUS_CODES } from 'node:http';
import { describeAggregation, type Description } from '@facet/aggregation';
import { idempotencyKey } from '@facet/contracts';
import type { Access, Authenticator } from '@facet/access';
import { failuresOf, type Saga } from '@facet/saga';
import { inputSchemaOf } from '../answers/input.js';
import type { ListedRoute } from '../routes/list.js';
import { KEY_HEADER, keyProblems } from '../sagas/idempotency-key.js';
import type { PerformsMetadata } from '../sagas/performs.js';
import { answerOf, outputOf, type Json } from './schemas.js';

export interface OperationOptions {
  readonly authenticator: Authenticator | undefined;
  /** Whether requests are counted against plans. */
  readonly counted: boolean;
}

/** A route of ours as an OpenAPI operation. */
export function operationOf(route: ListedRoute, { authenticator, counted }: OperationOptions): Json {
  const operation = describedAs(route, authenticator);
  if (!counted || operation['responses'] === undefined) return operation;
  const limited = problemOf(429, ['plan.rate-exceeded', 'plan.quota-exceeded']);
  return { ...operation, responses: { ...(operation['responses'] as Json), 429: limited } };
}

function describedAs(route: ListedRoute, authenticator: Authenticator | undefined): Json {
  const { answers, forwards, performs, shows } = route;
  const common = {
    ...{ operationId: operationId(route), security: securityOf(route.access, authenticator) },
    ...(route.deprecated === undefined ? {} : { deprecated: true }),
  };
  if (answers !== undefined) {
    const { aggregation, answer, summary } = answers;
    const errors = aggregation.parts
      .filter(({ kind }) => kind === 'required')
      .flatMap(({ operation }) => Object.entries(operation.errors));
    const plan: Description = describeAggregation(aggregation);
    return {
      ...common,
      summary: summary ?? aggregation.name,
      ...inputOf(route, inputSchemaOf(aggregation.input)),
      responses: responsesOf(
        answerOf(answer),
        errors,
        plan.parts.some(({ kind }) => kind === 'deferred'),
      ),
      'x-facet-aggregation': plan,
    };
  }
  if (performs !== undefined) return { ...common, ...performedOf(route, performs) };
  if (shows !== undefined) {
    const { answer, summary } = shows;
    return { ...common, summary, responses: responsesOf(outputOf(answer), [], false) };
  }
  if (forwards === undefined) return common;
  const { operation, summary } = forwards;
  return {
    ...common,
    summary,
    ...inputOf(route, inputSchemaOf(operation.input)),
    responses: responsesOf(
      outputOf(operation.output),
      Object.entries({ ...operation.errors, ...(route.keyed ? keyProblems : {}) }),
      false,
    ),
    'x-facet-operation': operation.pattern,
  };
}

function performedOf(route: ListedRoute, { saga, preparation, answer, summary }: PerformsMetadata): Json {
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
    summary: summary ?? saga.name,
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

export function operationId({ method, path }: Pick<ListedRoute, 'method' | 'path'>): string {
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

function inputOf(route: ListedRoute, { properties = {}, required = [] }: Json): Json {
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
function placeOf(
  { path, method, forwards }: ListedRoute,
  field: string,
): Pick<Field, 'name' | 'place'> | undefined {
  const source = forwards?.sources.get(field);
  if (source !== undefined)
    return source.from === 'caller' ? undefined : { name: source.name, place: source.from };
  if (forwards !== undefined) return undefined;
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
