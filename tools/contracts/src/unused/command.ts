import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { parseArgs } from 'node:util';
import { parse, UsageError } from '../diff/base.js';
import { gatewayDocuments } from '../documents/gateways.js';
import { hanging } from '../terminal/hanging.js';
import type { Terminal } from '../terminal/terminal.js';
import { deprecatedIn } from './deprecations.js';
import { Prometheus } from './prometheus.js';
import { usagesOf, type Usage } from './usage.js';

const HELP = `npm run contracts:unused -- --prometheus http://127.0.0.1:9090 [--days 30]

Says of each deprecated route and field who called it in the last days, and which may go.
`;

/** Runs the command; the exit code is 2 where it was asked wrongly, or Prometheus does not answer. */
export async function unusedCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${error.message}\n`);
    return 2;
  }
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { prometheus, days = '30', help } = readArguments(args);
  if (help === true) {
    terminal.out(HELP);
    return 0;
  }
  if (prometheus === undefined) throw new UsageError('name where to ask: --prometheus http://127.0.0.1:9090');
  const window = Number(days);
  if (!Number.isSafeInteger(window) || window < 1)
    throw new UsageError(`--days is "${days}", expected a whole number from 1`);
  const server = new Prometheus(prometheus);
  const deprecated = gatewayDocuments(terminal.root).flatMap((path) =>
    deprecatedIn(path.split('/')[1] as string, parse(readFileSync(join(terminal.root, path), 'utf8'), path)),
  );
  if (deprecated.length === 0) {
    terminal.out('No route and no field is deprecated.\n');
    return 0;
  }
  const now = Date.now() / 1_000;
  terminal.out(textOf(await usagesOf(server, deprecated, { days: window, now }), terminal));
  return 0;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { prometheus: { type: 'string' }, days: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0], { cause: error });
  }
}

const STYLES = {
  'may go': 'green',
  'in use': 'red',
  'unused until its day': 'yellow',
  'not known': 'yellow',
} as const;

function textOf(usages: readonly Usage[], { width, isColoured }: Terminal): string {
  const lines = Object.entries(STYLES).flatMap(([verdict, style]) => {
    const all = usages.filter((each) => each.verdict === verdict);
    if (all.length === 0) return [];
    const heading = isColoured ? styleText(style, verdict, { validateStream: false }) : verdict;
    return [
      heading,
      ...all.flatMap((each) => hanging('', `${nameOf(each)}: ${each.because}`, width, (text) => text)),
      '',
    ];
  });
  return `${lines.join('\n')}\n`;
}

function nameOf({ what: { gateway, method, route, field } }: Usage): string {
  return `${gateway} ${method} ${route}${field === '' ? '' : `, ${field}`}`;
}
