import type { Results } from '../results.js';
import {
  screenNames,
  screenTitles,
  threeScreens,
  wayNames,
  ways,
  type ScreenName,
  type Way,
} from '../ways.js';
import { cellsOf, networkNames, timeOf, turnsOf } from './read.js';
import { estimate, median, type Estimate } from './stats.js';
import { line, rect, svg, text } from './svg.js';

/** Narrow, so that a phone shows it in a size that can be read. */
const WIDTH = 480;
const RIGHT = 74;

interface Bar {
  readonly way: Way;
  readonly value: Estimate;
  readonly label: string;
}

interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

interface Panel {
  readonly title: string;
  readonly groups: readonly Group[];
}

/** All pictures of a run by the name of their file. */
export function charts(results: Results): Readonly<Record<string, string>> {
  return {
    'time.svg': timeChart(results),
    'bytes.svg': bytesChart(results),
    'load.svg': loadChart(results),
    'map.svg': mapChart(results),
  };
}

const three = (results: Results): readonly ScreenName[] =>
  threeScreens.filter((screen) => cellsOf(results, { screen }).length > 0);

function timeChart(results: Results): string {
  const panels = three(results).map((screen) => ({
    title: `${screenTitles[screen]}: until complete, new connection`,
    groups: networkNames(results).map((network) => ({
      title: network,
      bars: ways.map((way) => {
        const value = timeOf(results, { network, screen, way, protocol: 'h2', warm: false });
        return { way, value, label: `${Math.round(value.median)} ms` };
      }),
    })),
  }));
  return barChart('Time until each screen is complete, by network and by way', panels);
}

function bytesChart(results: Results): string {
  const panels = three(results).map((screen) => ({
    title: `${screenTitles[screen]}: sent to the client`,
    groups: (['bodyBytes', 'rawBytes'] as const).map((kind) => ({
      title: kind === 'bodyBytes' ? 'compressed' : 'unpacked',
      bars: ways.map((way) => {
        const turns = turnsOf(results, { screen, way, protocol: 'h2', warm: false });
        const value = estimate(turns.map((turn) => turn[kind]));
        return { way, value, label: `${(value.median / 1_000).toFixed(1)} KB` };
      }),
    })),
  }));
  return barChart('Bytes sent to the client for each screen, by way', panels);
}

function loadChart({ load }: Results): string {
  const groups = screenNames.flatMap((screen) => {
    const bars = ways.flatMap((way) => {
      const seen = load.find((each) => each.screen === screen && each.way === way && !each.cached);
      if (seen === undefined) return [];
      const value = estimate(seen.perSecond);
      return [{ way, value, label: `${Math.round(value.median)} / s` }];
    });
    return bars.length === 0 ? [] : [{ title: screenTitles[screen], bars }];
  });
  return barChart('Screens a second at saturation, by way', [
    { title: 'screens a second, as many as the same cores can do', groups },
  ]);
}

/** Horizontal bars; the thin line on one is the interval of its median. */
function barChart(title: string, panels: readonly Panel[]): string {
  const shapes: string[] = [...legend()];
  let y = 44;
  for (const panel of panels) {
    shapes.push(text(12, y + 14, panel.title, { is: 'head' }));
    y += 28;
    const values = panel.groups.flatMap(({ bars }) => bars.map(({ value }) => value.high));
    const scale = (WIDTH - 12 - RIGHT) / Math.max(...values.filter((value) => !Number.isNaN(value)), 1);
    for (const group of panel.groups) {
      shapes.push(text(12, y + 12, group.title, { is: 'soft' }));
      y += 18;
      for (const { way, value, label } of group.bars) {
        if (Number.isNaN(value.median)) continue;
        shapes.push(rect({ x: 12, y, width: value.median * scale, height: 13 }, way));
        shapes.push(line([12 + value.low * scale, y + 6.5], [12 + value.high * scale, y + 6.5], 'range'));
        shapes.push(text(12 + value.high * scale + 6, y + 11, label));
        y += 17;
      }
      y += 8;
    }
    y += 16;
  }
  return svg({ width: WIDTH, height: y, title, shapes });
}

