import { describe, expect, test } from '@jest/globals';
import { readApps } from '@facet/dev';
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
    const all = readApps().filter(({ kind }) => kind === 'gateway');
    const names = all.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...otherGateways('kiosk-bff')]));
    for (const { name } of all) expect(otherGateways(name)).not.toContain(name);
  });
});
