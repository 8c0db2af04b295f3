import { z } from 'zod';
import { redisAddress } from './redis-address.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable of the environment that was refused. */
export interface ConfigFault {
  readonly variable: string;
  /** What it was set to, in quotes; a secret's value is withheld; undefined where it is not set. */
  readonly got?: string;
  readonly expected: string;
}

/** The environment does not fit: lists every fault, not the first alone. `runProcess` exits with 78 on it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    process: string,
    readonly faults: readonly ConfigFault[],
  ) {
    super(describe(process, faults));
  }
}

/** EX_CONFIG of sysexits.h. */
export const CONFIG_EXIT_CODE = 78;

/**
 * Parses the environment once into what `schema` makes of it. White space at both ends of a value is no part of it, as files
 * with secrets end in a newline; a variable set to nothing else counts as not set.
 *
 * @throws ConfigError naming every variable that does not fit
 */
export function loadConfig<T>(name: string, schema: z.ZodType<T>, env: Environment = process.env): T {
  const set = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const text = value?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    name,
    parsed.error.issues.map(({ path, message }) => faultOf(String(path[0] ?? ''), message, set)),
  );
}

function faultOf(variable: string, expected: string, env: Environment): ConfigFault {
  const value = env[variable];
  if (value === undefined) return { variable, expected };
  return { variable, got: isSecret(variable, value) ? '(withheld)' : JSON.stringify(value), expected };
}

/** Addresses count as secret too: a database's has its password inside, and any that has a user before its host. */
function isSecret(variable: string, value: string): boolean {
  return (
    /:\/\/[^/]*@/.test(value) || /SECRET|PASSWORD|PASSPHRASE|TOKEN|KEY|CREDENTIAL|URL$|DSN/i.test(variable)
  );
}

function describe(process: string, faults: readonly ConfigFault[]): string {
  const width = Math.max(...faults.map(({ variable }) => variable.length));
  const lines = faults.map(({ variable, got, expected }) => {
    const state = got === undefined ? 'is not set' : `is ${got}`;
    return `  ${variable.padEnd(width)}  ${state}; ${expected}`;
  });
  const what = faults.length === 1 ? 'a setting' : `${faults.length} settings`;
  return [`${process} cannot start: ${what} in the environment must be put right`, ...lines].join('\n');
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A TCP port; 0 lets the system choose a free one. */
export function port(byDefault: number) {
  return whole({ min: 0, max: 65_535, byDefault });
}

/** A whole number between two bounds. */
export function whole({ min, max, byDefault }: { min: number; max: number; byDefault: number }) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .default(byDefault);
}

/** `true` or `false`. */
export function flag(byDefault: boolean) {
  return z
    .enum(['true', 'false'], 'expected true or false')
    .transform((value) => value === 'true')
    .default(byDefault);
}

/** Some of `names`, with commas between, or `none` of them; all of them where nothing is said. */
export function someOf<T extends string>(names: readonly T[]) {
  const isName = (text: string): text is T => names.includes(text as T);
  return z
    .string()
    .transform((list) => (list === 'none' ? [] : list.split(',').map((each) => each.trim())))
    .refine(
      (list): list is T[] => list.every(isName),
      `expected none, or some of ${names.join(', ')} with commas between`,
    )
    .default([...names]);
}

/** One or more `host:port`, separated by commas: where the instances of a service are. */
export function addresses(byDefault: string) {
  const message = 'expected host:port, or several with commas between';
  return z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every(isAddress), message)
    .default(byDefault.split(','));
}

function isAddress(address: string): boolean {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(address);
  return match !== null && Number(match[1]) >= 1 && Number(match[1]) <= 65_535;
}

/**
 * What every process reads; the defaults of the two ports are the process's own. Each variable carries its description, from
 * which `npm run settings` writes the reference.
 */
export function processVariables(defaults: { port: number; adminPort: number }) {
  return {
    NODE_ENV: z
      .enum(['development', 'test', 'production'], 'expected development, test or production')
      .default('development')
      .describe(
        '`production` refuses every default that is for development: keys, secrets, addresses without TLS',
      ),
    HOST: z
      .string()
      .default('127.0.0.1')
      .describe('The address that is listened on; `0.0.0.0` in a container'),
    PORT: port(defaults.port).describe('The port; 0 lets the system choose'),
    ADMIN_HOST: z
      .string()
      .default('127.0.0.1')
      .describe('The address of the admin port: health and metrics. Never a public one'),
    ADMIN_PORT: port(defaults.adminPort).describe('The admin port; 0 lets the system choose'),
    LOG_LEVEL: z
      .enum(logLevels, `expected one of ${logLevels.join(', ')}`)
      .default('info')
      .describe(
        'The least severe line that is logged. SIGUSR2 switches to `debug` and back while the process runs',
      ),
  };
}

/** Where instances of a process share what each of them must know. */
export const redisVariable = redisAddress.optional().meta({
  description:
    'The Redis in which the instances of a gateway share sessions, rate limits, idempotency keys, used proofs and cached answers. Without it each instance has its own',
  secret: true,
});
