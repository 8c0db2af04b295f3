import { describe, expect, test } from '@jest/globals';
import type { Json } from '../src/documents/contract-document.js';
import type { Change } from '../src/diff/change.js';
import { diffDocuments } from '../src/diff/documents.js';
import { rules, type Reader, type RuleId } from '../src/diff/rules.js';

const TODAY = '2026-11-30';

const documentOf = (operation: Json, version = '1', path = '/things'): Json => ({
  ...{ openapi: '3.1.0', info: { title: 'shop', version } },
  paths: { [path]: { post: { operationId: 'things', ...operation } } },
});

const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } });
const answer = (schema: Json): Json => ({ responses: { 200: json(schema) } });
const body = (schema: Json): Json => ({ requestBody: { required: true, ...json(schema) }, responses: {} });
const parameter = (schema: Json, more: Json = {}): Json => ({
  parameters: [{ name: 'q', in: 'query', required: false, schema, ...more }],
});
const object = (properties: Json, required: string[] = Object.keys(properties), more: Json = {}): Json => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
  ...more,
});

function changesOf(base: Json, next: Json, reader: Reader = 'client'): readonly Change[] {
  return diffDocuments(documentOf(base), documentOf(next), { reader, today: TODAY }).changes;
}

const found = (changes: readonly Change[]) => changes.map(({ rule, level }) => `${level} ${rule}`);

const text = { type: 'string' };
const int = { type: 'integer' };
const number = { type: 'number' };

/** An aspect of a schema, what it was and is, and the levels: in a request, in an answer, in a service's answer. */
const aspects: readonly [aspect: string, was: Json, is: Json, ...levels: string[]][] = [
  ['type-changed', text, int, 'error', 'error', 'error'],
  ['type-generalized', int, number, 'info', 'error', 'error'],
  ['type-specialized', number, int, 'error', 'info', 'info'],
  ['list-of-types-widened', text, { type: ['string', 'integer'] }, 'info', 'error', 'error'],
  ['list-of-types-narrowed', { type: ['string', 'integer'] }, text, 'error', 'info', 'info'],
  ['became-nullable', text, { anyOf: [text, { type: 'null' }] }, 'info', 'error', 'error'],
  ['became-not-nullable', { type: ['string', 'null'] }, text, 'error', 'info', 'info'],
  ['became-enum', text, { ...text, enum: ['a'] }, 'error', 'info', 'info'],
  ['became-not-enum', { ...text, const: 'a' }, text, 'info', 'warning', 'error'],
  ['enum-value-added', { ...text, enum: ['a'] }, { ...text, enum: ['a', 'b'] }, 'info', 'warning', 'error'],
  ['enum-value-removed', { ...text, enum: ['a', 'b'] }, { ...text, enum: ['a'] }, 'error', 'info', 'info'],
  [
    'any-of-added',
    { anyOf: [text, int] },
    { anyOf: [text, int, { type: 'boolean' }] },
    'info',
    'warning',
    'error',
  ],
  [
    'any-of-removed',
    { anyOf: [text, int, { type: 'boolean' }] },
    { anyOf: [text, int] },
    'error',
    'info',
    'info',
  ],
  ['pattern-added', text, { ...text, pattern: 'a' }, 'error', 'info', 'info'],
  ['pattern-removed', { ...text, pattern: 'a' }, text, 'info', 'info', 'error'],
  ['pattern-changed', { ...text, pattern: 'a' }, { ...text, pattern: 'b' }, 'error', 'warning', 'error'],
  ['format-changed', { ...text, format: 'uri' }, { ...text, format: 'email' }, 'error', 'warning', 'error'],
  ['default-value-changed', { ...int, default: 1 }, { ...int, default: 2 }, 'warning', 'info', 'info'],
  ['additional-properties-removed', { type: 'object' }, object({}), 'error', 'info', 'info'],
  ['additional-properties-added', object({}), { type: 'object' }, 'info', 'info', 'error'],
  ['keyword-changed', int, { ...int, multipleOf: 5 }, 'error', 'error', 'error'],
  [
    'entity-changed',
    { ...text, 'x-entity': 'order' },
    { ...text, 'x-entity': 'cart' },
    'warning',
    'warning',
    'warning',
  ],
  ['deprecated', text, { ...text, deprecated: true }, 'info', 'info', 'info'],
  ['reactivated', { ...text, deprecated: true }, text, 'info', 'info', 'info'],
  [
    'sunset-deleted',
    { ...text, deprecated: true, 'x-sunset': '2027-01-01' },
    { ...text, deprecated: true },
    ...['error', 'error', 'error'],
  ],
  [
    'sunset-date-changed-too-small',
    { ...text, deprecated: true, 'x-sunset': '2027-02-01' },
    { ...text, deprecated: true, 'x-sunset': '2027-01-01' },
    ...['error', 'error', 'error'],
  ],
  ...(
    [
      ['max', 'maximum', int],
      ['exclusive-max', 'exclusiveMaximum', int],
      ['max-length', 'maxLength', text],
      ['max-items', 'maxItems', { type: 'array' }],
    ] as const
  ).flatMap(([bound, key, type]) => boundCases(bound, key, type, false)),
  ...(
    [
      ['min', 'minimum', int],
      ['exclusive-min', 'exclusiveMinimum', int],
      ['min-length', 'minLength', text],
      ['min-items', 'minItems', { type: 'array' }],
    ] as const
  ).flatMap(([bound, key, type]) => boundCases(bound, key, type, true)),
];

