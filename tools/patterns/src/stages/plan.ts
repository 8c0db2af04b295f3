import type { Cell } from '../lane/tasks.js';
import { lossy, networks, type Network } from '../network/networks.js';
import { screenNames, threeScreens, ways, type ScreenName } from '../ways.js';

/** A client on a network and what it measures. Lanes of one wave run at the same time. */
export interface LanePlan {
  readonly network: Network;
  readonly cells: readonly Cell[];
  readonly turns: number;
  /** The model of the network beside packets, to see how near it is. */
  readonly modelled?: boolean;
}

export interface Plan {
  readonly name: 'full' | 'quick';
  readonly waves: readonly (readonly LanePlan[])[];
  readonly map: { readonly rttsMs: readonly number[]; readonly turns: number };
  readonly faults: { readonly kinds: readonly FaultKind[]; readonly turns: number };
  readonly again: { readonly turns: number };
  readonly load: {
    readonly screens: readonly ScreenName[];
    readonly rounds: number;
    readonly seconds: number;
    /** Also with the gateways' answer cache, which takes starting them again. */
    readonly cached: boolean;
  };
}

export type FaultKind = 'slow' | 'hung' | 'dead';

const three: readonly ScreenName[] = threeScreens;

function cellsOf(
  screens: readonly ScreenName[],
  kinds: readonly Pick<Cell, 'protocol' | 'warm'>[],
): readonly Cell[] {
  return screens.flatMap((screen) => kinds.flatMap((kind) => ways.map((way) => ({ screen, way, ...kind }))));
}

const cold2 = { protocol: 'h2', warm: false } as const;
const warm2 = { protocol: 'h2', warm: true } as const;
const cold1 = { protocol: 'h1', warm: false } as const;
const warm1 = { protocol: 'h1', warm: true } as const;
const every = [cold2, warm2, cold1, warm1];

const lanes = (
  network: Network,
  groups: readonly (readonly ScreenName[])[],
  options: { kinds?: readonly Pick<Cell, 'protocol' | 'warm'>[]; turns: number; modelled?: boolean },
): readonly LanePlan[] =>
  groups.map((screens) => ({ ...options, network, cells: cellsOf(screens, options.kinds ?? every) }));

const { office, home, '4g': fourG, 'slow-4g': slow } = networks;
const single = (names: readonly ScreenName[]): readonly (readonly ScreenName[])[] =>
  names.map((name) => [name]);

/** The office comes first and alone: there a millisecond counts. */
export const full: Plan = {
  name: 'full',
  waves: [
    [...lanes(office, [screenNames], { turns: 12 }), ...lanes(lossy(office), [three], { turns: 12 })],
    [
      ...lanes(home, [screenNames], { turns: 10 }),
      ...lanes(lossy(home), [three], { turns: 10 }),
      ...lanes(fourG, [screenNames.slice(0, 2), screenNames.slice(2)], { turns: 10 }),
      ...lanes(lossy(fourG), [three.slice(0, 2), three.slice(2)], { turns: 10 }),
      ...lanes(slow, single(screenNames), { turns: 6 }),
      ...lanes(lossy(slow), single(three), { turns: 6 }),
    ],
  ],
  map: { rttsMs: [1, 5, 25, 50, 150], turns: 6 },
  faults: { kinds: ['slow', 'hung', 'dead'], turns: 3 },
  again: { turns: 6 },
  load: { screens: screenNames, rounds: 2, seconds: 1.2, cached: true },
};

export const quick: Plan = {
  name: 'quick',
  waves: [
    [
      ...lanes(office, [screenNames], { kinds: [cold2, warm2], turns: 3 }),
      ...lanes(home, [three], { kinds: [cold2, cold1], turns: 2 }),
      ...lanes(fourG, [three], { kinds: [cold2, cold1], turns: 2 }),
      ...lanes(lossy(fourG), [three], { kinds: [cold2], turns: 2 }),
      ...lanes(slow, single(three), { kinds: [cold2, cold1], turns: 2 }),
    ],
  ],
  map: { rttsMs: [1, 5, 25, 50, 150], turns: 3 },
  faults: { kinds: ['hung'], turns: 2 },
  again: { turns: 1 },
  load: { screens: three, rounds: 1, seconds: 0.5, cached: false },
};

/** The model beside the packets: both answer for these. */
export const calibration: readonly LanePlan[] = [
  ...lanes(office, [three], { kinds: [cold2], turns: 6, modelled: true }),
  ...lanes(fourG, [three], { kinds: [cold2, warm2], turns: 6, modelled: true }),
  ...lanes(slow, [three], { kinds: [cold2], turns: 4, modelled: true }),
];
