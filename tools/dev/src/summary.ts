import pc from 'picocolors';
import type { App } from './apps.js';

export interface Started {
  readonly app: App;
  /** As it reported them, by kind. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** How a call, and the asking for a token, begin in a shell. */
export interface Calls {
  readonly curl: string;
  readonly token: string;
}

const usualCalls: Calls = { curl: 'curl -s', token: 'npm run -s token --' };

/** Addresses of everything, and calls to copy: one for each gateway. */
export function summarise(started: readonly Started[], calls: Calls | undefined): string {
  const rows = started.map(({ app, addresses }) => [
    app.name,
    addresses['http'] ?? addresses['tcp'] ?? '',
    addresses['admin'] === undefined ? '' : `${addresses['admin']}/health/ready`,
  ]);
  const issuer = started.find(({ app }) => app.kind === 'identity')?.addresses['http'];
  const firstCalls = started
    .map(({ app, addresses }) => firstCall(app, addresses, { issuer, ...(calls ?? usualCalls) }))
    .filter((call) => call !== '');
  const lines = [
    '',
    table(['', 'address', 'health'], rows),
    '',
    pc.bold('Try'),
    ...firstCalls,
    ...(calls === undefined ? consoleOf(started) : []),
  ];
  return [...lines, ''].join('\n');
}

/** Where one sees what comes of the calls; the consoles of the gateways lead to each other. */
function consoleOf(started: readonly Started[]): readonly string[] {
  const admin = started.find(({ app }) => app.kind === 'gateway')?.addresses['admin'];
  if (admin === undefined) return [];
  return ['', `${pc.bold('Look')} at each request: ${admin.replace('127.0.0.1', 'localhost')}/console`];
}

/** The addresses of those calls that take no token. */
export function publicCalls(started: readonly Started[]): readonly string[] {
  return started.flatMap(({ app: { firstCall: call }, addresses }) =>
    call === undefined || call.token !== undefined ? [] : [`${addresses['http'] ?? ''}${call.path}`],
  );
}

function firstCall(
  { firstCall: call }: App,
  addresses: Started['addresses'],
  { issuer, curl, token }: Calls & { readonly issuer: string | undefined },
): string {
  if (call === undefined) return '';
  const url = `'${addresses['http'] ?? ''}${call.path}'`;
  if (call.token === undefined) return `  ${curl} ${url}`;
  const ask = `${token} ${call.token}${issuer === undefined ? '' : ` --issuer ${issuer}`}`;
  return `  ${curl} ${url} -H "authorization: Bearer $(${ask})"`;
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [pc.bold(line(header)), ...rows.map(line)].join('\n');
}
