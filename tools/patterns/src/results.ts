import type { Cell } from './lane/tasks.js';
import type { Turn } from './lane/turn.js';
import type { Network } from './network/networks.js';
import type { FaultKind } from './stages/plan.js';
import type { Cpu } from './site/site.js';
import type { ScreenName, Way } from './ways.js';

/** All that a run has seen, as it is kept. */
export interface Results {
  readonly at: string;
  readonly plan: 'full' | 'quick';
  readonly machine: { readonly cpus: number; readonly node: string; readonly system: string };
  /** What the networks were: packets through the kernel's own TCP, or the model, and why. */
  readonly network: {
    readonly kind: 'packets' | 'model';
    readonly why?: string;
    readonly congestion: string;
  };
  readonly front: string;
  readonly tookSeconds: number;
  readonly cells: readonly CellResult[];
  readonly again: readonly AgainResult[];
  readonly map: readonly ChainResult[];
  readonly faults: readonly FaultResult[];
  readonly load: readonly LoadResult[];
}

export type TurnResult = Omit<Turn, 'steps'>;

export interface CellResult extends Cell {
  readonly network: Network;
  /** Whether the network was the model; packets else, in a run that sends them. */
  readonly modelled: boolean;
  readonly turns: readonly TurnResult[];
}

export interface AgainResult {
  readonly screen: ScreenName;
  readonly way: Way;
  readonly laterMs: number;
  readonly turns: readonly TurnResult[];
}

export interface ChainResult {
  readonly rttMs: number;
  readonly length: number;
  readonly way: 'direct' | 'general';
  readonly turns: readonly TurnResult[];
}

export interface FaultResult {
  readonly fault: FaultKind;
  readonly screen: ScreenName;
  readonly way: Way;
  /** Whether the screen showed all that it shows without the fault, turn by turn; in order. */
  readonly isWhole: readonly boolean[];
  readonly turns: readonly TurnResult[];
}

export interface LoadResult {
  readonly screen: ScreenName;
  readonly way: Way;
  readonly cached: boolean;
  /** Screens a second, round by round. */
  readonly perSecond: readonly number[];
  readonly failures: number;
  /** Milliseconds of CPU for one screen; undefined where the system does not tell. */
  readonly cpuMs?: Cpu;
}
