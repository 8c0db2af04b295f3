import {
  formatFiles,
  generateFiles,
  readJson,
  updateJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { bff } from '../bff/generator.js';
import { clients, type Client } from '../bff/options.js';
import { unlink } from '../finish.js';
import { namesOfService } from '../contract/generator.js';
import { Refusal } from '../refusal.js';
import { leaveContracts } from '../registration/contract.js';
import { KEYCLOAK } from '../registration/keycloak.js';
import { lockWorkspaces } from '../registration/lock-file.js';
import { elementsOf, listNamed, removeElement } from '../registration/source.js';
import { templates } from '../scope.js';
import { service as makeService } from '../service/generator.js';
import { refuseDirty } from '../workspace.js';
import { documentsIn, samplesIn, SHOP, takeOut, unlinkDocuments } from './samples.js';

export interface StartFreshOptions {
  /** The service that is left. */
  readonly service?: string;
}

/** The gateways that are left, by their client, with their ports. */
const GATEWAYS: readonly { readonly client: Client; readonly port: number }[] = clients
  .filter((client) => client !== 'custom')
  .map((client, index) => ({ client, port: 3000 + 10 * index }));

/**
 * Takes out the sample shop wherever it is named, and makes one small service and the three gateways anew over it.
 *
 * @throws Refusal, before anything is changed
 */
export async function startFresh(tree: Tree, options: StartFreshOptions): Promise<GeneratorCallback> {
  const { file: name } = namesOfService(options.service ?? 'notes');
  const samples = samplesIn(tree);
  refuseDirty(tree, ['.']);
  refuseTaken(
    tree,
    name,
    samples.map((app) => app.name),
  );

  const gone = takeOut(tree, samples);
  forget(tree, gone);
  useScopes(tree, [`${name}:read`, `${name}:write`]);
  // Each of them checks its arguments again, formats what it wrote and says what there is to be done afterwards.
  const finish = [await makeService(tree, { name, port: 4010 })];
  for (const { client, port } of GATEWAYS)
    finish.push(await bff(tree, { name: client, client, port, services: name }));
  // It names the samples; `npm run settings` writes it anew.
  tree.delete('docs/reference/settings.md');
  generateFiles(tree, templates('start-fresh/files'), '.', { name });
  unlinkDocuments(tree, documentsIn(tree));
  await formatFiles(tree);
  return async () => {
    for (const each of gone) unlink(tree.root, each);
    for (const each of finish) await each();
  };
}

/** An app or a package that stays. */
function refuseTaken(tree: Tree, name: string, going: readonly string[]): void {
  const folders = [`apps/${name}`, `libs/${name}`, `libs/domain/${name}`, `tools/${name}`];
  const taken = folders.find(
    (folder) => tree.exists(folder) && !(folder.startsWith('apps/') && going.includes(name)),
  );
  if (taken !== undefined) throw new Refusal(`"${name}" is taken: ${taken} is there`);
}

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Takes out what the rest of the workspace says of the samples. */
function forget(tree: Tree, gone: readonly { readonly folder: string; readonly module: string }[]): void {
  const folders = gone.map(({ folder }) => folder);
  updateJson<Manifest>(tree, 'package.json', (manifest) => ({
    ...manifest,
    workspaces: manifest.workspaces?.filter((pattern) => pattern !== `${SHOP}/*`),
    scripts: scriptsWithout(manifest.scripts ?? {}, folders),
  }));
  lockWorkspaces(tree, readJson<Manifest>(tree, 'package.json').workspaces);
  forgetBoundaries(tree);
  if (!tree.exists(IDENTITY)) return;
  tree.delete(`${IDENTITY}/src/sample-users.spec.ts`);
  updateJson<{ devDependencies?: Record<string, string> }>(tree, `${IDENTITY}/package.json`, (manifest) => {
    const kept = Object.entries(manifest.devDependencies ?? {}).filter(
      ([name]) => !gone.some(({ module }) => module === name),
    );
    const { devDependencies: _, ...rest } = manifest;
    return kept.length === 0 ? rest : { ...rest, devDependencies: Object.fromEntries(kept) };
  });
  leaveContracts(
    tree,
    'identity',
    gone.filter(({ folder }) => folder.startsWith(`${SHOP}/`)),
  );
}

const LINT = 'eslint.config.mjs';

/** The rules of lint for packages of the sample domain. */
function forgetBoundaries(tree: Tree): void {
  if (!tree.exists(LINT)) return;
  const rows = elementsOf(tree, LINT, listNamed('boundaries')).filter((text) =>
    text.includes("sourceTag: 'shop:"),
  );
  for (const row of rows) removeElement(tree, LINT, listNamed('boundaries'), (text) => text === row);
  const text = tree.read(LINT, 'utf8') ?? '';
  tree.write(LINT, text.replaceAll(/, 'shop:[\w-]+'|'libs\/shop\/[^']*', |'@[\w-]+\/shop-[\w-]+', /g, ''));
}

const IDENTITY = 'apps/identity';

/** Keys of partners are in a file from now on; a script that runs what was taken out goes. */
function scriptsWithout(scripts: Readonly<Record<string, string>>, folders: readonly string[]) {
  const entries = Object.entries(scripts).map(
    ([name, line]) => [name, line.replace(`${SHOP}/keys/src/main.ts`, 'libs/auth/src/keys/main.ts')] as const,
  );
  return Object.fromEntries(entries.filter(([, line]) => !folders.some((each) => line.includes(`${each}/`))));
}

interface Realm {
  readonly clientScopes?: readonly { readonly name: string }[];
}

/** What access tokens can be good for, at the development issuer and in Keycloak's realm. */
function useScopes(tree: Tree, scopes: readonly string[]): void {
  const list = scopes.map((each) => `'${each}'`).join(', ');
  const file = `${IDENTITY}/src/scopes.ts`;
  if (tree.exists(file)) {
    const text = tree.read(file, 'utf8') ?? '';
    tree.write(file, text.replaceAll(/(Scopes: readonly string\[\] = )\[[^\].]*\]/g, `$1[${list}]`));
  }
  if (!tree.exists(KEYCLOAK)) return;
  const [model] = readJson<Realm>(tree, KEYCLOAK).clientScopes ?? [];
  updateJson<Realm>(tree, KEYCLOAK, (realm) => ({
    ...realm,
    clientScopes: scopes.map((name) => ({ ...model, name })),
  }));
}
