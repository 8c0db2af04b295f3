import { expect, test } from '@jest/globals';
import { checkLimits } from './limits.js';

test('what a policy leaves out has its default', () => {
  expect(checkLimits({ jsonDepth: 8 })).toMatchObject({
    jsonDepth: 8,
    headerBytes: 16_384,
    connections: 20_000,
  });
});

test('a limit that is none is refused by name', () => {
  expect(() => checkLimits({ bodyBytes: 0 })).toThrow(
    'limits.bodyBytes: got 0, expected a whole number from 1',
  );
  expect(() => checkLimits({ headersMs: 20_000 })).toThrow(
    'limits.requestMs: got 14000, expected at least headersMs, 20000',
  );
});
