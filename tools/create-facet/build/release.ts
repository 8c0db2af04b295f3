/**
 * `npm run release -- minor`: gives every package the next version and moves what is unreleased in CHANGELOG.md under it. It commits
 * and publishes nothing. `--dry-run` shows what would change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { releaseVersion } from 'nx/release/index.js';
import { released } from './changelog.js';

const CHANGELOG = fileURLToPath(new URL('../../../CHANGELOG.md', import.meta.url));
const VERSION = /^(?:major|minor|patch|\d+\.\d+\.\d+(?:-[\w.]+)?)$/;

const usage = 'npm run release -- <major | minor | patch | 1.2.3> [--dry-run]';

async function release(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false } },
  });
  const [specifier = '', ...more] = positionals;
  if (!VERSION.test(specifier) || more.length > 0) throw new Error(`Say which version: ${usage}`);
  const dryRun = values['dry-run'];
  const text = readFileSync(CHANGELOG, 'utf8');
  // Before anything is changed: a release without a word about it is none.
  released(text, '0.0.0', new Date());
  const nothingElse = { gitCommit: false, gitTag: false, stageChanges: false, gitPush: false };
  const { workspaceVersion } = await releaseVersion({ specifier, dryRun, ...nothingElse });
  if (typeof workspaceVersion !== 'string') throw new Error('nx release gave no version to all packages');
  const now = released(text, workspaceVersion, new Date());
  if (dryRun) return `CHANGELOG.md would have a section ${workspaceVersion}. Nothing was changed`;
  writeFileSync(CHANGELOG, now);
  return `Every package is ${workspaceVersion}. Review the changes, commit them, and tag the commit v${workspaceVersion}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${await release(process.argv.slice(2))}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
