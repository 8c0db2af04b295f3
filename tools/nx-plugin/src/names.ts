import ts from 'typescript';
import { Refusal } from './refusal.js';

/** One name in the forms that code needs. */
export interface Names {
  /** `kiosk-bff` */
  readonly file: string;
  /** `KioskBff` */
  readonly type: string;
  /** `kioskBff` */
  readonly value: string;
  /** `KIOSK_BFF` */
  readonly constant: string;
}

/** Names that would stand where something else of the workspace stands, or mean something else to the language. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['apps', 'libs', 'tools', 'docs', 'dist', 'src', 'test', 'node_modules', 'facet', 'workspace'],
  ...['database', 'postgres', 'redis', 'keycloak', 'gateway', 'service', 'bff', 'identity', 'auth', 'health'],
  ...['constructor', 'prototype', 'arguments', 'eval', 'await', 'undefined'],
  // What generated files import or declare.
  ...['aggregate', 'answer', 'expect', 'spec', 'z'],
]);

/** What is given a name. */
export type Named = 'a gateway' | 'an aggregation' | 'a service';

/** What the files of one kind import or declare besides, as far as it can be a name: a spec holds this to the templates. */
const DECLARED: Readonly<Record<Named, ReadonlySet<string>>> = {
  'a gateway': new Set(),
  'an aggregation': new Set([
    ...['ownCustomer', 'request', 'checkBudget', 'failureMatrix', 'sampleCaller', 'calls', 'depth'],
  ]),
  'a service': new Set([
    ...['page', 'timestamp', 'id', 'command', 'query', 'item', 'items', 'name', 'text', 'seed', 'kinds'],
    ...['index', 'first', 'second'],
    ...['input', 'ids', 'commands', 'db', 'tx', 'rows', 'total', 'made', 'shown', 'asc', 'count'],
    ...['describe', 'jest', 'axios', 'world', 'visitor', 'operator', 'connect', 'address', 'add', 'key'],
    // What an aggregation calls the contract of a service that has its own name.
    'contract',
  ]),
};

/** Words of the language, `case` or `interface`, are no names. */
export function isKeyword(name: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, name);
  const token = scanner.scan();
  const { FirstReservedWord, LastFutureReservedWord } = ts.SyntaxKind;
  return token >= FirstReservedWord && token <= LastFutureReservedWord && scanner.getTokenText() === name;
}

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST = 40;

/**
 * @throws Refusal for a name that is no name: not in kebab case, too long, or one that means something already
 */
export function namesOf(name: string, what: Named): Names {
  if (!KEBAB.test(name) || name.length > LONGEST) {
    const better = kebabOf(name);
    const example = KEBAB.test(better) && better !== name ? better : 'in-store';
    throw new Refusal(
      `"${name}" cannot be the name of ${what}: use lower-case words with hyphens between, at most ${LONGEST} characters, e.g. "${example}"`,
    );
  }
  const words = name.split('-');
  const type = words.map(capital).join('');
  const value = type.charAt(0).toLowerCase() + type.slice(1);
  if (RESERVED.has(name) || DECLARED[what].has(value) || isKeyword(name))
    throw new Refusal(`"${name}" means something else here: choose another name for ${what}`);
  return {
    file: name,
    type,
    value,
    constant: words.join('_').toUpperCase(),
  };
}

/** `user-profiles`, of `userProfiles`, `User_Profiles` and `user profiles` alike. */
const kebabOf = (name: string): string =>
  name
    .trim()
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[\s_-]+/g, '-')
    .toLowerCase()
    .slice(0, LONGEST)
    .replace(/-$/, '');

/** The constant that the contract of a service is: `userProfiles`, of `user-profiles`. */
export const constantOf = (service: string): string =>
  service.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A name as a key of an object in TypeScript. */
export const keyOf = (name: string): string => (name.includes('-') ? `'${name}'` : name);

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const isPlain = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

/** A field's name as a key of an object, whatever it is: `'a-b'`. */
export const keyed = (name: string): string => (isPlain(name) ? name : JSON.stringify(name));

/** A field of an object: `.total`, `['a-b']`. */
export const dotted = (name: string): string => (isPlain(name) ? `.${name}` : `[${JSON.stringify(name)}]`);
