import type { LoadResult } from '../load.js';
import type { Scale } from '../scale.js';
import type { Field } from './field.js';
import type { Racer } from './scenarios.js';

export interface Turn extends LoadResult {
  readonly gatewayCpuMicros: number;
}

/** What each racer did, by its name, round by round. */
export type Turns = ReadonlyMap<string, readonly Turn[]>;

/** Requests under way at once: enough that a gateway never waits for its client. */
const IN_FLIGHT = 32;

/** The engine compiles what is called often while it runs: until then that is what would be measured. */
const WARM_CALLS = 4_000;

/**
 * Lets the racers take short turns, each round in another order: a machine that slows down for a second slows a whole
 * round, and the ratios within the round stay what they are.
 */
export async function takeTurns(field: Field, racers: readonly Racer[], scale: Scale): Promise<Turns> {
  const turns = new Map<string, Turn[]>(racers.map(({ name }) => [name, []]));
  const turn = async (racer: Racer, calls: number): Promise<Turn> => {
    const gateway = field.gateways.get(racer.gateway)!;
    const before = await gateway.ask<number>('cpu');
    const request = { ...field.targetOf(racer), inFlight: IN_FLIGHT, calls };
    const result = await field.client.ask<LoadResult>('load', request);
    return { ...result, gatewayCpuMicros: ((await gateway.ask<number>('cpu')) - before) / calls };
  };
  for (const racer of racers) await turn(racer, Math.round(WARM_CALLS * scale.warmth));
  const trial = await turn(racers[0]!, 500);
  const calls = Math.max(4 * IN_FLIGHT, Math.round(trial.perSecond * scale.turnSeconds));
  for (let round = 0; round < scale.rounds; round += 1) {
    for (let place = 0; place < racers.length; place += 1) {
      const racer = racers[(place + round) % racers.length]!;
      turns.get(racer.name)?.push(await turn(racer, calls));
    }
  }
  return turns;
}

export function column(turns: Turns, name: string, key: keyof Turn): number[] {
  return (turns.get(name) ?? []).map((turn) => turn[key]);
}

/** The share of a racer's own saturation at which tails are compared. */
const SHARE = 0.4;

/** p99 in ms, by racer and round, while each is asked at a fixed rate: 40% of what it answered at most. */
export async function holdSteady(
  field: Field,
  racers: readonly Racer[],
  { turns, scale }: { readonly turns: Turns; readonly scale: Scale },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const tails = new Map<string, number[]>(racers.map(({ name }) => [name, []]));
  for (let round = 0; round < scale.steadyRounds; round += 1) {
    for (let place = 0; place < racers.length; place += 1) {
      const racer = racers[(place + round) % racers.length]!;
      const speeds = column(turns, racer.name, 'perSecond').sort((a, b) => a - b);
      const perSecond = SHARE * (speeds[speeds.length >> 1] ?? 0);
      const request = { ...field.targetOf(racer), perSecond, seconds: scale.steadySeconds };
      const [, p99 = Number.NaN] = await field.client.ask<number[]>('steady', request);
      tails.get(racer.name)?.push(p99);
    }
  }
  return tails;
}
