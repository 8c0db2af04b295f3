/** A network between a client and the front of the servers. */
export interface Network {
  readonly name: string;
  /** There and back, in milliseconds, with nothing in the way. */
  readonly rttMs: number;
  /** Towards the client and away from it, in Mbit/s. */
  readonly downMbit: number;
  readonly upMbit: number;
  /** The share of packets that is lost, each way: 0 to 1. */
  readonly loss: number;
}

const clean = { loss: 0 };

/** `Slow 4G` is what the developer tools of browsers call by that name. */
export const networks = {
  office: { name: 'office', rttMs: 5, downMbit: 100, upMbit: 100, ...clean },
  home: { name: 'home', rttMs: 25, downMbit: 50, upMbit: 10, ...clean },
  '4g': { name: '4G', rttMs: 50, downMbit: 20, upMbit: 5, ...clean },
  'slow-4g': { name: 'Slow 4G', rttMs: 150, downMbit: 1.6, upMbit: 0.75, ...clean },
} as const satisfies Record<string, Network>;

export const lossy = (network: Network): Network => ({ ...network, loss: 0.01 });

/** For the map: a round trip and nothing else in the way. */
export const distance = (rttMs: number): Network => ({
  name: `${rttMs} ms`,
  rttMs,
  downMbit: 100,
  upMbit: 100,
  ...clean,
});
