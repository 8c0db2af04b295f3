import type { Experiment, Finding } from './experiment.js';

/** @throws Error naming what there is not */
export function choose(all: readonly Experiment[], only: string | undefined): readonly Experiment[] {
  if (only === undefined) return all;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !all.some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`there is no experiment ${unknown.join(', ')}`);
  return all.filter(({ name }) => names.includes(name));
}

type Row = readonly [experiment: string, held: string, seen: string, promise: string];

/** Runs one after the other, tells of each and prints them all as a table; gives back the exit code. */
export async function runAll(chosen: readonly Experiment[], print: (line: string) => void): Promise<0 | 1> {
  const rows: Row[] = [];
  for (const experiment of chosen) {
    print(`${experiment.name} …`);
    rows.push(await rowOf(experiment));
  }
  print(`\n${table(['experiment', 'held', 'seen', 'promise'], rows)}`);
  return rows.some(([, held]) => held === 'NO') ? 1 : 0;
}

async function rowOf(experiment: Experiment): Promise<Row> {
  const { name, promise, skipped } = experiment;
  if (skipped !== undefined) return [name, 'skipped', skipped, promise];
  const { seen, held } = await experiment
    .run()
    .catch((error: unknown): Finding => ({ seen: `it broke off: ${String(error)}`, held: false }));
  return [name, held ? 'yes' : 'NO', seen, promise];
}

function table(header: Row, rows: readonly Row[]): string {
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: Row) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}
