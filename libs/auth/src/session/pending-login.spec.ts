import { describe, expect, test } from '@jest/globals';
import { LoginSeal } from './pending-login.js';

const login = { state: 's', nonce: 'n', verifier: 'v', returnTo: '/' };
const seal = (clientSecret: string, otherClientSecret?: string) =>
  new LoginSeal({ clientId: 'web-bff', clientSecret, otherClientSecret });

describe('a sealed sign-in', () => {
  test('is opened by every instance while one secret of the client is replaced by another', async () => {
    const instances = {
      'with the old one alone': seal('old'),
      'told of the new one': seal('old', 'new'),
      'with the new one': seal('new', 'old'),
    };
    const {
      'told of the new one': told,
      'with the new one': done,
      'with the old one alone': still,
    } = instances;
    // First all are told of the new secret, then all use it: at no moment is one asked to open what it cannot.
    expect(await told.open(await still.seal(login))).toEqual(login);
    expect(await still.open(await told.seal(login))).toEqual(login);
    expect(await told.open(await done.seal(login))).toEqual(login);
    expect(await done.open(await told.seal(login))).toEqual(login);
  });

  test('is not opened with a secret that is neither', async () => {
    expect(await seal('new').open(await seal('old').seal(login))).toBeUndefined();
    expect(await seal('new', 'other').open(await seal('old').seal(login))).toBeUndefined();
  });
});
