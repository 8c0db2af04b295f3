import { expect, test } from '@jest/globals';
import { sizeOf, withClient } from './size.js';

test.each(withClient)('a page downloads at most 6 KB for the whole client of %s', async (gateway) => {
  const { gzip } = await sizeOf(gateway, 'session');
  expect(gzip).toBeLessThanOrEqual(6_144);
  // What it is not asked for is left out.
  expect((await sizeOf(gateway, 'session', 'dpop', 'signed')).gzip).toBeGreaterThan(gzip + 300);
});