function boundCases(
  bound: string,
  key: string,
  type: Json,
  isFloor: boolean,
): [string, Json, Json, ...string[]][] {
  const of = (value: number) => ({ ...type, [key]: value });
  const tighter = ['error', 'info', 'info'];
  const looser = ['info', 'warning', 'error'];
  return [
    [`${bound}-set`, type, of(3), ...tighter],
    [`${bound}-unset`, of(3), type, ...looser],
    [`${bound}-increased`, of(3), of(4), ...(isFloor ? tighter : looser)],
    [`${bound}-decreased`, of(4), of(3), ...(isFloor ? looser : tighter)],
  ];
}

/** Where a schema can stand: the place of the ids, the direction, and an operation with the schema there. */
const places: readonly [place: string, direction: 'request' | 'response', (schema: Json) => Json][] = [
  ['request-parameter', 'request', (schema) => parameter(schema)],
  ['request-body', 'request', (schema) => body(schema)],
  [
    'request-property',
    'request',
    (schema) => body(object({ list: { type: 'array', items: object({ a: schema }) } })),
  ],
  ['response-body', 'response', (schema) => answer(schema)],
  [
    'response-property',
    'response',
    (schema) => answer(object({ list: { type: 'array', items: object({ a: schema }) } })),
  ],
];

const planted = places.flatMap(([place, direction, at]) =>
  aspects.map(([aspect, was, is, request, response, service]) => ({
    rule: `${place}-${aspect}`,
    was: at(was),
    is: at(is),
    client: direction === 'request' ? request : response,
    gateway: direction === 'request' ? request : service,
  })),
);

const secured = (...scopes: string[]) => ({ security: [{ bearer: scopes }] });
const a = object({ a: text });

