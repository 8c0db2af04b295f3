import {
  loadConfig,
  processVariables,
  redisVariable,
  someOf,
  traceVariables,
  whole,
  type Environment,
} from '@facet/platform';
import { ABILITIES } from '@facet/transport';
import { z } from 'zod';

const DATABASE_URL =
  'expected the address of a PostgreSQL server, postgres://user:password@host:5432/postgres';

/** What a service reads; the admin port is the one after `port` by default. */
export function serviceVariables(port: number) {
  return {
    ...processVariables({ port, adminPort: port + 1 }),
    ...traceVariables,
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: DATABASE_URL }).meta({
      description:
        'The PostgreSQL server and the role. The database is made if it is missing and the role may; the path of the address is where that is asked',
      secret: true,
    }),
    DATABASE_PREFIX: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected at most 40 of a-z, 0-9 and _, beginning with a letter')
      .default('facet_')
      .describe("What the name of the service's database begins with"),
    DATABASE_POOL_SIZE: whole({ min: 1, max: 100, byDefault: 8 }).describe(
      'The most connections to PostgreSQL of one instance',
    ),
    REGISTRY_URL: redisVariable.meta({
      description:
        'The Redis in which the instance registers; gateways find it there with `<SERVICE>_ADDRESSES=redis://…`',
      secret: true,
    }),
    WIRE_ABILITIES: someOf(ABILITIES).describe(
      'What of the wire beyond its first version is spoken: `none` plays an older one, as between two versions',
    ),
    ADVERTISED_ADDRESS: z
      .string()
      .regex(/^[^\s:]+:\d{1,5}$|^\[[0-9A-Fa-f:.]+\]:\d{1,5}$/, 'expected host:port')
      .optional()
      .describe('What the instance registers as. Default: the address that it listens on'),
    SWEEP_INTERVAL_MS: whole({ min: 10, max: 3_600_000, byDefault: 5_000 }).describe(
      'How often it deletes what has expired, and sends what is due',
    ),
  };
}

/** What a service reads from its environment, parsed once. */
export function serviceConfig(name: string, port: number, env?: Environment) {
  return loadConfig(name, z.object(serviceVariables(port)), env);
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;
