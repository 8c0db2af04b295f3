/**
 * A Jest reporter that leaves in `.facet/test-counts/<project>.json` how many tests passed and failed, and which were skipped and
 * why, so that a run over all projects can be summed up (`run-tests.mjs`). A file that did not even load counts as one failure.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { root } from './root.mjs';

const folder = fileURLToPath(new URL('.facet/test-counts/', root));

/** Titles say it: `sessions in Redis (skipped: no redis-server)`. */
const REASON = /\(skipped: ([^)]+)\)/;

export default class CountTests {
  onRunComplete(contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults }) {
    mkdirSync(folder, { recursive: true });
    const skipped = testResults
      .flatMap((file) => file.testResults)
      .filter(({ status }) => status === 'pending' || status === 'todo')
      .map(({ fullName }) => ({ test: fullName, why: REASON.exec(fullName)?.[1] ?? 'no reason given' }));
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped };
    for (const { config } of contexts) {
      writeFileSync(`${folder}${config.displayName.name}.json`, JSON.stringify(counts));
    }
  }
}
