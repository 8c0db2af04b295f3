import { loadConfig, processVariables, traceVariables, whole, type Environment } from '@facet/platform';
import { z } from 'zod';

const DATABASE_URL =
  'expected the address of a PostgreSQL server, postgres://user:password@host:5432/postgres';

/** What a service reads from its environment, parsed once. */
export function serviceConfig(name: string, port: number, env?: Environment) {
  const schema = z.object({
    ...processVariables({ port, adminPort: port + 1 }),
    ...traceVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: DATABASE_URL }),
    DATABASE_PREFIX: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected at most 40 of a-z, 0-9 and _, beginning with a letter')
      .default('facet_'),
    DATABASE_POOL_SIZE: whole({ min: 1, max: 100, byDefault: 8 }),
    REGISTRY_URL: z
      .url({ protocol: /^rediss?$/, error: 'expected the address of a Redis, redis://host:6379' })
      .optional(),
    ADVERTISED_ADDRESS: z
      .string()
      .regex(/^[^\s:]+:\d{1,5}$|^\[[0-9A-Fa-f:.]+\]:\d{1,5}$/, 'expected host:port')
      .optional(),
    SWEEP_INTERVAL_MS: whole({ min: 10, max: 3_600_000, byDefault: 5_000 }),
  });
  return loadConfig(name, schema, env);
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;
