import type { Goal } from '../goals.js';
import type { Scale } from '../scale.js';
import { median } from '../stats.js';
import { table } from '../table.js';
import { homeParts, type Part } from './bodies.js';
import { waysOf, type Way } from './ways.js';

const WARM_UP = 2_000;

/** One column of the table: whole screens, read in every way. */
interface Column {
  readonly name: string;
  /** For each way, its name and what reads all parts once. */
  readonly ways: readonly { readonly name: string; readonly screen: () => void }[];
  readonly bytes: number;
}

/**
 * What it costs to hold answers to their contract and cut them: µs of CPU for the four answers of a phone's first
 * screen, in every way to read them, each in its turn, medians. There is no goal: it tells what the gateway's suite is
 * made of.
 */
export function benchReader({ rounds, turnSeconds }: Scale): Promise<{ report: string; goals: Goal[] }> {
  const parts = homeParts();
  const columns = [
    columnOf('home', parts, { isCut: true, isOdd: false }),
    columnOf('home, unknown fields', parts, { isCut: true, isOdd: true }),
    columnOf('full', parts, { isCut: false, isOdd: false }),
    columnOf('full, unknown fields', parts, { isCut: false, isOdd: true }),
  ];
  const turns = turnsOf(columns, rounds * 2, turnSeconds * 80);
  const names = columns[0]?.ways.map(({ name }) => name) ?? [];
  const rows = names.map((name, way) => [
    name,
    ...columns.map((_, column) => median(turns[column]?.[way] ?? []).toFixed(1)),
  ]);
  const sizes = ['KB', ...columns.map(({ bytes }) => (bytes / 1_000).toFixed(1))];
  const report = table(['µs for four answers', ...columns.map(({ name }) => name)], [...rows, sizes]);
  return Promise.resolve({ report, goals: [] });
}

function columnOf(
  name: string,
  parts: readonly Part[],
  { isCut, isOdd }: { isCut: boolean; isOdd: boolean },
): Column {
  const bodies = parts.map(({ body, surplus }) => (isOdd ? surplus : body));
  const all = parts.map((part) => waysOf(part, isCut ? part.fields : undefined));
  const ways = (all[0] ?? []).map((first, way) => ({
    name: first.name,
    screen: screenOf(
      all.map((ofPart) => ofPart[way] as Way),
      bodies,
    ),
  }));
  return { name, ways, bytes: bodies.reduce((sum, { length }) => sum + length, 0) };
}

function screenOf(ways: readonly Way[], bodies: readonly Buffer[]): () => void {
  return () => {
    for (let part = 0; part < ways.length; part++) ways[part]?.read(bodies[part] as Buffer);
  };
}

/** µs of every turn, by column and way. The order turns round, so that none is always behind the same other. */
function turnsOf(columns: readonly Column[], rounds: number, turnMs: number): number[][][] {
  const seen = columns.map(({ ways }) => ways.map((): number[] => []));
  const turns = columns.flatMap(({ ways }, column) => ways.map((_, way) => ({ column, way })));
  for (const { column, way } of turns) {
    for (let i = 0; i < WARM_UP; i++) columns[column]?.ways[way]?.screen();
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < turns.length; i++) {
      const { column, way } = turns[(i + round * 5) % turns.length] as (typeof turns)[number];
      seen[column]?.[way]?.push(
        microseconds(columns[column]?.ways[way]?.screen ?? (() => undefined), turnMs),
      );
    }
  }
  return seen;
}

/** CPU time, which says the same whatever else the machine does. */
function microseconds(screen: () => void, turnMs: number): number {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let count = 0;
  for (; performance.now() - start < turnMs; count += 20) for (let i = 0; i < 20; i++) screen();
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / count;
}
