/** A variable that a command or a test reads by itself, without a schema. */
export interface CommandVariable {
  readonly variable: string;
  readonly readBy: string;
  readonly description: string;
}

/** A spec finds each of these in the sources. */
export const commandVariables: readonly CommandVariable[] = [
  {
    variable: 'DATABASE_URL',
    readBy: '`npm start`, `nx serve`, `npm test`, `npm run db:reset`',
    description: 'A PostgreSQL server to use instead of the embedded one',
  },
  {
    variable: 'DATABASE_PORT',
    readBy: '`npm start`, `nx serve`, `npm run db:reset`',
    description: 'The port of the embedded PostgreSQL. Default 4000',
  },
  {
    variable: 'API_KEYS_FILE',
    readBy: '`facet-keys`',
    description: 'The file of partners’ keys. Default `.facet/api-keys.json`',
  },
  {
    variable: 'BENCH_PROFILES',
    readBy: '`npm run bench`',
    description: 'A folder for the CPU profiles of the gateway suite',
  },
  {
    variable: 'NO_COLOR',
    readBy: 'what writes to a terminal',
    description: 'Anything: no colours',
  },
  {
    variable: 'CI',
    readBy: 'generators, `npm create facet`',
    description: '`true` asks nothing on the terminal',
  },
];
