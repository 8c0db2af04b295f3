import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Operation } from '@facet/contracts';
import { contractDocument, type Contract } from './contract-document.js';

interface Project {
  readonly tags?: readonly string[];
}

/** The folders of the workspace's contracts, `libs/shop/catalog`: tagged `scope:contract`. */
export function contractFolders(root: string): readonly string[] {
  const libs = join(root, 'libs');
  return namesIn(libs)
    .flatMap((domain) => namesIn(join(libs, domain)).map((name) => `libs/${domain}/${name}`))
    .filter((folder) => tagsOf(join(root, folder, 'project.json')).includes('scope:contract'));
}

/** The text of each contract's document, by its path: `libs/shop/catalog/contract.json`. */
export async function contractDocuments(root: string): Promise<ReadonlyMap<string, string>> {
  const made = await Promise.all(
    contractFolders(root).map(async (folder) => {
      const contract = await contractIn(join(root, folder));
      return contract && ([`${folder}/contract.json`, textOf(contractDocument(contract))] as const);
    }),
  );
  return new Map(made.filter((each) => each !== undefined));
}

export const textOf = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/** Undefined for a package that has schemas and no operations. */
async function contractIn(folder: string): Promise<Contract | undefined> {
  const exported = (await import(pathToFileURL(join(folder, 'src/index.ts')).href)) as object;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const operations = Object.values(exported).flatMap(operationsOf);
  const [first] = operations;
  return first && { service: first.service, version, operations };
}

function operationsOf(value: unknown): readonly Operation[] {
  const each = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return each.length > 0 && each.every(isOperation) ? each : [];
}

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'pattern' in value && 'input' in value && 'output' in value;

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

function tagsOf(file: string): readonly string[] {
  return existsSync(file) ? ((JSON.parse(readFileSync(file, 'utf8')) as Project).tags ?? []) : [];
}
