import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApps, workspaceRoot } from '@facet/dev';

/**
 * A gateway of the workspace for each way to sign in, but for the one named, also of those that come after it: what is one's caller
 * must be nobody there. All gateways that sign in alike hold callers to the same check, so that one of them stands for the rest.
 */
export function otherGateways(gateway: string): readonly string[] {
  const others = readApps()
    .filter(({ kind, name }) => kind === 'gateway' && name !== gateway)
    .map(({ name }) => ({
      name,
      main: readFileSync(join(workspaceRoot, 'apps', name, 'src/main.ts'), 'utf8'),
    }));
  return oneForEachSignIn(others);
}

/** The first of each; one whose way is its own stands for itself. */
export function oneForEachSignIn(
  gateways: readonly { readonly name: string; readonly main: string }[],
): readonly string[] {
  const first = new Map<string, string>();
  for (const { name, main } of gateways) {
    const way = /\b(?:session|bearer|apiKey)SignIn\b/.exec(main)?.[0] ?? name;
    if (!first.has(way)) first.set(way, name);
  }
  return [...first.values()];
}
