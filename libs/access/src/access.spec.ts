import { describe, expect, test } from '@jest/globals';
import type { Caller } from '@facet/contracts';
import { checkAccess } from './access.js';

const ada: Caller = {
  subject: 'user-1',
  kind: 'user',
  client: 'app-1',
  scopes: ['orders:read', 'orders:write'],
  roles: ['support'],
  credential: 'bearer',
};

describe('access', () => {
  test('Z2 what is public is for everybody', () => {
    expect(() => checkAccess('public', undefined)).not.toThrow();
  });

  test('Z2 any other rule wants a proven caller, an empty one too', () => {
    for (const access of [{}, { scopes: [] }, { kind: 'user' as const }])
      expect(() => checkAccess(access, undefined)).toThrow(
        expect.objectContaining({ code: 'auth.required', status: 401 }),
      );
  });

  test('Z2 who has all of the scopes, all of the roles and is of the kind may pass', () => {
    const access = { scopes: ['orders:read', 'orders:write'], roles: ['support'], kind: 'user' as const };
    expect(() => checkAccess(access, ada)).not.toThrow();
  });

  test.each([
    ['one of two scopes', { scopes: ['orders:read', 'payments:read'] }],
    ['a scope that begins alike', { scopes: ['orders'] }],
    ['a scope in other case', { scopes: ['Orders:read'] }],
    ['a role', { roles: ['support', 'admin'] }],
    ['the kind', { kind: 'client' as const }],
  ])('Z2 who lacks %s may not', (_, access) => {
    expect(() => checkAccess(access, ada)).toThrow(
      expect.objectContaining({ code: 'access.denied', status: 403 }),
    );
  });
});