/** Everything that is not an aspect of a schema. */
const whole: readonly [rule: RuleId, level: string, was: Json, is: Json, says?: RegExp][] = [
  ['endpoint-deprecated', 'info', {}, { deprecated: true }],
  ['endpoint-reactivated', 'info', { deprecated: true }, {}],
  [
    'api-sunset-date-changed-too-small',
    'error',
    { deprecated: true, 'x-sunset': '2027-02-01' },
    { deprecated: true, 'x-sunset': '2027-01-01' },
  ],
  ['sunset-deleted', 'error', { deprecated: true, 'x-sunset': '2027-02-01' }, { deprecated: true }],
  ['api-operation-id-removed', 'warning', {}, { operationId: 'other' }],
  ['api-security-added', 'error', {}, secured()],
  ['api-security-removed', 'info', secured(), {}],
  ['api-security-scope-added', 'error', secured('a'), secured('a', 'b')],
  ['api-security-scope-removed', 'info', secured('a', 'b'), secured('a')],
  ['request-body-added-required', 'error', {}, body(a)],
  ['request-body-added-optional', 'info', {}, { requestBody: json(a) }],
  ['request-body-removed', 'error', body(a), {}],
  ['request-body-became-required', 'error', { requestBody: json(a) }, body(a)],
  ['request-body-became-optional', 'info', body(a), { requestBody: json(a) }],
  [
    'request-body-media-type-added',
    'info',
    { requestBody: { content: {} } },
    { requestBody: { content: { 'text/plain': {} } } },
  ],
  [
    'request-body-media-type-removed',
    'error',
    { requestBody: { content: { 'text/plain': {} } } },
    { requestBody: { content: {} } },
  ],
  ['new-request-path-parameter', 'error', {}, parameter(text, { in: 'path', required: true })],
  ['new-required-request-parameter', 'error', {}, parameter(text, { required: true })],
  ['new-optional-request-parameter', 'info', {}, parameter(text)],
  ['request-parameter-removed', 'error', parameter(text), {}],
  ['request-parameter-became-required', 'error', parameter(text), parameter(text, { required: true })],
  ['request-parameter-became-optional', 'info', parameter(text, { required: true }), parameter(text)],
  ['new-required-request-property', 'error', body(a), body(object({ a: text, b: text }))],
  ['new-optional-request-property', 'info', body(a), body(object({ a: text, b: text }, ['a']))],
  ['request-property-removed', 'error', body(object({ a: text, b: text })), body(a), /refused/],
  [
    'request-property-removed',
    'warning',
    body(object({ a: text, b: text }, ['a'], { additionalProperties: {} })),
    body(object({ a: text }, ['a'], { additionalProperties: {} })),
    /ignored/,
  ],
  ['request-property-became-required', 'error', body(object({ a: text }, [])), body(a)],
  ['request-property-became-optional', 'info', body(a), body(object({ a: text }, []))],
  ['response-required-property-removed', 'error', answer(object({ a: text, b: text })), answer(a)],
  ['response-optional-property-removed', 'warning', answer(object({ a: text, b: text }, ['a'])), answer(a)],
  ['response-required-property-added', 'info', answer(a), answer(object({ a: text, b: text }))],
  ['response-optional-property-added', 'info', answer(a), answer(object({ a: text, b: text }, ['a']))],
  ['response-property-became-optional', 'error', answer(a), answer(object({ a: text }, []))],
  ['response-property-became-required', 'info', answer(object({ a: text }, [])), answer(a)],
  ['response-success-status-removed', 'error', { responses: { 200: {} } }, {}],
  ['response-success-status-added', 'warning', {}, { responses: { 201: {} } }],
  ['response-non-success-status-added', 'info', {}, { responses: { 404: {} } }],
  ['response-non-success-status-removed', 'info', { responses: { 404: {} } }, {}],
  [
    'response-media-type-added',
    'info',
    { responses: { 200: {} } },
    { responses: { 200: { content: { 'application/x-ndjson': {} } } } },
  ],
  [
    'response-media-type-removed',
    'error',
    { responses: { 200: { content: { 'application/x-ndjson': {} } } } },
    { responses: { 200: {} } },
  ],
  [
    'required-response-header-removed',
    'error',
    { responses: { 201: { headers: { Location: { required: true } } } } },
    { responses: { 201: {} } },
  ],
  [
    'optional-response-header-removed',
    'warning',
    { responses: { 201: { headers: { Location: {} } } } },
    { responses: { 201: {} } },
  ],
  [
    'response-header-added',
    'info',
    { responses: { 201: {} } },
    { responses: { 201: { headers: { Location: {} } } } },
  ],
  [
    'facet-problem-code-added',
    'warning',
    { responses: { 404: { 'x-facet-codes': ['a'] } } },
    { responses: { 404: { 'x-facet-codes': ['a', 'b'] } } },
  ],
  [
    'facet-problem-code-removed',
    'info',
    {
      responses: {
        404: {
          content: {
            'application/problem+json': {
              schema: { allOf: [{}, { properties: { code: { enum: ['a', 'b'] } } }] },
            },
          },
        },
      },
    },
    { responses: { 404: { 'x-facet-codes': ['a'] } } },
  ],
  ['facet-kind-changed', 'error', { 'x-facet-kind': 'query' }, { 'x-facet-kind': 'command' }],
  ['facet-access-tightened', 'error', {}, { 'x-facet-access': { roles: ['operator'] } }, /roles operator/],
  ['facet-access-loosened', 'info', { 'x-facet-access': { owner: 'customerId' } }, {}, /owner customerId/],
  ['facet-transport-changed', 'error', {}, { 'x-facet-message': 'get_things' }],
  [
    'facet-transport-changed',
    'error',
    { 'x-facet-http': { path: '/a' } },
    { 'x-facet-http': { path: '/b' } },
  ],
  ['facet-by-ids-changed', 'error', { 'x-facet-by-ids': { max: 100 } }, { 'x-facet-by-ids': { max: 50 } }],
  ['facet-freshness-changed', 'info', {}, { 'x-facet-freshness': { ttlMs: 5 } }],
];

