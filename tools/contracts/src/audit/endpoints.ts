import type { Json } from '../documents/contract-document.js';
import { Shapes } from '../diff/shape.js';
import type { Endpoint, Found, Gateway } from './finding.js';

interface Plan {
  readonly depth: number;
  readonly budget: Json;
  readonly parts: readonly Part[];
}

interface Part {
  readonly name: string;
  readonly kind: string;
  readonly needs: readonly string[];
}

const at = ({ name }: Endpoint, says: string): Found => ({ place: name, says });

const planOf = ({ operation }: Endpoint): Plan | undefined =>
  operation['x-facet-aggregation'] as Plan | undefined;

/** Whether the route guards itself: a sign-in, a page. */
const isPlugin = ({ operation }: Endpoint): boolean => operation['x-facet-plugin'] === true;

const isPublic = ({ operation }: Endpoint): boolean =>
  ((operation['security'] ?? []) as unknown[]).length === 0;

export function publicRoutes({ endpoints }: Gateway): readonly Found[] {
  return endpoints
    .filter((each) => isPublic(each) && (isRead(each) || isPlugin(each)))
    .map((each) => at(each, isPlugin(each) ? 'guards itself' : 'is for everybody'));
}

export function publicWrites({ endpoints, contracts }: Gateway): readonly Found[] {
  return endpoints
    .filter((each) => isPublic(each) && !isRead(each) && !isPlugin(each) && writes(each, contracts))
    .map((each) => at(each, 'changes something for everybody who asks'));
}

const isRead = ({ method }: Endpoint): boolean => method === 'GET' || method === 'HEAD';

/** A POST may ask for what an address has no room for. */
function writes(endpoint: Endpoint, contracts: Gateway['contracts']): boolean {
  if (planOf(endpoint) !== undefined) return false;
  const pattern = endpoint.operation['x-facet-operation'];
  return typeof pattern !== 'string' || contracts.get(pattern)?.['x-facet-kind'] !== 'query';
}

interface Step {
  readonly name: string;
  readonly operation: string;
  readonly undoneBy?: string;
}

export function commandsWithoutKey({ endpoints, contracts }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) => {
    const { steps = [] } = (each.operation['x-facet-saga'] ?? {}) as { steps?: readonly Step[] };
    const called = [
      ...[each.operation['x-facet-operation'] ?? []].flat(),
      ...steps.flatMap(({ operation, undoneBy }) => [
        operation,
        ...(undoneBy === undefined ? [] : [undoneBy]),
      ]),
    ] as string[];
    return [...new Set(called)]
      .filter((pattern) => isKeyless(contracts.get(pattern)))
      .map((pattern) => at(each, `calls ${pattern}, whose input has no idempotencyKey`));
  });
}

function isKeyless(operation: Json | undefined): boolean {
  if (operation?.['x-facet-kind'] !== 'command') return false;
  const { properties = {} } = schemaOf(operation['requestBody']) as { properties?: Json };
  return !('idempotencyKey' in properties);
}

/** Fields that a contract does not name: whatever a service has there reaches the client. */
export function rawPassThrough({ endpoints, contracts }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) => {
    const pattern = each.operation['x-facet-operation'];
    if (typeof pattern !== 'string') {
      const isHandler = planOf(each) === undefined && !('x-facet-saga' in each.operation) && !isPlugin(each);
      return isHandler && answerOf(each.operation) === undefined
        ? [at(each, 'answers with what its code returns: it has no schema')]
        : [];
    }
    const found = openPlaces(answerOf(contracts.get(pattern) ?? {}) ?? {}, '');
    return found.length === 0 ? [] : [at(each, `passes on whatever ${pattern} has in ${found.join(', ')}`)];
  });
}

function openPlaces(schema: Json, field: string): readonly string[] {
  const shape = new Shapes({}).of(schema, schema);
  const { types, values, alternatives, properties, additional, items } = shape;
  if (alternatives.length > 0) return [...new Set(alternatives.flatMap((each) => openPlaces(each, field)))];
  const here = field === '' ? 'its answer' : field;
  if (types.length === 0 && values === undefined) return [here];
  const below = [...properties].flatMap(([name, each]) =>
    openPlaces(each, field === '' ? name : `${field}.${name}`),
  );
  const isOpen = types.includes('object') && additional === true;
  return [...(isOpen ? [here] : []), ...(items === undefined ? [] : openPlaces(items, field)), ...below];
}

/** Headers that say who somebody is, or where they are: a service must not have them from a client. */
const FORBIDDEN =
  /^(?:cookie|authorization|proxy-authorization|forwarded|x-forwarded-.*|x-real-ip|x-user.*|x-customer.*)$/i;

