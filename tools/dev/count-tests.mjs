/**
 * A Jest reporter that leaves how many tests passed and failed in `.facet/test-counts/<project>.json`, so that a run
 * over all projects can be summed up (`sum-tests.mjs`). A file that did not even load counts as one failure.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../.facet/test-counts/', import.meta.url));

export default class CountTests {
  constructor({ projects }) {
    this.project = projects[0]?.displayName?.name ?? 'unnamed';
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    mkdirSync(folder, { recursive: true });
    const counts = { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
    writeFileSync(`${folder}${this.project}.json`, JSON.stringify(counts));
  }
}
