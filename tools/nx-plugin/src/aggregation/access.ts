import type { Tree } from '@nx/devkit';
import { importedFrom } from '../registration/source.js';
import type { Operation } from '../workspace.js';

/** Whether a gateway's callers bring API keys. */
export function takesKeys(tree: Tree, source: string): boolean {
  return importedFrom(tree, `${source}/main.ts`, '@facet/auth').includes('apiKeySignIn');
}

/**
 * The scopes that a caller needs for all of these; undefined where everybody may ask. Where callers bring keys, nobody may
 * ask without: what a service lets everybody read is for `catalog:read`, of the scopes that a key's owner `canHave`.
 */
export function scopesOf(
  operations: readonly Operation[],
  canHave?: readonly string[],
): readonly string[] | undefined {
  if (canHave === undefined && operations.every(isForEverybody)) return undefined;
  const scopes = operations.flatMap(({ service, access }) => {
    const reading = `${service}:read`;
    return access?.scopes ?? (canHave?.includes(reading) === true ? [reading] : []);
  });
  return [...new Set(scopes)];
}

/** Where all that is said is that anybody's may be asked for, nobody has to sign in. */
const isForEverybody = ({ access }: Operation): boolean =>
  access === undefined || ((access.scopes ?? []).length === 0 && typeof access.owner === 'object');
