import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { verifyingVariables } from '@facet/auth/assertion';
import { readApps, workspaceRoot, type App } from '@facet/dev';
import { serviceVariables } from '@facet/service';
import { settingsOf, type Setting, type Variables } from './setting.js';

/** A process and all that it reads. */
export interface ProcessSettings {
  readonly name: string;
  readonly kind: App['kind'] | 'command';
  readonly settings: readonly Setting[];
}

/** The processes of the workspace's apps, and the commands that read as a process does. */
export async function processSettings(): Promise<readonly ProcessSettings[]> {
  const found: ProcessSettings[] = [];
  // One after the other: Jest's modules cannot be linked twice at once.
  for (const app of readApps()) found.push(await ofApp(app));
  return [...found, ...(await keysCommand())];
}

async function ofApp({ name, kind, port }: App): Promise<ProcessSettings> {
  const uses = (library: string) =>
    dependenciesOf(`apps/${name}`).some((each) => each.endsWith(`/${library}`));
  const own = await variablesIn(`apps/${name}/src`);
  const common: Variables = kind === 'service' && uses('service') ? serviceVariables(port) : {};
  const callers: Variables = kind === 'service' && uses('auth') ? verifyingVariables : {};
  return { name, kind, settings: settingsOf({ ...common, ...callers, ...own }) };
}

const KEYS = 'libs/shop/keys/src/accounts.ts';

async function keysCommand(): Promise<readonly ProcessSettings[]> {
  if (!existsSync(join(workspaceRoot, KEYS))) return [];
  return [{ name: 'npm run keys', kind: 'command', settings: settingsOf(await variablesOf(KEYS)) }];
}

/** What the files of an app export as `config` (a gateway) or `variables`, those that are named for configuration. */
async function variablesIn(folder: string): Promise<Variables> {
  const files = globSync('**/{config,*.config}.ts', { cwd: join(workspaceRoot, folder) }).sort();
  const all: Record<string, Variables[string]> = {};
  for (const file of files) Object.assign(all, await variablesOf(`${folder}/${file}`));
  return all;
}

/** What a file declares. @throws Error where it declares nothing */
export async function variablesOf(file: string): Promise<Variables> {
  const declared = (await import(pathToFileURL(join(workspaceRoot, file)).href)) as {
    readonly config?: { readonly variables: Variables };
    readonly variables?: Variables;
  };
  const variables = declared.config?.variables ?? declared.variables;
  if (variables !== undefined) return variables;
  throw new Error(`${file} exports no \`variables\`: what it reads of the environment is in no reference`);
}

function dependenciesOf(folder: string): readonly string[] {
  const { dependencies = {} } = JSON.parse(
    readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8'),
  ) as { readonly dependencies?: Readonly<Record<string, string>> };
  return Object.keys(dependencies);
}
