import { describe, expect, test } from '@jest/globals';
import { loadConfig, type Logger } from '@facet/platform';
import { z } from 'zod';
import { issuerVariables } from './issuer.js';
import { originsOf, ownOrigin } from './own-origin.js';

const variables = z.object(issuerVariables('urn:facet:spec'));
const read = (PUBLIC_ORIGINS: string) => loadConfig('spec', variables, { PUBLIC_ORIGINS }).PUBLIC_ORIGINS;

function listener() {
  const warnings: unknown[] = [];
  const logger = { warn: (message: unknown) => warnings.push(message) } as unknown as Logger;
  return { warnings, logger };
}

describe('PUBLIC_ORIGINS', () => {
  test('names one origin or several', () => {
    expect(read('https://api.example.com, http://10.0.0.1:3010')).toEqual([
      'https://api.example.com',
      'http://10.0.0.1:3010',
    ]);
  });

  test.each([
    'api.example.com',
    'https://api.example.com/',
    'https://api.example.com/v1',
    'https://API.example.com',
    'https://a:b@api.example.com',
    'https://api.example.com,',
    'ftp://api.example.com',
  ])('is named where %s is no origin', (text) => {
    expect(() => read(text)).toThrow(/PUBLIC_ORIGINS.*expected origins/);
  });

  test('is asked for in production: without it no proof or signature holds, and the log says so', () => {
    const { warnings, logger } = listener();
    const origins = originsOf({ production: true }, logger);
    expect(ownOrigin(new URL('http://localhost:3010/v1/orders'), origins)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('PUBLIC_ORIGINS')]);
  });

  test('is not needed in development', () => {
    const { warnings, logger } = listener();
    expect(originsOf({ production: false }, logger)).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});
