import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { format, resolveConfig } from 'prettier';
import { clientOf, indexOf } from './client.js';
import { describe, documentFile, type Document } from './document.js';
import { modelsOf } from './models.js';
import { clientFolder, packageFiles, type Files } from './package-files.js';

const MADE = '// Made by `npm run clients` from the document of the gateway: do not edit.\n\n';

/** The document and the client of a gateway, as they have to be by its source: text by path. */
export async function filesOf(gateway: string, root = workspaceRoot): Promise<Files> {
  const text = await describe(root, gateway);
  const document = JSON.parse(text) as Document;
  const folder = clientFolder(gateway);
  const sources = {
    [`${folder}/src/models.ts`]: MADE + (await modelsOf(document)),
    [`${folder}/src/client.ts`]: MADE + clientOf(gateway, document),
    [`${folder}/src/index.ts`]: MADE + indexOf(gateway),
  };
  const files = { [documentFile(gateway)]: text, ...missingPackage(root, gateway), ...sources };
  const formatted = Object.entries(files).map(
    async ([file, each]) => [file, await formatText(join(root, file), each)] as const,
  );
  return Object.fromEntries(await Promise.all(formatted));
}

/** A package that is there is its team's: only its sources are made anew. */
function missingPackage(root: string, gateway: string): Files {
  const isThere = (path: string) => existsSync(join(root, path));
  if (isThere(`${clientFolder(gateway)}/package.json`)) return {};
  const version = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const isRuntimeHere = isThere('libs/client-runtime/package.json');
  return packageFiles({ gateway, scope: scopeOf(root), version: version.version, isRuntimeHere });
}

/** The scope of the workspace's own packages, as it stands in the condition under which they export their source. */
function scopeOf(root: string): string {
  const config = readFileSync(join(root, 'tsconfig.base.json'), 'utf8');
  return /"customConditions":\s*\[\s*"(@[^/"]+)\/source"/.exec(config)?.[1] ?? '@facet';
}

async function formatText(filepath: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