const betweenVersions: readonly RuleId[] = [
  'endpoint-added',
  'api-removed-without-deprecation',
  'api-removed-before-sunset',
  'api-removed-with-deprecation',
  'api-version-decreased',
];

describe('a planted change', () => {
  test.each(planted)('is found as $rule, and by no other rule', ({ rule, was, is, client, gateway }) => {
    expect(found(changesOf(was, is))).toEqual([`${client} ${rule}`]);
    expect(found(changesOf(was, is, 'gateway'))).toEqual([`${gateway} ${rule}`]);
  });

  test.each(whole)('is found as %s, and by no other rule (%s)', (rule, level, was, is, says = /./) => {
    const changes = changesOf({ responses: {}, ...was }, { responses: {}, ...is });
    const [change, ...others] = changes.filter((each) => each.rule === rule);
    expect({ level: change?.level, others }).toEqual({ level, others: [] });
    expect(change?.says).toMatch(says);
    // A status or a body that is new brings nothing else along.
    expect(changes.filter((each) => each.rule !== rule).map((each) => each.rule)).toEqual([]);
  });

  test('exists for each rule', () => {
    const tried = new Set<string>([
      ...planted.map(({ rule }) => rule),
      ...whole.map(([rule]) => rule),
      ...betweenVersions,
    ]);
    expect([...rules.keys()].filter((id) => !tried.has(id))).toEqual([]);
    expect([...tried].filter((id) => !rules.has(id))).toEqual([]);
  });
});

describe('an operation that is gone', () => {
  const empty = { openapi: '3.1.0', info: { title: 'shop', version: '1' }, paths: {} };
  const gone = (operation: Json) =>
    found(diffDocuments(documentOf(operation), empty, { reader: 'client', today: TODAY }).changes);

  test('breaks where nothing said so before', () => {
    expect(gone({})).toEqual(['error api-removed-without-deprecation']);
  });

  test('breaks before its sunset, and not from that day on', () => {
    expect(gone({ deprecated: true, 'x-sunset': '2026-12-01' })).toEqual(['error api-removed-before-sunset']);
    expect(gone({ deprecated: true, 'x-sunset': TODAY })).toEqual(['info api-removed-with-deprecation']);
    expect(gone({ deprecated: true })).toEqual(['info api-removed-with-deprecation']);
  });

  test('is new the other way', () => {
    expect(found(diffDocuments(empty, documentOf({}), { reader: 'client', today: TODAY }).changes)).toEqual([
      'info endpoint-added',
    ]);
  });
});

