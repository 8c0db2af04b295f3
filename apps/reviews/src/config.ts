/** A variable of the environment; one without a default has to be set. */
interface Variable {
  readonly description: string;
  readonly byDefault?: string;
  readonly secret?: boolean;
}

/** All that this service reads from its environment. */
export const variables = {
  HOST: { byDefault: '127.0.0.1', description: 'The address that is listened on; `0.0.0.0` in a container' },
  PORT: { byDefault: '4070', description: 'The port; 0 lets the system choose' },
  ADMIN_HOST: {
    byDefault: '127.0.0.1',
    description: 'The address of the admin port: health and metrics. Never a public one',
  },
  ADMIN_PORT: { byDefault: '4071', description: 'The admin port; 0 lets the system choose' },
  LOG_LEVEL: { byDefault: 'info', description: 'The least severe line that is logged' },
  DATABASE_URL: {
    secret: true,
    description: 'The PostgreSQL server and the role: `postgres://user:password@host:5432/postgres`',
  },
  DATABASE_PREFIX: {
    byDefault: 'facet_',
    description: "What the name of the service's database begins with",
  },
} satisfies Record<string, Variable>;

type Config = Readonly<Record<keyof typeof variables, string>>;

/** @throws Error naming a variable that has to be set */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const read = Object.entries<Variable>(variables).map(([name, { byDefault }]) => {
    const value = env[name] || byDefault;
    if (value === undefined)
      throw new Error(`${name} is not set; expected postgres://user:password@host:5432/postgres`);
    return [name, value] as const;
  });
  return Object.fromEntries(read) as Config;
}
