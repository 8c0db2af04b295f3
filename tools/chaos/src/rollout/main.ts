import { parseArgs } from 'node:util';
import { buildApps, readApps } from '@facet/dev';
import { lacks, LOGS } from './fleet.js';
import { rollout, SHORT, WHOLE, type Row } from './rollout.js';

const usage = `npm run rollout -- [--quick]

Starts a site in production on this machine (HAProxy with TLS, two of each gateway and service, PostgreSQL, Redis with a replica
and sentinels), puts load of all three kinds of client on it, then replaces, kills and fails over what it consists of.
Exits with 1 where a planned phase failed a request, or any phase doubled a write.

  --quick   two instances of three services, all kinds of app at once: a minute instead of several`;

const COLUMNS = ['phase', 'requests', 'failed', 'doubled', 'resumed', 'p99 before', 'p99 during'];

try {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) console.log(usage);
  else process.exitCode = await run(values.quick);
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.error(code?.startsWith('ERR_PARSE_ARGS') === true ? `${message}\n\n${usage}` : message);
  process.exitCode = 2;
}

async function run(isQuick: boolean): Promise<number> {
  if (lacks.length > 0) {
    console.error(
      `This needs ${lacks.join(' and ')}, which this machine does not have (Debian's packages have these names)`,
    );
    return 2;
  }
  await buildApps(readApps());
  console.log(line(COLUMNS));
  const rows = await rollout(isQuick ? SHORT : WHOLE, (row) => console.log(line(cellsOf(row))));
  const broken = rows.filter(({ isPlanned, failed, doubled }) => (isPlanned && failed > 0) || doubled !== 0);
  for (const { phase, failures } of rows.filter(({ failed }) => failed > 0))
    console.log(
      `${phase}: ${Object.entries(failures)
        .map(([kind, count]) => `${count} × ${kind}`)
        .join(', ')}`,
    );
  if (broken.length === 0) console.log('Held: no request of a planned phase failed, no write was doubled.');
  else
    console.log(`NOT held in ${broken.map(({ phase }) => phase).join(', ')}. Logs of all processes: ${LOGS}`);
  return broken.length === 0 ? 0 : 1;
}

function cellsOf({ phase, requests, failed, doubled, resumed, p99Before, p99 }: Row): readonly string[] {
  const ms = (value: number) => `${Math.round(value).toLocaleString('en')} ms`;
  return [
    phase,
    ...[requests, failed, doubled, resumed].map((each) => each.toLocaleString('en')),
    ms(p99Before),
    ms(p99),
  ];
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(17) : cell.padStart(COLUMNS[column]?.length ?? 0)))
    .join('  ');
}
