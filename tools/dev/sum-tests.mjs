/** Writes `N passed, N failed` over all projects that have run their tests. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../.facet/test-counts/', import.meta.url);
const total = { passed: 0, failed: 0 };
for (const file of readdirSync(folder)) {
  const { passed, failed } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  total.passed += passed;
  total.failed += failed;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
