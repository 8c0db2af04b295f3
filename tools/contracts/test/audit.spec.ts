import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { describe, expect, test } from '@jest/globals';
import { audit, fails, gatewaysIn, type Finding } from '../src/audit/audit.js';
import { auditCommand } from '../src/audit/command.js';
import { Shapes } from '../src/diff/shape.js';
import type { Gateway } from '../src/audit/finding.js';
import { rules, type AuditRuleId } from '../src/audit/rules.js';
import type { Json } from '../src/documents/contract-document.js';

const json = (schema: Json): Json => ({ content: { 'application/json': { schema } } });
const object = (properties: Json): Json => ({ type: 'object', properties, additionalProperties: false });

/** Operations of contracts that are as they should be, but for what their names say. */
const contracts = new Map<string, Json>([
  [
    'shop.item',
    { 'x-facet-kind': 'query', requestBody: json(object({})), responses: { 200: json(object({})) } },
  ],
  ['shop.buy', { 'x-facet-kind': 'command', requestBody: json(object({ idempotencyKey: {} })) }],
  [
    'shop.keyless',
    { 'x-facet-kind': 'command', requestBody: json(object({})), responses: { 200: json(object({})) } },
  ],
  [
    'shop.raw',
    {
      'x-facet-kind': 'query',
      requestBody: json(object({ page: {} })),
      responses: { 200: json(object({ items: { type: 'array', items: { type: 'object' } } })) },
    },
  ],
  [
    'shop.all',
    {
      'x-facet-kind': 'query',
      requestBody: json(object({})),
      responses: { 200: json(object({ items: { type: 'array', items: object({}) } })) },
    },
  ],
  [
    'shop.spied',
    {
      'x-facet-kind': 'query',
      'x-facet-http': { headers: { 'accept-language': 'locale', 'X-User-Id': 'user' } },
      responses: { 200: json(object({})) },
    },
  ],
]);

const secured = { security: [{ bearer: [] }] };
const part = (name: string, kind: string, needs: readonly string[] = []) => ({
  ...{ name, kind, needs, service: 'shop', operation: 'item' },
});
const aggregated = (plan: Json = {}): Json => ({
  ...secured,
  'x-facet-aggregation': { depth: 1, budget: { bytes: 1_000 }, parts: [part('item', 'required')], ...plan },
  responses: { 200: json(object({})) },
});

function gatewayWith({ operation = {}, method = 'GET', source = '' }: Planted): Gateway {
  return {
    name: 'web-bff',
    contracts,
    endpoints: Object.keys(operation).length === 0 ? [] : [{ name: `${method} /things`, method, operation }],
    shapes: new Shapes({}),
    sources: [{ path: 'apps/web-bff/src/main.ts', text: source }],
  };
}

interface Planted {
  readonly operation?: Json;
  readonly method?: string;
  readonly source?: string;
}

function findingsOf(planted: Planted): readonly Finding[] {
  return audit([gatewayWith(planted), { ...gatewayWith({}), name: 'mobile-bff' }]);
}

