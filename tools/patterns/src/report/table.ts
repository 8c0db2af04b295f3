import { ways, type Way } from '../ways.js';
import { bestOf, type Row, type Section } from './figures.js';

const heads: Readonly<Record<Way, string>> = { direct: 'direct', general: 'one', own: 'per client' };

const cell = (row: Row, way: Way): string =>
  Number.isNaN(row.values[way]) ? '–' : row.text(row.values[way], way);

/** The figures for a terminal, 60 columns wide where they can be; `*` marks the best of a row. */
export function terminalTable(sections: readonly Section[], isBold: boolean): string {
  return sections.map((section) => sectionLines(section, isBold).join('\n')).join('\n\n');
}

function sectionLines({ title, rows }: Section, isBold: boolean): readonly string[] {
  const texts = rows.map((row) => ways.map((way) => cell(row, way)));
  const widths = ways.map(
    (way, at) => Math.max(heads[way].length, ...texts.map((line) => (line[at] ?? '').length)) + 1,
  );
  const isWide = widths.reduce((sum, width) => sum + width, 0) > 44;
  const label = isWide ? 0 : Math.max(...rows.map(({ what }) => what.length));
  const line = (what: string, cells: readonly string[]): string =>
    `${what.padEnd(label)}  ${cells.join('  ')}`.trimEnd();
  const head = ways.map((way, at) => heads[way].padStart(widths[at] ?? 0));
  const bold = (text: string): string => (isBold ? `\x1b[1m${text}\x1b[22m` : text);
  const body = rows.flatMap((row, index) => {
    const best = bestOf(row);
    const cells = ways.map((way, at) => {
      const text = `${texts[index]?.[at] ?? ''}${best.includes(way) ? '*' : ' '}`.padStart(widths[at] ?? 0);
      return best.includes(way) ? bold(text) : text;
    });
    return isWide ? [row.what, line('', cells)] : [line(row.what, cells)];
  });
  return [bold(title), isWide ? line('', head) : line('', head), ...body];
}

/** The same as a table of Markdown; the best of a row is bold. */
export function markdownTable({ title, rows }: Section): string {
  const lines = rows.map((row) => {
    const best = bestOf(row);
    const cells = ways.map((way) => (best.includes(way) ? `**${cell(row, way)}**` : cell(row, way)));
    return `| ${row.what} | ${cells.join(' | ')} |`;
  });
  return [
    `| ${title} | direct | one gateway | a gateway per client |`,
    '| --- | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}
