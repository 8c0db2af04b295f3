/**
 * A Jest reporter that leaves how many tests passed and failed in `.facet/test-counts/<project>.json`, so that a run
 * over all projects can be summed up (`sum-tests.mjs`). A file that did not even load counts as one failure.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../.facet/test-counts/', import.meta.url));

export default class CountTests {
  onRunComplete(contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    mkdirSync(folder, { recursive: true });
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    for (const { config } of contexts) {
      writeFileSync(`${folder}${config.displayName.name}.json`, JSON.stringify(counts));
    }
  }
}