/** A fault for each rule, with what it says, and the same without the fault. */
const planted: Readonly<Record<AuditRuleId, readonly [fault: Planted, says: RegExp, sound: Planted][]>> = {
  'public-route': [
    [{ operation: { ...aggregated(), security: [] } }, /is for everybody/, { operation: aggregated() }],
    [
      { operation: { 'x-facet-plugin': true, security: [] }, method: 'POST' },
      /guards itself/,
      { operation: { 'x-facet-plugin': true, ...secured }, method: 'POST' },
    ],
  ],
  'public-write': [
    [
      { operation: { security: [], 'x-facet-operation': 'shop.buy' }, method: 'POST' },
      /changes something/,
      // A question that needs a body.
      { operation: { security: [], 'x-facet-operation': 'shop.item' }, method: 'POST' },
    ],
  ],
  'call-without-deadline': [
    [
      { source: "const a = await fetch('http://x');" },
      /without a signal/,
      { source: "const a = await fetch('http://x', { signal });" },
    ],
    [
      { source: "fetch('http://x', { method: 'POST' });" },
      /without a signal/,
      { source: "fetch('http://x', { ...options });" },
    ],
  ],
  'command-without-key': [
    [
      { operation: { ...secured, 'x-facet-operation': 'shop.keyless' }, method: 'POST' },
      /shop\.keyless, whose input has no idempotencyKey/,
      { operation: { ...secured, 'x-facet-operation': 'shop.buy' }, method: 'POST' },
    ],
    [
      {
        operation: {
          ...secured,
          'x-facet-saga': { steps: [{ name: 'buy', operation: 'shop.buy', undoneBy: 'shop.keyless' }] },
        },
        method: 'POST',
      },
      /shop\.keyless/,
      {
        operation: { ...secured, 'x-facet-saga': { steps: [{ name: 'buy', operation: 'shop.buy' }] } },
        method: 'POST',
      },
    ],
  ],
  'raw-pass-through': [
    [
      { operation: { ...secured, 'x-facet-operation': 'shop.raw' } },
      /whatever shop\.raw has in items/,
      { operation: { ...secured, 'x-facet-operation': 'shop.item' } },
    ],
    [
      { operation: { ...secured } },
      /it has no schema/,
      { operation: { ...secured, responses: { 200: json(object({})) } } },
    ],
  ],
  'forwarded-header': [
    [
      { operation: { ...secured, 'x-facet-operation': 'shop.spied' } },
      /the header X-User-Id to shop\.spied/,
      { operation: { ...secured, 'x-facet-operation': 'shop.item' } },
    ],
    [
      { source: 'call({ headers: request.headers });' },
      /a client's headers as they are/,
      { source: "call({ headers: { accept: request.headers['accept'] } });" },
    ],
    [
      { source: 'call({ ...incoming.raw.headers });' },
      /a client's headers/,
      { source: 'call({ ...own.headers });' },
    ],
  ],
  'unbounded-input': [
    [
      { operation: { ...aggregated(), requestBody: json(object({ ids: { type: 'array', items: {} } })) } },
      /a list of any length: ids/,
      {
        operation: {
          ...aggregated(),
          requestBody: json(object({ ids: { type: 'array', items: {}, maxItems: 9 } })),
        },
      },
    ],
    [
      {
        operation: {
          ...aggregated(),
          parameters: [{ name: 'ids', in: 'query', schema: { type: 'array', items: {} } }],
        },
      },
      /ids/,
      {
        operation: { ...aggregated(), parameters: [{ name: 'id', in: 'query', schema: { type: 'string' } }] },
      },
    ],
  ],
  'unbounded-answer': [
    [
      { operation: { ...secured, 'x-facet-operation': 'shop.all' } },
      /all items that there are/,
      { operation: { ...secured, 'x-facet-operation': 'shop.item' } },
    ],
  ],
  'missing-budget': [
    [{ operation: aggregated({ budget: {} }) }, /has no budget/, { operation: aggregated() }],
  ],
  'single-optional-part': [
    [
      { operation: aggregated({ parts: [part('found', 'optional'), part('stock', 'deferred', ['found'])] }) },
      /empty without "found", which is optional/,
      { operation: aggregated({ parts: [part('found', 'optional'), part('stock', 'deferred')] }) },
    ],
    [
      {
        operation: aggregated({
          parts: [part('a', 'optional'), part('b', 'optional', ['a']), part('c', 'optional', ['b'])],
        }),
      },
      /empty without "a"/,
      { operation: aggregated({ parts: [part('a', 'required'), part('b', 'optional', ['a'])] }) },
    ],
  ],
  'deep-aggregation': [
    [
      { operation: aggregated({ depth: 4 }) },
      /makes 4 calls one after the other/,
      { operation: aggregated({ depth: 3 }) },
    ],
  ],
  'gateway-import': [
    [
      { source: "import { card } from '../../mobile-bff/src/card.js';" },
      /code of mobile-bff/,
      { source: "import { tile } from './tile.js';" },
    ],
    [
      { source: "export { card } from '@facet/mobile-bff';" },
      /code of mobile-bff/,
      { source: "export { card } from '@facet/mobile-bff-client';" },
    ],
    [
      { source: "const card = await import('@facet/mobile-bff/card');" },
      /code of mobile-bff/,
      { source: "const fs = await import('node:fs');" },
    ],
  ],
};

