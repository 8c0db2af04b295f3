import { fileURLToPath } from 'node:url';
import { refuseIncompleteInstall } from './installed.mjs';
import { sourceCondition } from './root.mjs';

refuseIncompleteInstall();

/** What every project's Jest shares: native ESM, compiled by SWC, workspace packages taken from source. */
const preset = {
  testEnvironment: 'node',
  // No glob: the workspace may stand in a folder whose name would be part of it.
  testRegex: String.raw`\.spec\.ts$`,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testEnvironmentOptions: {
    customExportConditions: [sourceCondition, 'node', 'node-addons'],
  },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      fileURLToPath(import.meta.resolve('@swc/jest')),
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, verbatimModuleSyntax: true },
        },
      },
    ],
  },
  maxWorkers: 2,
  reporters: ['default', fileURLToPath(new URL('./count-tests.mjs', import.meta.url))],
  // Real processes on a shared machine: a test that hangs is told from one that is slow.
  testTimeout: 60_000,
};

export default preset;
