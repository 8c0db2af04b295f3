import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '@facet/platform';
import { z } from 'zod';
import { sessionVariables } from './config.js';

const load = (env: Record<string, string>) =>
  loadConfig('web-bff', z.object(sessionVariables('web-bff')), env);

describe('the settings of a gateway with sessions', () => {
  test.each(['shop', 'https://', 'https://shop.example.com/', 'https://shop.example.com/path', 'ftp://shop'])(
    'name PUBLIC_ORIGIN where it is %s, which is no origin',
    (value) => {
      expect(() => load({ PUBLIC_ORIGIN: value })).toThrow(/PUBLIC_ORIGIN +is .*; expected an/);
    },
  );

  test('take an origin', () => {
    expect(load({ PUBLIC_ORIGIN: 'https://shop.example.com' }).PUBLIC_ORIGIN).toBe(
      'https://shop.example.com',
    );
  });
});
