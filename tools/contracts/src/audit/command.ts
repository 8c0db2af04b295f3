import { styleText } from 'node:util';
import { parseArgs } from 'node:util';
import { UsageError } from '../diff/base.js';
import { hanging } from '../terminal/hanging.js';
import type { Terminal } from '../terminal/terminal.js';
import { audit, fails, gatewaysIn, type Finding } from './audit.js';
import { rules } from './rules.js';

const HELP = `npm run audit:routes [-- GATEWAY…] [--json]

Holds the routes of gateways against rules: docs/guides/audit.md says what each is for. Exit code 1 where something is found
that is neither a note nor allowed beside the route.

--json   findings as JSON
`;

/** Runs the command; the exit code is 1 where something is found, 2 where it was asked wrongly. */
export function auditCommand(args: readonly string[], terminal: Terminal): number {
  try {
    return run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`${error.message}\n`);
    return 2;
  }
}

function run(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = readArguments(args);
  if (values.help === true) {
    terminal.out(HELP);
    return 0;
  }
  const all = gatewaysIn(terminal.root);
  const names = all.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no gateway "${unknown}"; there are ${names.join(', ')}`);
  const found = audit(all).filter(({ gateway }) => positionals.length === 0 || positionals.includes(gateway));
  terminal.out(values.json === true ? `${JSON.stringify(found, null, 2)}\n` : textOf(found, terminal));
  return found.some(fails) ? 1 : 0;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0], { cause: error });
  }
}

const STYLES = { error: 'red', warning: 'yellow', note: 'dim', allowed: 'green' } as const;

function textOf(found: readonly Finding[], { width, isColoured }: Terminal): string {
  const paint = (style: (typeof STYLES)[keyof typeof STYLES] | 'bold', text: string) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text;
  const ids = [...new Set([...Object.keys(rules), ...found.map(({ rule }) => rule)])];
  const lines = ids.flatMap((id) => {
    const all = found.filter(({ rule }) => rule === id);
    if (all.length === 0) return [];
    const means = id in rules ? `: ${rules[id as keyof typeof rules].means}` : '';
    return [`${paint('bold', id)}${means}`, ...all.flatMap((each) => findingText(each, width, paint)), ''];
  });
  return [...lines, paint('bold', verdictOf(found)), ''].join('\n');
}

function findingText(
  { severity, gateway, place, says, allowed }: Finding,
  width: number,
  paint: (style: (typeof STYLES)[keyof typeof STYLES], text: string) => string,
): readonly string[] {
  const label = allowed === undefined ? severity : 'allowed';
  const where = place.startsWith('apps/') ? place : `${gateway} ${place}`;
  return [
    ...hanging(label, `${where} ${says}`, width, (text) => paint(STYLES[label], text)),
    ...(allowed === undefined ? [] : hanging('', `because: ${allowed}`, width, (text) => text)),
  ];
}

function verdictOf(found: readonly Finding[]): string {
  const count = (label: string, how: (finding: Finding) => boolean): string[] => {
    const { length } = found.filter(how);
    return length === 0 ? [] : [`${length} ${label}${length === 1 || label === 'allowed' ? '' : 's'}`];
  };
  const parts = [
    ...count('error', (each) => fails(each) && each.severity === 'error'),
    ...count('warning', (each) => fails(each) && each.severity === 'warning'),
    ...count('allowed', ({ allowed }) => allowed !== undefined),
    ...count('note', (each) => each.severity === 'note' && each.allowed === undefined),
  ];
  return parts.length === 0
    ? 'Nothing was found.'
    : `${parts.join(', ')}. What each rule is for: docs/guides/audit.md`;
}
