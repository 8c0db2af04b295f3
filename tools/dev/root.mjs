import { readFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The workspace, as a URL with a slash at its end: where this package is installed, else the one that it is a part of. */
export const root = pathToFileURL(rootOf(here) + sep);

function rootOf(folder) {
  const [above = '', ...inside] = folder.split(`${sep}node_modules${sep}`);
  return inside.length > 0 ? above : dirname(dirname(folder));
}

/** The condition under which packages of the workspace export their source: `@facet/source`, with the scope that they have. */
export const sourceCondition = conditionOf();

function conditionOf() {
  try {
    const config = readFileSync(new URL('tsconfig.base.json', root), 'utf8');
    return /"customConditions":\s*\[\s*"([^"]+)"/.exec(config)?.[1] ?? '@facet/source';
  } catch {
    return '@facet/source';
  }
}
