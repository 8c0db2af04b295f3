import { format, resolveConfig } from 'prettier';
import { commandVariables } from './commands.js';
import { numbersOf } from './numbers.js';
import { optionsOf } from './options.js';
import { processSettings, type ProcessSettings } from './processes.js';
import type { Setting } from './setting.js';

/** What the reference of settings says now, by path from the workspace's root. */
export const REFERENCE = 'docs/reference/settings.md';

/** The reference of every setting, as `npm run settings` writes it. */
export async function settingsReference(): Promise<string> {
  const processes = await processSettings();
  const of = (kind: ProcessSettings['kind']) => processes.filter((each) => each.kind === kind);
  const text = [
    INTRODUCTION,
    '## Gateways',
    ...groupOf('Every gateway', of('gateway')),
    '## Services',
    ...groupOf('Every service', of('service')),
    '## Other processes',
    ...[...of('identity'), ...of('command')].flatMap(({ name, settings }) => [
      `### ${name}`,
      tableOf(settings),
    ]),
    '## Commands and tests',
    'Read by what runs in development and in tests, never by an app in production.',
    commandTable(),
    '## Options of a gateway',
    OPTIONS,
    '### policy',
    await optionTable('policy'),
    '### upstreams',
    await optionTable('upstreams'),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig('docs/reference/settings.md')), parser: 'markdown' });
}

const INTRODUCTION = `<!-- Made by \`npm run settings\` from what the processes declare; an edit here is lost. -->

# Settings

Every variable of the environment that a process reads, with what it takes and its default, and every option of a gateway
that is code. A process checks all of its variables when it starts, names each that does not fit and exits with code 78.
White space at both ends of a value does not count, and a variable that is set to nothing counts as not set.

🔑 marks a secret: no log and no error shows it, and [it can be rotated](../guides/operate.md#rotate-a-secret) while clients
are served. Two libraries read variables of their own: OpenTelemetry's exporter (\`OTEL_EXPORTER_OTLP_HEADERS\` and its like) and
Node (\`NODE_EXTRA_CA_CERTS\`, \`NODE_OPTIONS\`).`;

const OPTIONS = `\`<gateway>.policy.ts\` has the policy, \`main.ts\` the settings of upstreams (\`upstreams\`, by the name of a service; \`*\`
is for all). Names and values are checked when the gateway starts; what does not fit is named with what is expected.`;

/** One table for what all of them read alike, then one for what is each one's own. */
function groupOf(title: string, processes: readonly ProcessSettings[]): readonly string[] {
  if (processes.length < 2)
    return processes.flatMap(({ name, settings }) => [`### ${name}`, tableOf(settings)]);
  const [first, ...others] = processes;
  const alike = (first?.settings ?? []).filter((setting) =>
    others.every(({ settings }) => settings.some((each) => isSame(each, setting))),
  );
  const own = processes.map(({ name, settings }) => ({
    name,
    settings: settings.filter((setting) => !alike.some((each) => isSame(each, setting))),
  }));
  return [
    ...(alike.length === 0 ? [] : [`### ${title}`, tableOf(alike)]),
    ...own.flatMap(({ name, settings }) => [`### ${name}`, tableOf(settings)]),
  ];
}

const isSame = (a: Setting, b: Setting): boolean => JSON.stringify(a) === JSON.stringify(b);

function tableOf(settings: readonly Setting[]): string {
  const rows = settings.map(({ variable, secret, byDefault, required, takes, description }) => [
    `\`${variable}\`${secret ? ' 🔑' : ''}`,
    required ? '**required**' : byDefault === undefined ? '' : `\`${byDefault}\``,
    takes,
    `${description}.`,
  ]);
  return tableText(['variable', 'default', 'takes', 'what it does'], rows);
}

const commandTable = (): string =>
  tableText(
    ['variable', 'read by', 'what it does'],
    commandVariables.map(({ variable, readBy, description }) => [
      `\`${variable}\``,
      readBy,
      `${description}.`,
    ]),
  );

async function optionTable(name: 'policy' | 'upstreams'): Promise<string> {
  const { defaultOf, rangeOf } = await numbersOf(name);
  const rows = optionsOf(name).map(({ path, type, description }) => {
    const byDefault = defaultOf(path);
    const takes = (type === '`number`' ? rangeOf(path) : undefined) ?? type;
    return [`\`${path}\``, byDefault === undefined ? '' : `\`${byDefault}\``, takes, description];
  });
  return tableText(['option', 'default', 'takes', 'what it does'], rows);
}

function tableText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
