/** The processes that are measured: one gateway each. */
export type GatewayName = 'stock' | 'public' | 'token' | 'three' | 'foreign' | 'cached' | 'bare' | 'empty';

/** One who takes turns in a race: a gateway, asked for a path with some headers. */
export interface Racer {
  readonly name: string;
  readonly gateway: GatewayName;
  readonly path: string;
  readonly headers?: 'browser' | 'token';
  /** The most that its CPU per request may be, as a ratio to the race's first racer. */
  readonly goal?: number;
  /** Where not the first racer is what it is compared with. */
  readonly comparedWith?: string;
}

export interface Race {
  readonly title: string;
  readonly racers: readonly Racer[];
  /** Whether its racers are also held at 40% of their own saturation, and their tails compared. */
  readonly isSteady?: boolean;
}

/** What a browser sends beside `host` with a request of a page's script. */
export const browserHeaders: Readonly<Record<string, string>> = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  accept: 'application/json',
  'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
  'accept-encoding': 'gzip, deflate, br, zstd',
  referer: 'https://shop.example.com/products/1',
  origin: 'https://shop.example.com',
  'sec-ch-ua': '"Chromium";v="140", "Not=A?Brand";v="24"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Linux"',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-site',
};

const bounds: readonly Racer[] = [
  { name: 'bare', gateway: 'bare', path: '' },
  { name: 'empty', gateway: 'empty', path: '' },
];

/** The races and their goals, which are those of the design: ratios of CPU per request to stock Nest's in the same run. */
export const races: readonly Race[] = [
  race('cut', 'four services, the first rows of each, 2.5 KB', { own: 0.45, foreign: 0.65, steady: true }, [
    { name: 'ours, three instances', gateway: 'three', path: 'cut' },
    { name: 'ours, bearer token', gateway: 'token', path: 'cut', headers: 'token', goal: 0.5 },
    { name: 'stock, browser headers', gateway: 'stock', path: 'cut', headers: 'browser' },
    {
      ...{ name: 'ours, browser headers', gateway: 'public', path: 'cut', headers: 'browser', goal: 0.5 },
      comparedWith: 'stock, browser headers',
    },
    { name: 'ours, a controller', gateway: 'public', path: 'nest/cut', goal: 0.5 },
    ...bounds,
  ]),
  race('look', 'the same with a shape that looks into the parts', { own: 0.65 }, []),
  race('whole', 'four bodies passed on whole, 13.7 KB', { own: 0.42, foreign: 0.6, steady: true }, [
    { name: 'ours, a controller', gateway: 'public', path: 'nest/whole', goal: 0.5 },
    ...bounds,
  ]),
  race('through', 'one body of 8 KB passed through', { own: 0.5, foreign: 0.65, steady: true }, [
    { name: 'ours, a controller', gateway: 'public', path: 'nest/through', goal: 0.6 },
    ...bounds,
  ]),
  {
    title: 'an answer that is kept whole, against a constant body through Nest',
    racers: [
      { name: 'empty', gateway: 'empty', path: 'cut' },
      { name: 'ours, cached', gateway: 'cached', path: 'cut', goal: 1.1 },
      { name: 'stock', gateway: 'stock', path: 'cut' },
    ],
  },
];

interface RaceGoals {
  readonly own: number;
  readonly foreign?: number;
  readonly steady?: boolean;
}

function race(path: string, title: string, goals: RaceGoals, others: readonly Racer[]): Race {
  return {
    title,
    isSteady: goals.steady ?? false,
    racers: [
      { name: 'stock', gateway: 'stock', path },
      { name: 'ours', gateway: 'public', path, goal: goals.own },
      {
        ...{ name: 'ours, stock services', gateway: 'foreign' as const, path },
        ...(goals.foreign === undefined ? {} : { goal: goals.foreign }),
      },
      ...others.map((racer) => (racer.path === '' ? { ...racer, path } : racer)),
    ],
  };
}
