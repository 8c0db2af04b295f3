import pc from 'picocolors';
import type { App } from './apps.js';
import type { AppProcess } from './launch.js';

export interface Started {
  readonly app: App;
  readonly process: AppProcess;
}

/** Addresses of everything, and calls to copy: one for each gateway. */
export function summarise(started: readonly Started[]): string {
  const rows = started.map(({ app, process }) => [
    app.name,
    process.addresses['http'] ?? process.addresses['tcp'] ?? '',
    process.addresses['admin'] === undefined ? '' : `${process.addresses['admin']}/health/ready`,
  ]);
  const issuer = started.find(({ app }) => app.kind === 'identity')?.process.addresses['http'];
  const calls = started
    .map(({ app, process }) => firstCall(app, process, issuer))
    .filter((call) => call !== '');
  return ['', table(['', 'address', 'health'], rows), '', pc.bold('Try'), ...calls, ''].join('\n');
}

/** The addresses of those calls that take no token. */
export function publicCalls(started: readonly Started[]): readonly string[] {
  return started.flatMap(({ app: { firstCall: call }, process }) =>
    call === undefined || call.token !== undefined ? [] : [`${process.addresses['http'] ?? ''}${call.path}`],
  );
}

function firstCall({ firstCall: call }: App, { addresses }: AppProcess, issuer: string | undefined): string {
  if (call === undefined) return '';
  const url = `'${addresses['http'] ?? ''}${call.path}'`;
  if (call.token === undefined) return `  curl -s ${url}`;
  const ask = `npm run -s token -- ${call.token}${issuer === undefined ? '' : ` --issuer ${issuer}`}`;
  return `  curl -s ${url} -H "authorization: Bearer $(${ask})"`;
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
