import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder `.facet` of the workspace that this process runs in: beside its `nx.json`, or where the process was started. */
export function facetFolder(from = process.cwd()): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return join(folder, '.facet');
    if (dirname(folder) === folder) return join(from, '.facet');
  }
}
