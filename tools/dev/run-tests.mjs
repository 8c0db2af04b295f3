/**
 * `npm test`: the tests of all projects, then what was skipped and why, then `N passed, N failed`. With `--none-skipped` it fails where
 * anything was skipped that a machine with the right packages runs: CI has them all.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { refuseIncompleteInstall } from './installed.mjs';
import { root } from './root.mjs';

/** What a package manager does not mend. */
const NOT_MENDABLE = [
  ...['no Linux', 'not root', 'no file systems can be mounted here', 'no kubectl that knows components'],
  ...['the samples are gone', 'no two services and a gateway here', 'no gateway here'],
];

refuseIncompleteInstall();
const given = process.argv.slice(2);
const folder = new URL('.facet/test-counts/', root);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const nx = fileURLToPath(new URL('node_modules/nx/dist/bin/nx.js', root));
const args = ['run-many', '-t', 'test', ...given.filter((each) => each !== '--none-skipped')];
const { status } = spawnSync(process.execPath, [nx, ...args], { stdio: 'inherit' });

const projects = readdirSync(folder).map((file) => ({
  project: file.replace(/\.json$/, ''),
  ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
}));
const sum = (of) => projects.reduce((total, each) => total + each[of], 0);
const skipped = projects.flatMap((each) => each.skipped.map((test) => ({ project: each.project, ...test })));
for (const [why, tests] of Map.groupBy(skipped, (each) => each.why)) {
  const where = [...new Set(tests.map(({ project }) => project))].join(', ');
  process.stdout.write(`Skipped ${tests.length} in ${where}: ${why}\n`);
}
const mendable = skipped.filter(({ why }) => !NOT_MENDABLE.includes(why));
const isRefused = given.includes('--none-skipped') && mendable.length > 0;
if (isRefused) process.stdout.write('Nothing may be skipped here:\n');
if (isRefused) for (const { project, test } of mendable) process.stdout.write(`  ${project}: ${test}\n`);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = isRefused ? 1 : (status ?? 1);
