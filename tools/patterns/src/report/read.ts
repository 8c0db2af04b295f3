import type { Cell } from '../lane/tasks.js';
import type { CellResult, Results, TurnResult } from '../results.js';
import { estimate, type Estimate } from './stats.js';

export interface Asked extends Partial<Cell> {
  readonly network?: string;
  readonly loss?: number;
  readonly modelled?: boolean;
}

/** Cells that match; of packets where the run has them. */
export function cellsOf({ cells }: Pick<Results, 'cells'>, asked: Asked): readonly CellResult[] {
  const { network, loss = 0, modelled = false, ...rest } = asked;
  return cells.filter(
    (cell) =>
      (network === undefined || cell.network.name === network) &&
      cell.network.loss === loss &&
      cell.modelled === modelled &&
      Object.entries(rest).every(([name, value]) => cell[name as keyof Cell] === value),
  );
}

export const turnsOf = (results: Pick<Results, 'cells'>, asked: Asked): readonly TurnResult[] =>
  cellsOf(results, asked).flatMap(({ turns }) => turns);

export const timeOf = (results: Pick<Results, 'cells'>, asked: Asked): Estimate =>
  estimate(turnsOf(results, asked).map(({ completeMs }) => completeMs));

/** The networks of a run, the nearest first. */
export function networkNames(results: Pick<Results, 'cells'>): readonly string[] {
  const names = new Map(results.cells.map(({ network }) => [network.name, network.rttMs]));
  return [...names].sort(([, a], [, b]) => a - b).map(([name]) => name);
}
