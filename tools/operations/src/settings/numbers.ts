import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from '@facet/dev';

/** What the code itself says of a numeric option. */
export interface Numbers {
  /** Its value where it is left out; undefined where it has none. */
  readonly defaultOf: (path: string) => string | undefined;
  /** What is expected, as the error of a faulty value says it; undefined where no error does. */
  readonly rangeOf: (path: string) => string | undefined;
}

/** The resolver of a group of options: gives them with their defaults, or throws a RangeError that names the faulty one. */
type Resolve = (given: object) => object;

/** The defaults and ranges that a gateway's policy, or its settings of an upstream, is checked with. */
export async function numbersOf(name: 'policy' | 'upstreams'): Promise<Numbers> {
  const resolve = name === 'policy' ? await policyResolver() : await upstreamResolver();
  const defaults = resolve({});
  return {
    defaultOf: (path) => {
      const value = path.split('.').reduce<unknown>(memberOf, defaults);
      return ['number', 'boolean', 'string'].includes(typeof value) ? String(value) : undefined;
    },
    rangeOf: (path) => {
      try {
        resolve(nested(path.split('.'), Number.NaN));
      } catch (error) {
        if (error instanceof RangeError)
          return /, expected (a (?:whole )?number.*)$/.exec(error.message)?.[1];
      }
      return undefined;
    },
  };
}

async function policyResolver(): Promise<Resolve> {
  const { settingsOf } = (await load('libs/gateway/src/policy.ts')) as { settingsOf: Resolve };
  return settingsOf;
}

async function upstreamResolver(): Promise<Resolve> {
  const { resolveSettings } = (await load('libs/routing/src/settings.ts')) as {
    resolveSettings: (service: string, given: object) => object;
  };
  return (given) => resolveSettings('upstream', given);
}

const load = (file: string): Promise<unknown> => import(pathToFileURL(join(workspaceRoot, file)).href);

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const nested = (path: readonly string[], value: unknown): object =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
