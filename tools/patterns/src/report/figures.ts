import { BROKEN, SLOW_MS } from '../stages/faults.js';
import type { Results, TurnResult } from '../results.js';
import { screenNames, screenTitles, ways, type ScreenName, type Way } from '../ways.js';
import { clientLines, generalServerLines, ownServerLines } from './lines.js';
import { cellsOf, networkNames, timeOf, turnsOf, type Asked } from './read.js';
import { estimate, median, slowestTenth } from './stats.js';

/** One row of a table: what was looked at, and a figure for each way; NaN where there is none. */
export interface Row {
  readonly what: string;
  readonly values: Readonly<Record<Way, number>>;
  readonly text: (value: number, way: Way) => string;
  /** Which is better. */
  readonly better: 'less' | 'more' | 'neither';
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const forWays = (of: (way: Way) => number): Row['values'] => ({
  direct: of('direct'),
  general: of('general'),
  own: of('own'),
});

const whole = (value: number): string => String(Math.round(value));
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : whole(value)} ms`;
const kilobytes = (value: number): string => `${(value / 1_000).toFixed(1)} KB`;

/** Which ways are the best in a row, to within what rounds to the same text; none where all are. */
export function bestOf({ values, text, better }: Row): readonly Way[] {
  const known = ways.filter((way) => !Number.isNaN(values[way]));
  if (better === 'neither' || known.length === 0) return [];
  const sorted = [...known].sort((a, b) =>
    better === 'less' ? values[a] - values[b] : values[b] - values[a],
  );
  const best = sorted[0] as Way;
  const equal = known.filter((way) => text(values[way], way) === text(values[best], best));
  return equal.length === known.length ? [] : equal;
}

/** Everything in one table, what a gateway per client loses as well as what it wins. */
export function figures(results: Results): readonly Section[] {
  const screens = screenNames.filter((screen) => cellsOf(results, { screen }).length > 0);
  return [
    ...screens.map((screen) => screenSection(results, screen)),
    againSection(results),
    ...faultSections(results),
    loadSection(results),
    ownershipSection(),
  ].filter(({ rows }) => rows.length > 0);
}

function screenSection(results: Results, screen: ScreenName): Section {
  const one = (of: (turn: TurnResult) => number) =>
    forWays((way) => median(turnsOf(results, { screen, way, protocol: 'h2', warm: false }).map(of)));
  const h1 = forWays((way) => {
    const turns = turnsOf(results, { screen, way, protocol: 'h1', warm: false });
    return median(turns.map(({ connections }) => connections));
  });
  const rows: Row[] = [
    { what: 'calls', values: one(({ calls }) => calls), text: whole, better: 'less' },
    { what: 'calls in a row', values: one(({ inRow }) => inRow), text: whole, better: 'less' },
    ...(Number.isNaN(h1.direct)
      ? []
      : [{ what: 'connections over HTTP/1.1', values: h1, text: whole, better: 'less' } as const]),
    {
      what: 'sent to the client, compressed',
      values: one(({ bodyBytes }) => bodyBytes),
      text: kilobytes,
      better: 'less',
    },
    { what: 'the same, unpacked', values: one(({ rawBytes }) => rawBytes), text: kilobytes, better: 'less' },
    {
      what: 'sent by the client, with TLS',
      values: one(({ bytesUp }) => bytesUp),
      text: kilobytes,
      better: 'less',
    },
    ...timeRows(results, screen),
    {
      what: 'lines of client code',
      values: forWays((way) => clientLines(screen, way)),
      text: whole,
      better: 'less',
    },
  ];
  return { title: screenTitles[screen], rows };
}

/** New connections over every network, then what differs from that. */
function timeRows(results: Results, screen: ScreenName): readonly Row[] {
  const row = (what: string, asked: Asked, of: (turns: readonly TurnResult[]) => number = complete): Row => ({
    what,
    values: forWays((way) => of(turnsOf(results, { ...asked, screen, way }))),
    text: ms,
    better: 'less',
  });
  const names = networkNames(results);
  const cold = { protocol: 'h2', warm: false } as const;
  const far = names.at(-1) ?? '';
  const rows = [
    ...names.map((network) => row(`${network}, complete`, { network, ...cold })),
    row(`${far}, first useful part`, { network: far, ...cold }, first),
    ...['4G', far].map((network) =>
      row(`${network}, connection kept`, { network, protocol: 'h2', warm: true }),
    ),
    ...['4G', far].map((network) => row(`${network}, HTTP/1.1`, { network, protocol: 'h1', warm: false })),
    ...['4G', far].map((network) => row(`${network}, 1% of packets lost`, { network, loss: 0.01, ...cold })),
    ...['4G', far].map((network) =>
      row(`${network}, 1% lost, slowest tenth`, { network, loss: 0.01, ...cold }, (turns) =>
        slowestTenth(turns.map(({ completeMs }) => completeMs)),
      ),
    ),
  ];
  return rows.filter(({ values }) => ways.some((way) => !Number.isNaN(values[way])));
}

const complete = (turns: readonly TurnResult[]): number => median(turns.map(({ completeMs }) => completeMs));
const first = (turns: readonly TurnResult[]): number => median(turns.map(({ firstMs }) => firstMs));

function againSection({ again }: Results): Section {
  const of = (screen: ScreenName, way: Way): readonly TurnResult[] =>
    again.filter((each) => each.screen === screen && each.way === way).flatMap(({ turns }) => turns);
  const rows = screenNames
    .filter((screen) => of(screen, 'own').length > 0)
    .flatMap((screen): Row[] => [
      {
        what: `${screenTitles[screen]}: received`,
        values: forWays((way) => median(of(screen, way).map(({ bytesDown }) => bytesDown))),
        text: kilobytes,
        better: 'less',
      },
      {
        what: `${screenTitles[screen]}: complete`,
        values: forWays((way) => complete(of(screen, way))),
        text: ms,
        better: 'less',
      },
    ]);
  return { title: 'the same screen again after 30 s, from the cache of the client (4G)', rows };
}

function faultSections({ faults }: Results): readonly Section[] {
  const titles = {
    slow: `${BROKEN} answers ${SLOW_MS / 1_000} s late (4G)`,
    hung: `${BROKEN} hangs (4G)`,
    dead: `${BROKEN} is gone (4G)`,
  };
  return (['slow', 'hung', 'dead'] as const).map((fault) => {
    const seen = faults.filter((each) => each.fault === fault);
    const rows = [...new Set(seen.map(({ screen }) => screen))].flatMap((screen): Row[] => {
      const of = (way: Way) => seen.find((each) => each.screen === screen && each.way === way);
      const row = (what: string, place: number, time: (turn: TurnResult) => number): Row => ({
        what: `${screenTitles[screen]}: ${what}`,
        values: forWays((way) => {
          const turn = of(way)?.turns.at(place);
          return turn === undefined ? Number.NaN : time(turn);
        }),
        text: (value, way) => `${ms(value)}, ${outcome(of(way), place)}`,
        better: 'less',
      });
      return [
        row('first useful part', 0, ({ firstMs }) => firstMs),
        row('the first time', 0, ({ completeMs }) => completeMs),
        row('soon after', -1, ({ completeMs }) => completeMs),
      ];
    });
    return { title: titles[fault], rows };
  });
}

function outcome(seen: Results['faults'][number] | undefined, place: number): string {
  const turn = seen?.turns.at(place);
  if (turn === undefined || !turn.isOk) return 'fails';
  return seen?.isWhole.at(place) === true ? 'whole' : 'a part missing';
}

function loadSection({ load }: Results): Section {
  const rows = [false, true].flatMap((cached) =>
    screenNames.flatMap((screen): Row[] => {
      const of = (way: Way) =>
        load.find((each) => each.screen === screen && each.way === way && each.cached === cached);
      if (of('own') === undefined) return [];
      const title = `${screenTitles[screen]}${cached ? ', cached in the gateway' : ''}`;
      const cpu = forWays((way) => {
        const used = of(way)?.cpuMs;
        return used === undefined ? Number.NaN : used.front + used.gateways + used.services + used.database;
      });
      return [
        {
          what: `${title}: screens a second`,
          values: forWays((way) => estimate(of(way)?.perSecond ?? []).median),
          text: whole,
          better: 'more',
        },
        ...(Number.isNaN(cpu.own)
          ? []
          : [
              {
                what: `${title}: CPU for one`,
                values: cpu,
                text: (value: number) => `${value.toFixed(2)} ms`,
                better: 'less',
              } as const,
            ]),
      ];
    }),
  );
  return { title: 'as many as the same cores can do', rows };
}

/** What there is to write, to run and to change. */
function ownershipSection(): Section {
  const own = screenNames.reduce((sum, screen) => sum + ownServerLines(screen), 0);
  const client = (way: Way): number => screenNames.reduce((sum, screen) => sum + clientLines(screen, way), 0);
  return {
    title: 'to write and to run',
    rows: [
      { what: 'lines of client code, all screens', values: forWays(client), text: whole, better: 'less' },
      {
        what: 'lines of code in gateways',
        values: { direct: 0, general: generalServerLines(), own },
        text: whole,
        better: 'less',
      },
      { what: 'gateways to deploy', values: { direct: 0, general: 1, own: 3 }, text: whole, better: 'less' },
      {
        what: 'hops before a service',
        values: { direct: 1, general: 2, own: 2 },
        text: whole,
        better: 'less',
      },
    ],
  };
}

/** How near the model comes to packets: for each of its cells, both medians. */
export function calibrationRows(
  results: Results,
): readonly { what: string; packets: number; model: number }[] {
  return cellsOf(results, { modelled: true }).map((cell) => {
    const { screen, way, protocol, warm } = cell;
    const asked = { screen, way, protocol, warm, network: cell.network.name };
    return {
      what: `${cell.network.name}, ${screenTitles[screen]}, ${way}${warm ? ', kept' : ''}`,
      packets: timeOf(results, asked).median,
      model: timeOf(results, { ...asked, modelled: true }).median,
    };
  });
}
