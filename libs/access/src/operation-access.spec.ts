import { describe, expect, test } from '@jest/globals';
import { query, service, type Caller, type OperationAccess } from '@facet/contracts';
import { z } from 'zod';
import { checkOperationAccess } from './operation-access.js';

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

function check(access: OperationAccess, input: unknown, caller: Caller = ada) {
  const { any } = service('things', {
    any: query({ summary: 'Anything', access, input: z.strictObject({}), output: z.strictObject({}) }),
  });
  return () => checkOperationAccess(any, input, caller);
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
