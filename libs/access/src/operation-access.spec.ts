import { describe, expect, test } from '@jest/globals';
import { query, service, type Caller, type OperationAccess } from '@facet/contracts';
import { z } from 'zod';
import type { Access } from './access.js';
import { checkOperationAccess, unmetDemands } from './operation-access.js';

const ada: Caller = {
  subject: 'user-1',
  kind: 'user',
  client: 'app-1',
  scopes: ['orders:read'],
  roles: [],
  customerId: 'cus_1',
  credential: 'bearer',
};
const gateway: Caller = {
  subject: 'web-bff',
  kind: 'client',
  client: 'web-bff',
  scopes: [],
  roles: [],
  credential: 'gateway',
};
const denied = expect.objectContaining({ code: 'access.denied', status: 403 });

function anything(access: OperationAccess) {
  return service('things', {
    any: query({ summary: 'Anything', access, input: z.strictObject({}), output: z.strictObject({}) }),
  }).any;
}

function check(access: OperationAccess, input: unknown, caller: Caller = ada) {
  return () => checkOperationAccess(anything(access), input, caller);
}

describe('what a service lets callers ask', () => {
  test("Z1 the caller's own object is answered, another customer's is not", () => {
    expect(check({ owner: 'customerId' }, { customerId: 'cus_1' })).not.toThrow();
    for (const customerId of ['cus_2', 'CUS_1', 'cus_1 ', '', undefined, null])
      expect(check({ owner: 'customerId' }, { customerId })).toThrow(denied);
  });

  test('Z1 of a list every one must be their own', () => {
    expect(check({ owner: 'ids' }, { ids: ['cus_1', 'cus_1'] })).not.toThrow();
    expect(check({ owner: 'ids' }, { ids: ['cus_1', 'cus_2'] })).toThrow(denied);
    expect(check({ owner: 'ids' }, { ids: [] })).toThrow(denied);
  });

  test('Z1 who has no customer owns nothing, not even what belongs to nobody', () => {
    const { customerId: _, ...nobody } = ada;
    for (const caller of [nobody, gateway])
      expect(check({ owner: 'customerId' }, { customerId: undefined }, caller)).toThrow(denied);
  });

  test('Z2 scopes, roles and gateways for themselves are told apart', () => {
    expect(check({ scopes: ['orders:read'] }, {})).not.toThrow();
    expect(check({ scopes: ['orders:write'] }, {})).toThrow(denied);
    expect(check({ roles: ['operator'] }, {})).toThrow(denied);
    expect(check({ gatewayOnly: true }, {})).toThrow(denied);
    expect(check({ gatewayOnly: true }, {}, gateway)).not.toThrow();
  });
});

describe('what an operation demands and a route does not', () => {
  const demanded: OperationAccess = { scopes: ['a:read', 'b:read'], roles: ['operator'], owner: 'id' };
  const unmet = (access: Access, of: OperationAccess = demanded) => unmetDemands(anything(of), access);

  test('Z7 is nothing where the route is as strict or stricter', () => {
    expect(unmet({ scopes: ['a:read', 'b:read', 'c'], roles: ['operator', 'x'], kind: 'user' })).toEqual([]);
    expect(unmet({}, { owner: 'id' })).toEqual([]);
    const { access: _, ...open } = anything({});
    expect(unmetDemands(open, 'public')).toEqual([]);
  });

  test('Z7 is each scope and role that is missing, and that somebody has signed in', () => {
    expect(unmet({ scopes: ['b:read'] })).toEqual(['the scope a:read', 'the role operator']);
    expect(unmet('public')).toEqual([
      'a caller who has signed in',
      ...['the scope a:read', 'the scope b:read', 'the role operator'],
      'the caller\'s own customer in "id"',
    ]);
    expect(unmet('public', {})).toEqual(['a caller who has signed in']);
  });

  test('Z7 is met by no route where only a gateway may ask', () => {
    expect(unmet({ roles: ['operator'] }, { gatewayOnly: true })).toEqual(['a gateway that asks for itself']);
  });

  test("Z7 is nothing of whom it is asked where anybody's may be asked for", () => {
    const anybody = { owner: { anybody: 'prices are the same for all' } };
    expect(unmet('public', anybody)).toEqual([]);
    expect(() => checkOperationAccess(anything(anybody), {}, undefined)).not.toThrow();
    const scoped = { ...anybody, scopes: ['a:read'] };
    expect(unmet('public', scoped)).toEqual(['a caller who has signed in', 'the scope a:read']);
    expect(() => checkOperationAccess(anything(scoped), {}, undefined)).toThrow(
      expect.objectContaining({ status: 401 }),
    );
  });

  test('Z7 a visitor is asked to sign in', () => {
    const visited = () => checkOperationAccess(anything({}), {}, undefined);
    expect(visited).toThrow(expect.objectContaining({ code: 'auth.required', status: 401 }));
  });
});