const cases = Object.entries(planted).flatMap(([rule, all]) =>
  all.map(([fault, says, sound]) => ({ rule: rule as AuditRuleId, fault, says, sound })),
);

describe('npm run audit:routes', () => {
  test.each(cases)(
    'finds a planted $rule ($says), and nothing without the fault',
    ({ rule, fault, says, sound }) => {
      const found = findingsOf(fault).filter((each) => each.rule === rule);
      expect(found).toMatchObject([{ rule, severity: rules[rule].severity }]);
      expect(found[0]?.says).toMatch(says);
      expect(findingsOf(sound).filter((each) => each.rule === rule)).toEqual([]);
    },
  );

  test('has a planted fault for each rule, and a heading in the guide for each', () => {
    expect(Object.keys(planted).sort()).toEqual(Object.keys(rules).sort());
    const guide = readFileSync(join(workspaceRoot, 'docs/guides/audit.md'), 'utf8');
    const headings = [...guide.matchAll(/^## `([a-z-]+)` \((\w+)\)$/gm)].map(([, id, severity]) => [
      id,
      severity,
    ]);
    expect(headings).toEqual(Object.entries(rules).map(([id, { severity }]) => [id, severity]));
  });

  test('lets pass what a route says is meant, with the reason', () => {
    const meant = { ...aggregated({ budget: {} }), 'x-facet-audit': { 'missing-budget': 'a spike' } };
    const found = findingsOf({ operation: meant });
    expect(found).toMatchObject([{ rule: 'missing-budget', allowed: 'a spike' }]);
    expect(found.some(fails)).toBe(false);
  });

  test('lets pass what a comment on the line before says is meant, for that rule alone', () => {
    const source = (rule: string) =>
      `// audit-allow ${rule}: it is on the same machine\nawait fetch('http://x');\n`;
    expect(findingsOf({ source: source('call-without-deadline') })[0]?.allowed).toBe(
      'it is on the same machine',
    );
    expect(findingsOf({ source: source('gateway-import') })[0]?.allowed).toBeUndefined();
  });

  test('finds a reason for what is not there any more, and one for no rule', () => {
    const meant = { ...aggregated(), 'x-facet-audit': { 'missing-budget': 'a spike', 'no-such-rule': 'x' } };
    expect(findingsOf({ operation: meant }).map(({ rule, says }) => [rule, says])).toEqual([
      ['unused-allowance', 'allows missing-budget, which is not found there any more'],
      ['unknown-rule', 'allows no-such-rule, which is no rule'],
    ]);
  });

  test('finds nothing in this workspace but what is a note, or is meant', () => {
    expect(audit(gatewaysIn(workspaceRoot)).filter(fails)).toEqual([]);
  });

  test.each([
    [['--wrong'], /^Unknown option '--wrong'.*\n$/],
    [['nowhere-bff'], /^there is no gateway "nowhere-bff"; there are .*\n$/],
  ])('answers %j in one line with exit code 2', (args, says) => {
    const said = { out: '', err: '' };
    const code = auditCommand(args, {
      ...{ root: workspaceRoot, width: 60, isColoured: false },
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
    });
    expect({ code, out: said.out }).toEqual({ code: 2, out: '' });
    expect(said.err).toMatch(says);
  });
});