function legend(): readonly string[] {
  let x = 12;
  return ways.flatMap((way) => {
    const shapes = [rect({ x, y: 14, width: 13, height: 13 }, way), text(x + 19, 25, wayNames[way])];
    x += 34 + wayNames[way].length * 7;
    return shapes;
  });
}

/** For each round trip and number of calls in a row: how much sooner, or later, one call of a gateway is done. */
function mapChart({ map }: Results): string {
  const rtts = [...new Set(map.map(({ rttMs }) => rttMs))].sort((a, b) => a - b);
  const lengths = [...new Set(map.map(({ length }) => length))].sort((a, b) => b - a);
  const [left, top, wide, high] = [96, 74, (WIDTH - 96 - 12) / Math.max(rtts.length, 1), 44];
  const shapes = [
    text(12, 22, 'How much sooner one call of a gateway is complete', { is: 'head' }),
    text(12, 42, 'than the same calls in a row from the client, in ms', { is: 'soft' }),
    text(12, top - 10, 'calls in a row', { is: 'soft' }),
  ];
  lengths.forEach((length, row) => {
    shapes.push(text(left - 14, top + row * high + high / 2 + 5, String(length), { is: 'end' }));
    rtts.forEach((rttMs, column) => {
      const timeOfWay = (way: 'direct' | 'general'): number =>
        median(
          map
            .filter((each) => each.rttMs === rttMs && each.length === length && each.way === way)
            .flatMap(({ turns }) => turns.map(({ completeMs }) => completeMs)),
        );
      const [direct, gathered] = [timeOfWay('direct'), timeOfWay('general')];
      shapes.push(...mapCell({ direct, gathered, x: left + column * wide, y: top + row * high, wide, high }));
    });
  });
  const bottom = top + lengths.length * high;
  rtts.forEach((rttMs, column) => {
    shapes.push(text(left + (column + 0.5) * wide, bottom + 18, `${rttMs} ms`, { is: 'mid' }));
  });
  shapes.push(
    text(left + (rtts.length * wide) / 2, bottom + 38, 'round trip between client and servers', {
      is: 'soft mid',
    }),
  );
  shapes.push(
    rect({ x: 12, y: bottom + 52, width: 13, height: 13 }, 'cell', 'fill:var(--win)'),
    text(31, bottom + 63, 'the gateway is sooner'),
    rect({ x: 196, y: bottom + 52, width: 13, height: 13 }, 'cell', 'fill:var(--lose)'),
    text(215, bottom + 63, 'the client alone is sooner'),
  );
  const title = 'Where one call of a gateway is sooner than calls in a row from the client';
  return svg({ width: WIDTH, height: bottom + 78, title, shapes });
}

interface MapCell {
  readonly direct: number;
  readonly gathered: number;
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly high: number;
}

/** The stronger the colour, the larger the share of the time that is saved or lost. */
function mapCell({ direct, gathered, x, y, wide, high }: MapCell): readonly string[] {
  const saved = direct - gathered;
  const share = Math.min(1, Math.abs(saved) / Math.max(direct, gathered, 1));
  const box = { x: x + 1, y: y + 1, width: wide - 2, height: high - 2 };
  const colour = saved >= 0 ? '--win' : '--lose';
  const words = `${saved >= 0 ? '+' : '−'}${Math.abs(saved) < 10 ? Math.abs(saved).toFixed(1) : Math.round(Math.abs(saved))}`;
  const isStrong = share > 0.45;
  return [
    rect(box, 'cell', 'fill:var(--even)'),
    rect(box, 'cell', `fill:var(${colour});fill-opacity:${(0.1 + 0.9 * share).toFixed(2)}`),
    text(x + wide / 2, y + high / 2 + 5, words, { is: 'mid', ...(isStrong && { fill: 'var(--ground)' }) }),
  ];
}