describe('a breaking change', () => {
  const was = answer(object({ a: text }));
  const is = answer(object({}));
  const coverOf = (base: Json, next: Json) =>
    diffDocuments(base, next, { reader: 'client', today: TODAY }).changes.map(({ rule, covered }) => [
      rule,
      covered,
    ]);

  test.each([
    ['1', '2', 'version 1 → 2'],
    ['1.4.0', '2.0.0', 'version 1.4.0 → 2.0.0'],
    ['0.1.0', '0.2.0', 'version 0.1.0 → 0.2.0'],
    ['1.4.0', '1.5.0', undefined],
    ['0.1.0', '0.1.1', undefined],
    ['1', '1', undefined],
  ])('from version %s to %s is covered by %s', (base, next, covered) => {
    expect(coverOf(documentOf(was, base), documentOf(is, next))).toEqual([
      ['response-required-property-removed', covered],
    ]);
  });

  test('is not covered by a version that goes down, which is a warning of its own', () => {
    expect(coverOf(documentOf(was, '2'), documentOf(is, '1'))).toEqual([
      ['response-required-property-removed', undefined],
      ['api-version-decreased', undefined],
    ]);
  });

  test('of a deprecated field or operation is covered once its sunset has come', () => {
    const field = (sunset: string) =>
      documentOf(answer(object({ a: { ...text, deprecated: true, 'x-sunset': sunset } })));
    expect(coverOf(field('2026-11-01'), documentOf(is))[0]?.[1]).toBe('deprecated until 2026-11-01');
    expect(coverOf(field('2026-12-01'), documentOf(is))[0]?.[1]).toBeUndefined();
    const operation = { deprecated: true, 'x-sunset': '2026-11-01' };
    expect(coverOf(documentOf({ ...was, ...operation }), documentOf({ ...is, ...operation }))[0]?.[1]).toBe(
      'deprecated until 2026-11-01',
    );
  });
});

describe('schemas', () => {
  const withModels = (operation: Json, schemas: Json) => ({
    ...documentOf(operation),
    components: { schemas },
  });
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  test('are compared through references, those that lead back to themselves too', () => {
    const tree = (leaf: Json) => object({ leaf, children: { type: 'array', items: ref('Tree') } });
    const changes = diffDocuments(
      withModels(answer(ref('Tree')), { Tree: tree(text) }),
      withModels(answer(ref('Tree')), { Tree: tree(int) }),
      { reader: 'client', today: TODAY },
    ).changes;
    expect(changes.map(({ rule, field }) => [rule, field])).toEqual([
      ['response-property-type-changed', 'leaf'],
    ]);
  });

  test('are the same by reference and in place', () => {
    const changes = diffDocuments(withModels(answer(ref('A')), { A: a }), documentOf(answer(a)), {
      reader: 'client',
      today: TODAY,
    }).changes;
    expect(changes).toEqual([]);
  });

  test('belong together by their own constant, wherever they stand in a list of alternatives', () => {
    const event = (name: string, more: Json) => object({ event: { const: name }, ...more });
    const changes = changesOf(
      answer({ oneOf: [event('first', { value: int }), event('end', {})] }),
      answer({ oneOf: [event('end', {}), event('first', { value: text })] }),
    );
    expect(changes.map(({ rule, field }) => [rule, field])).toEqual([
      ['response-property-type-changed', 'value'],
    ]);
  });

  test('of maps are compared by what they hold', () => {
    const map = (schema: Json) => answer({ type: 'object', additionalProperties: schema });
    expect(changesOf(map(int), map(text)).map(({ rule, field }) => [rule, field])).toEqual([
      ['response-property-type-changed', '*'],
    ]);
  });

  test('have fields that are named with the lists that they are in passed through', () => {
    const deep = (schema: Json) =>
      answer(object({ items: { type: 'array', items: object({ price: object({ amount: schema }) }) } }));
    expect(changesOf(deep(int), deep(text))[0]?.field).toBe('items.price.amount');
  });

  test('with a reference that leads nowhere are refused by name', () => {
    expect(() => changesOf(answer(ref('Gone')), answer(a))).toThrow(
      'the reference #/components/schemas/Gone leads nowhere',
    );
  });
});
