import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ensureCluster, findInstallation } from '../src/cluster.js';

test('a cluster that is asked for twice at once is made whole, and nothing else is left beside it', async () => {
  const installation = findInstallation();
  const folder = mkdtempSync(join(installation.home, 'cluster-spec-'));
  chmodSync(folder, 0o755); // the server's own account has to pass through it
  try {
    const wanted = join(folder, 'fresh');
    const made = await Promise.all([1, 2, 3].map(() => ensureCluster(wanted, installation)));
    expect(made.map((cluster) => cluster.folder)).toEqual([wanted, wanted, wanted]);
    expect(readdirSync(folder)).toEqual(['fresh']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
