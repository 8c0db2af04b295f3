import { describe, expect, test } from '@jest/globals';
import { oneForEachSignIn, otherGateways } from './other-gateways.js';

describe('the gateways that one is tried against', () => {
  test('are one for each way to sign in, however many there are', () => {
    const gateways = Array.from({ length: 15 }, (_, index) => ({
      name: `bff-${index}`,
      main: `auth: ${['session', 'bearer', 'apiKey'][index % 3] ?? ''}SignIn({})`,
    }));
    expect(oneForEachSignIn(gateways)).toEqual(['bff-0', 'bff-1', 'bff-2']);
  });

  test('are all of those whose way is their own', () => {
    const own = [
      { name: 'one-bff', main: 'auth: ours' },
      { name: 'two-bff', main: 'auth: theirs' },
    ];
    expect(oneForEachSignIn(own)).toEqual(['one-bff', 'two-bff']);
  });

  test('are not the gateway itself', () => {
    expect(otherGateways('web-bff')).toEqual(['mobile-bff', 'partner-bff']);
    expect(otherGateways('kiosk-bff')).toEqual(['web-bff', 'mobile-bff', 'partner-bff']);
  });
});