export function forwardedHeaders({ endpoints, contracts }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) =>
    calledBy(each).flatMap((pattern) => {
      const { headers = {} } = (contracts.get(pattern)?.['x-facet-http'] ?? {}) as { headers?: Json };
      return Object.keys(headers)
        .filter((name) => FORBIDDEN.test(name))
        .map((name) => at(each, `sends the header ${name} to ${pattern}`));
    }),
  );
}

/** Every operation that a route is known to call. */
export function calledBy({ operation }: Endpoint): readonly string[] {
  const { parts = [] } = (operation['x-facet-aggregation'] ?? {}) as {
    parts?: readonly { service: string; operation: string }[];
  };
  const { steps = [] } = (operation['x-facet-saga'] ?? {}) as { steps?: readonly Step[] };
  return [
    ...new Set([
      ...([operation['x-facet-operation'] ?? []].flat() as string[]),
      ...parts.map((part) => `${part.service}.${part.operation}`),
      ...steps.map((step) => step.operation),
    ]),
  ];
}

export function unboundedInputs({ endpoints, shapes }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) => {
    const parameters = ((each.operation['parameters'] ?? []) as { name: string; schema?: Json }[]).flatMap(
      ({ name, schema }) => unboundedLists(shapes, schema ?? {}, name),
    );
    const body = unboundedLists(shapes, schemaOf(each.operation['requestBody']), '');
    return [...parameters, ...body].map((field) => at(each, `takes a list of any length: ${field}`));
  });
}

function unboundedLists(shapes: Shapes, schema: Json, field: string): readonly string[] {
  const { alternatives, properties, items, keywords } = shapes.of(schema, schema);
  const below = [
    ...alternatives.flatMap((each) => unboundedLists(shapes, each, field)),
    ...[...properties].flatMap(([name, each]) =>
      unboundedLists(shapes, each, field === '' ? name : `${field}.${name}`),
    ),
    ...(items === undefined ? [] : unboundedLists(shapes, items, `${field}[]`)),
  ];
  return items !== undefined && keywords['maxItems'] === undefined
    ? [field === '' ? 'the body' : field, ...below]
    : below;
}

/** What bounds the list of an answer, where it is asked for. */
const BOUNDING = /^(?:page|pageSize|limit|size|first|cursor|since|ids)$/;

export function unboundedAnswers({ endpoints, contracts }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) => {
    const pattern = each.operation['x-facet-operation'];
    const contract = typeof pattern === 'string' ? contracts.get(pattern) : undefined;
    if (contract === undefined || contract['x-facet-kind'] === 'command') return [];
    const { properties: asked = {} } = schemaOf(contract['requestBody']) as { properties?: Json };
    if (Object.keys(asked).some((name) => BOUNDING.test(name))) return [];
    const { properties = {} } = (answerOf(contract) ?? {}) as { properties?: Record<string, Json> };
    return Object.entries(properties)
      .filter(([, { type, maxItems }]) => type === 'array' && maxItems === undefined)
      .map(([name]) =>
        at(each, `answers with all ${name} that there are: no page, limit or cursor bounds them`),
      );
  });
}

export function missingBudgets({ endpoints }: Gateway): readonly Found[] {
  return endpoints
    .filter((each) => Object.keys(planOf(each)?.budget ?? { none: true }).length === 0)
    .map((each) => at(each, 'has no budget: nothing notices when it costs more'));
}

/** An optional part without which every other part is missing too. */
export function singleOptionalParts({ endpoints }: Gateway): readonly Found[] {
  return endpoints.flatMap((each) => {
    const parts = planOf(each)?.parts ?? [];
    if (parts.length === 0 || parts.some(({ kind }) => kind === 'required')) return [];
    const only = parts.find(({ name }) =>
      parts.every((other) => other.name === name || needs(other, name, parts)),
    );
    return only === undefined ? [] : [at(each, `is empty without "${only.name}", which is ${only.kind}`)];
  });
}

function needs(part: Part, name: string, parts: readonly Part[]): boolean {
  return part.needs.some((need) => {
    const other = parts.find((each) => each.name === need);
    return need === name || (other !== undefined && needs(other, name, parts));
  });
}

const DEEPEST = 3;

export function deepAggregations({ endpoints }: Gateway): readonly Found[] {
  return endpoints
    .filter((each) => (planOf(each)?.depth ?? 0) > DEEPEST)
    .map((each) => at(each, `makes ${planOf(each)?.depth} calls one after the other`));
}

function schemaOf(from: unknown): Json {
  const { content = {} } = (from ?? {}) as { content?: Record<string, { schema?: Json }> };
  return content['application/json']?.schema ?? {};
}

function answerOf(operation: Json): Json | undefined {
  const responses = (operation['responses'] ?? {}) as Record<string, Json>;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const { content } = (success ?? {}) as { content?: Record<string, { schema?: Json }> };
  return content?.['application/json']?.schema;
}
