import { describeAggregation, type Description } from '@facet/aggregation';
import { idempotencyKey, type Deprecation } from '@facet/contracts';
import type { Access, Authenticator } from '@facet/access';
import { failuresOf, type Saga } from '@facet/saga';
import { inputSchemaOf } from '../answers/input.js';
import type { Route, Target } from '../routes/route.js';
import { KEY_HEADER, keyProblems } from '../http/idempotency-key.js';
import { deprecatedFieldsIn } from './deprecated-fields.js';
import {
  bodyProblems,
  problemResponses,
  problemsBefore,
  serviceProblems,
  type ProblemOptions,
} from './problems.js';
import { answerOf, outputOf, pieceOf, type Json } from './schemas.js';

type TargetOf<Kind extends Target['kind']> = Extract<Target, { readonly kind: Kind }>;

/** A route of ours as an OpenAPI operation, but for its id. */
export function operationOf(route: Route, options: ProblemOptions): Json {
  const { target, summary, access } = route;
  const common = {
    security: securityOf(access, options.authenticator),
    ...(summary === undefined ? {} : { summary }),
    ...(route.deprecated === undefined ? {} : { deprecated: true, ...sunsetOf(route.deprecated) }),
    ...(route.audit === undefined ? {} : { 'x-facet-audit': route.audit }),
  };
  const described = describedBy(route, target);
  if (described === undefined) return common;
  const { ok, problems, ...operation } = described;
  const hasBody = 'requestBody' in operation;
  const all = [
    ...problemsBefore(access, options),
    ...(hasBody ? Object.entries(bodyProblems) : []),
    ...(route.isIdempotent ? Object.entries(keyProblems) : []),
    ...problems,
  ];
  const deprecated = deprecatedFieldsIn(operation, ok);
  return {
    ...{ ...common, ...operation, responses: { ...ok, ...problemResponses(all) } },
    ...(deprecated.length === 0 ? {} : { 'x-facet-deprecated': deprecated }),
  };
}

function sunsetOf({ sunset }: Deprecation): Json {
  return sunset === undefined ? {} : { 'x-sunset': sunset };
}

interface Described extends Json {
  readonly ok: Json;
  /** What it can be refused with beside what holds for all routes. */
  readonly problems: readonly (readonly [code: string, status: number])[];
}

/** Undefined for a controller's own method that does not say what it answers. */
function describedBy(route: Route, target: Target): Described | undefined {
  switch (target.kind) {
    case 'aggregation':
      return aggregatedBy(route, target);
    case 'saga':
      return performedBy(route, target);
    case 'operation':
      return forwardedTo(route, target);
    case 'usage':
    case 'handler':
      return target.answer && { ok: { 200: okOf(outputOf(target.answer)) }, problems: [] };
  }
}

function aggregatedBy(route: Route, { aggregation, answer }: TargetOf<'aggregation'>): Described {
  const errors = aggregation.parts
    .filter(({ kind }) => kind === 'required')
    .flatMap(({ operation }) => Object.entries(operation.errors));
  const plan: Description = describeAggregation(aggregation);
  const isStreamed = plan.parts.some(({ kind }) => kind === 'deferred');
  const streams = isStreamed ? streamsOf(pieceOf(answer, aggregation)) : {};
  return {
    ...inputOf(route, inputSchemaOf(aggregation.input)),
    ok: { 200: okOf(answerOf(answer, aggregation), streams) },
    problems: [...Object.entries(serviceProblems), ...errors],
    'x-facet-aggregation': plan,
  };
}

/** In NDJSON a piece is a line; as an event its name is the event's, and the rest of it the data. */
function streamsOf(piece: Json): Json {
  const events = {
    type: 'string',
    description: 'Server-sent events: `event` of a piece is the name, its other fields are the data',
  };
  return { 'application/x-ndjson': { schema: piece }, 'text/event-stream': { schema: events } };
}

function forwardedTo(route: Route, { operation }: TargetOf<'operation'>): Described {
  return {
    ...inputOf(route, inputSchemaOf(operation.input)),
    ok: { 200: okOf(outputOf(operation.output)) },
    problems: [...Object.entries(serviceProblems), ...Object.entries(operation.errors)],
    'x-facet-operation': operation.pattern,
  };
}

function performedBy(route: Route, { saga, preparation, answer, location }: TargetOf<'saga'>): Described {
  const { input, reads = [], problems = {} } = preparation;
  const errors = [
    keyProblems,
    serviceProblems,
    problems,
    ...reads.map((operation) => operation.errors),
    ...saga.steps.flatMap((step) => [step.operation.errors, failuresOf(saga, step)]),
  ].flatMap((each) => Object.entries(each));
  const { parameters, ...body } = inputOf(route, inputSchemaOf(input)) as { parameters: Json[] };
  const description = 'One for each thing to do; the same again gives the same answer and does nothing twice';
  const schema = inputSchemaOf(idempotencyKey);
  const found = { description: 'Where the result can be read', schema: { type: 'string' } };
  const headers = location === undefined ? {} : { headers: { Location: found } };
  return {
    parameters: [{ name: KEY_HEADER, in: 'header', required: true, description, schema }, ...parameters],
    ...body,
    ok: { 201: { ...okOf(outputOf(answer)), description: 'Done', ...headers } },
    problems: errors,
    'x-facet-saga': { ...planOf(saga), reads: reads.map(({ pattern }) => pattern) },
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
      ...marksOf(schema as Json),
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

/** What a parameter says of itself, beside its schema. */
function marksOf(schema: Json): Json {
  if (schema['deprecated'] !== true) return {};
  const sunset = schema['x-sunset'];
  return { deprecated: true, ...(sunset === undefined ? {} : { 'x-sunset': sunset }) };
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

function okOf(schema: Json, streams: Json = {}): Json {
  return { description: 'OK', content: { 'application/json': { schema }, ...streams } };
}
