import { describe, expect, test } from '@jest/globals';
import { verifyPassword } from './users.js';

describe('the seeded users', () => {
  test('are known by name and password together', () => {
    expect(verifyPassword('ada', 'ada-in-development')?.subject).toBe('user-ada');
    expect(verifyPassword('ada', 'grace-in-development')).toBeUndefined();
    expect(verifyPassword('nobody', '')).toBeUndefined();
    expect(verifyPassword('__proto__', '')).toBeUndefined();
  });
});
