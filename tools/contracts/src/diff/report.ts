import { styleText } from 'node:util';
import type { Change } from './change.js';
import { hanging } from '../terminal/hanging.js';
import type { Level } from './rules.js';
import type { Use } from './uses.js';

/** A change with whom it meets. */
export interface Found extends Change {
  readonly uses: readonly Use[];
  /** Packages of clients that are made from the document. */
  readonly clients: readonly string[];
  /** `apps/web-bff/src/tile.ts:12` */
  readonly lines: readonly string[];
}

/** One document with all that is otherwise in it. */
export interface Section {
  /** `libs/shop/catalog/contract.json` */
  readonly path: string;
  readonly note: string;
  readonly found: readonly Found[];
}

export interface Report {
  readonly base: string;
  readonly sections: readonly Section[];
  /** What stops everything: gateways that do not start any more. */
  readonly broken: readonly string[];
}

export interface Verdict {
  readonly breaking: number;
  readonly covered: number;
  readonly warnings: number;
  readonly others: number;
}

export function verdictOf({ sections }: Report): Verdict {
  const all = sections.flatMap(({ found }) => found);
  const errors = all.filter(({ level }) => level === 'error');
  const covered = errors.filter(({ covered: by }) => by !== undefined).length;
  const warnings = all.filter(({ level }) => level === 'warning').length;
  return {
    breaking: errors.length - covered,
    covered,
    warnings,
    others: all.length - errors.length - warnings,
  };
}

