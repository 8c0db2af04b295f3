import { parseArgs } from 'node:util';

export const gateways = ['web', 'mobile', 'partner'] as const;
export type Gateway = (typeof gateways)[number];

/** What is asked for on the command line; what is undefined is asked at a terminal, or has its default. */
export interface Asked {
  readonly name?: string;
  readonly scope?: string;
  readonly gateways?: readonly Gateway[];
  readonly samples?: boolean;
  readonly install: boolean;
}

/** What a workspace is made from. */
export interface Options {
  /** Of its folder, and of its root package. */
  readonly name: string;
  /** Of its own packages, without the `@`. */
  readonly scope: string;
  readonly gateways: readonly Gateway[];
  readonly samples: boolean;
}

/** Ends the program with one line, and 1. */
export class Refusal extends Error {}

export const usage = `npm create facet@latest <name> -- [options]

  --gateways=web,mobile     which gateways it has: web, mobile, partner; all of them by default
  --samples                 with the sample shop instead of one small service
  --scope=acme              the scope of its own packages, @acme; the name by default
  --no-install              leaves npm install to you`;

/** @throws Refusal in one line for what is not understood */
export function readArguments(args: readonly string[]): Asked | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [name, ...more] = positionals;
  if (more.length > 0) throw new Refusal(`"${more.join(' ')}" is too much: npm create facet@latest shop`);
  return {
    ...(name === undefined ? {} : { name: nameOf(name) }),
    ...(values.scope === undefined ? {} : { scope: scopeOf(values.scope) }),
    ...(values.gateways === undefined ? {} : { gateways: gatewaysOf(values.gateways) }),
    ...(values.samples === undefined ? {} : { samples: values.samples }),
    install: values.install,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        gateways: { type: 'string' },
        samples: { type: 'boolean' },
        scope: { type: 'string' },
        install: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    const [line = ''] = (error as Error).message.split('. To specify');
    throw new Refusal(`${line}; npm create facet@latest -- --help lists the options`);
  }
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 40;
/** The scope of the libs, and what would be taken for something else. */
const TAKEN: ReadonlySet<string> = new Set([
  'facet',
  'node-modules',
  'test',
  'types',
  'nx',
  'nestjs',
  'jest',
]);

/** @throws Refusal where a folder and a package cannot be called so */
export function nameOf(text: string): string {
  if (NAME.test(text) && text.length <= LONGEST) return text;
  throw new Refusal(
    `"${text}" cannot be the name of a workspace: use lower-case words with hyphens between, at most ${LONGEST} characters, e.g. "web-shop"`,
  );
}

/** @throws Refusal */
export function scopeOf(text: string): string {
  const scope = text.replace(/^@/, '');
  if (!NAME.test(scope) || scope.length > LONGEST)
    throw new Refusal(`"${text}" cannot be a scope: use lower-case words with hyphens between, e.g. "acme"`);
  if (TAKEN.has(scope))
    throw new Refusal(`"${text}" is the scope of other packages: choose one of your own, e.g. "acme"`);
  return scope;
}

/** @throws Refusal naming what is no gateway */
export function gatewaysOf(text: string): readonly Gateway[] {
  const asked = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const wrong = asked.find((each) => !gateways.some((known) => known === each));
  if (wrong !== undefined) throw new Refusal(`--gateways is of ${gateways.join(', ')}, not "${wrong}"`);
  if (asked.length === 0) throw new Refusal(`say which gateways: --gateways=${gateways.join(',')}`);
  return gateways.filter((each) => asked.includes(each));
}
