import type { z } from 'zod';

/** A variable of the environment that a process reads, as the reference shows it. */
export interface Setting {
  readonly variable: string;
  readonly description: string;
  /** What it takes, in the words of the error that refuses everything else. */
  readonly takes: string;
  /** Undefined where there is none. */
  readonly byDefault?: string;
  readonly required: boolean;
  /** Whether its value must not be seen; each of these can be rotated. */
  readonly secret: boolean;
}

/** A variable of a process that reads its environment without a schema. */
export interface PlainVariable {
  readonly description: string;
  readonly byDefault?: string;
  readonly secret?: boolean;
}

export type Variables = Readonly<Record<string, z.ZodType | PlainVariable>>;

/** @throws Error naming a variable that has no description */
export function settingsOf(variables: Variables): readonly Setting[] {
  return Object.entries(variables).map(([variable, each]) => {
    const setting = 'safeParse' in each ? ofSchema(variable, each) : ofPlain(variable, each);
    if (setting.description === '') throw new Error(`${variable} has no description: .describe('…')`);
    return setting;
  });
}

function ofPlain(variable: string, { description, byDefault, secret = false }: PlainVariable): Setting {
  const required = byDefault === undefined;
  return { variable, description, takes: 'a text', required, secret, ...(required ? {} : { byDefault }) };
}

/** No variable can be set to it, so a schema that checks its value says what it expects. */
const IMPOSSIBLE = '\0';

function ofSchema(variable: string, schema: z.ZodType): Setting {
  const { description = '', secret } = schema.meta() ?? {};
  const absent = schema.safeParse(undefined);
  const refused = schema.safeParse(IMPOSSIBLE).error?.issues[0]?.message;
  return {
    variable,
    description,
    takes: refused?.replace(/^expected /, '') ?? 'a text',
    required: !absent.success,
    secret: secret === true,
    ...(absent.success && absent.data !== undefined ? { byDefault: shown(absent.data) } : {}),
  };
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));