/** The last line: `1 breaking change, 2 warnings, 3 other changes since main.` */
export function verdictLine(report: Report): string {
  const { breaking, covered, warnings, others } = verdictOf(report);
  const broken = report.broken.length;
  const parts = [
    ...(broken > 0 ? [counted(broken, 'gateway that does not start', 'gateways that do not start')] : []),
    ...(breaking > 0 ? [counted(breaking, 'breaking change', 'breaking changes')] : []),
    ...(covered > 0 ? [`${counted(covered, 'breaking change', 'breaking changes')} that is covered`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning', 'warnings')] : []),
    ...(others > 0 ? [counted(others, 'other change', 'other changes')] : []),
  ];
  return parts.length === 0
    ? `No contract has changed since ${report.base}.`
    : `${parts.join(', ')} since ${report.base}.`;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Changes that are the same at several places: a schema that several operations have in common. */
interface Group {
  readonly change: Found;
  readonly places: readonly Found[];
}

function groupsOf(found: readonly Found[]): readonly Group[] {
  const groups = new Map<string, Found[]>();
  for (const each of found) {
    const { rule, level, field, says, covered, lines } = each;
    const key = JSON.stringify([rule, level, field.split('.').at(-1), says, covered, lines]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()]
    .map((places) => ({ change: places[0] as Found, places }))
    .sort((a, b) => ORDER[a.change.level] - ORDER[b.change.level]);
}

const ORDER: Readonly<Record<Level, number>> = { error: 0, warning: 1, info: 2 };

export interface TextOptions {
  /** Characters in a line. */
  readonly width: number;
  readonly isColoured: boolean;
}

/** For a terminal. */
export function textReport(report: Report, { width, isColoured }: TextOptions): string {
  const paint = (style: Style, text: string) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;
  const lines = report.sections.flatMap(({ path, note, found }) => [
    paint('bold', path),
    ...(note === '' ? [] : [paint('dim', note)]),
    ...groupsOf(found).flatMap((group) => ['', ...groupText(group, width, paint)]),
    '',
  ]);
  const broken = report.broken.flatMap((each) => [
    ...hanging('error', each, width, (text) => paint('red', text)),
    '',
  ]);
  return [...broken, ...lines, paint('bold', verdictLine(report)), ''].join('\n');
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';
type Paint = (style: Style, text: string) => string;

const STYLES: Readonly<Record<Level, Style>> = { error: 'red', warning: 'yellow', info: 'green' };

function groupText({ change, places }: Group, width: number, paint: Paint): readonly string[] {
  const { level, direction, rule, covered } = change;
  const style = covered === undefined ? STYLES[level] : 'green';
  const label = (text: string) => paint('dim', text);
  return [
    ...hanging(covered === undefined ? level : 'covered', saysOf(change, places.length), width, (text) =>
      paint(style, text),
    ),
    ...hanging('rule', direction === 'both' ? rule : `${rule} (${direction})`, width, label),
    ...(covered === undefined ? [] : hanging('by', covered, width, label)),
    ...listed('in', placesOf(places), width, label),
    ...(level === 'info' ? [] : readersText(places, width, label)),
  ];
}

function readersText(
  places: readonly Found[],
  width: number,
  label: (text: string) => string,
): readonly string[] {
  return [
    ...listed('used by', usesText(places), width, label),
    ...listed('clients', [...new Set(places.flatMap(({ clients }) => clients))], width, label),
    ...listed('read at', [...new Set(places.flatMap(({ lines }) => lines))], width, label),
  ];
}

const saysOf = ({ field, operation, says }: Found, places: number): string =>
  `${field.split('.').at(-1) || (places > 1 ? `each of ${places} operations` : operation)} ${says}`;

/** `catalog.product: brand`, one line for each operation. */
function placesOf(places: readonly Found[]): readonly string[] {
  const fields = new Map<string, string[]>();
  for (const { operation, field } of places) fields.set(operation, [...(fields.get(operation) ?? []), field]);
  return [...fields].map(([operation, all]) => {
    const named = all.filter((each) => each !== '');
    return named.length === 0 ? operation : `${operation}: ${named.join(', ')}`;
  });
}

/** `mobile-bff GET /v1/home: featured, forYou` */
function usesText(places: readonly Found[]): readonly string[] {
  const parts = new Map<string, Set<string>>();
  for (const { gateway, endpoint, part } of places.flatMap(({ uses }) => uses)) {
    const key = `${gateway} ${endpoint}`;
    const known = parts.get(key) ?? new Set();
    parts.set(key, part === undefined ? known : known.add(part));
  }
  return [...parts].map(([key, names]) => (names.size === 0 ? key : `${key}: ${[...names].join(', ')}`));
}

function listed(
  label: string,
  values: readonly string[],
  width: number,
  paint: (text: string) => string,
): readonly string[] {
  return values.flatMap((value, index) => hanging(index === 0 ? label : '', value, width, paint));
}

/** For a pull request. */
export function markdownReport(report: Report): string {
  const sections = report.sections.flatMap(({ path, note, found }) => [
    `### \`${path}\``,
    '',
    ...(note === '' ? [] : [note, '']),
    ...groupsOf(found).flatMap(groupMarkdown),
  ]);
  const broken = report.broken.flatMap((each) => [`**error** ${each}`, '']);
  return [`## Contracts: ${verdictLine(report)}`, '', ...broken, ...sections].join('\n');
}

function groupMarkdown({ change, places }: Group): readonly string[] {
  const { level, direction, rule, covered, field, operation, says } = change;
  const state = covered === undefined ? level : `covered by ${covered}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['in', placesOf(places)],
    ...(level === 'info'
      ? []
      : ([
          ['used by', usesText(places)],
          ['clients', [...new Set(places.flatMap(({ clients }) => clients))]],
          ['read at', [...new Set(places.flatMap(({ lines }) => lines))]],
        ] as const)),
  ];
  const which = direction === 'both' ? '' : `, ${direction}`;
  return [
    `- **${state}** \`${field.split('.').at(-1) || operation}\` ${says} (\`${rule}\`${which})`,
    ...rows
      .filter(([, values]) => values.length > 0)
      .map(([label, values]) => `  - ${label} ${values.map((each) => `\`${each}\``).join(', ')}`),
    '',
  ];
}
