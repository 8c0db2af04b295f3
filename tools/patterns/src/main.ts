import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, usage, type Arguments } from './arguments.js';
import { isIsolated, isolate, readyNamespace, whyNoPackets } from './network/isolate.js';
import { charts } from './report/charts.js';
import { figures } from './report/figures.js';
import { filled, pageParts, runText } from './report/page.js';
import { terminalTable } from './report/table.js';
import type { Results } from './results.js';
import { runAll } from './run.js';
import { full, quick } from './stages/plan.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGE = join(ROOT, 'docs/patterns.md');
const PICTURES = join(ROOT, 'docs/patterns');

const words = process.argv.slice(2);
try {
  const given = readArguments(words);
  if (given === 'help') process.stdout.write(usage);
  else await main(given);
} catch (error) {
  process.stderr.write(`patterns: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(given: Arguments): Promise<void> {
  const network = networkFor(given);
  endOnSignals();
  const plan = given.isQuick ? quick : full;
  const say = progress();
  const results = await runAll({ plan, network, congestion: given.congestion, say });
  say('');
  const out = resolve(given.out ?? join(ROOT, '.facet/patterns.json'));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, JSON.stringify(results));
  process.stdout.write(
    `${terminalTable(figures(results), process.stdout.isTTY)}\n\n${wrapped(runText(results))}\n`,
  );
  process.stdout.write(`Raw data: ${out}\n`);
  if (given.writes) write(results);
}

/** Packets where they can be sent: in a namespace of its own, in which this program then begins again. */
function networkFor({ isModelled, congestion }: Arguments): Results['network'] {
  if (isIsolated) return { kind: 'packets', congestion: readyNamespace(congestion) };
  const why = isModelled ? 'it was asked for' : whyNoPackets();
  if (why === undefined) isolate(words);
  return { kind: 'model', why, congestion: 'slow start and Reno' };
}

/** Ends as after a run: what was started has handlers on `exit` that end it. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
}

/** One line that changes on a terminal, else a line for each step. */
function progress(): (what: string) => void {
  const started = performance.now();
  let last = '';
  return (what) => {
    const step = what.replace(/: .*/, '');
    const seconds = Math.round((performance.now() - started) / 1_000);
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${what === '' ? '' : `${seconds} s  ${what}`.slice(0, 58)}`);
    else if (what !== '' && step !== last) process.stderr.write(`${seconds} s  ${step}\n`);
    last = step;
  };
}

function write(results: Results): void {
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, picture] of Object.entries(charts(results))) writeFileSync(join(PICTURES, name), picture);
  writeFileSync(PAGE, filled(readFileSync(PAGE, 'utf8'), pageParts(results)));
  process.stdout.write(`Written: docs/patterns.md and docs/patterns\n`);
}

function wrapped(text: string): string {
  return text.replaceAll(/(.{1,78})(?: |$)/g, '$1\n').trimEnd();
}
