import { readJson, type Tree } from '@nx/devkit';
import { deleteFolder, filesIn } from '../folder.js';
import { Refusal } from '../refusal.js';
import { clientOf, hasClient } from '../registration/client.js';
import { unregisterContract } from '../registration/contract.js';
import { unregisterGateway } from '../registration/gateway.js';
import { removeFromJsonList } from '../registration/json.js';
import { removeFromLockFile } from '../registration/lock-file.js';
import { unregisterService } from '../registration/service.js';
import { appsOf, type App } from '../workspace.js';

/** The sample domain: contracts, checkout, sample data. */
export const SHOP = 'libs/shop';

const GATEWAYS: ReadonlySet<string> = new Set(['web-bff', 'mobile-bff', 'partner-bff']);

/** What exists for the sample shop alone beside its apps and packages. */
const TOOLS = ['tools/chaos', 'tools/patterns'];

/**
 * The sample apps: the three gateways, and every service whose contract is in the sample domain.
 *
 * @throws Refusal where there is no sample, or where an app of the team's own uses it
 */
export function samplesIn(tree: Tree): readonly App[] {
  if (tree.children(SHOP).length === 0)
    throw new Refusal(`${SHOP} is not there: the samples are gone already`);
  const apps = appsOf(tree);
  const samples = apps.filter(
    ({ name }) => GATEWAYS.has(name) || tree.exists(`${SHOP}/${name}/project.json`),
  );
  const own = apps.filter((app) => app.kind !== 'identity' && !samples.includes(app));
  const users = own.filter((app) => usesShop(tree, app) || app.needs.some((need) => isOne(samples, need)));
  if (users.length === 0) return samples;
  const names = users.map(({ name }) => name).join(', ');
  throw new Refusal(`the sample shop is used by ${names}: take it out there first, or remove ${names}`);
}

const isOne = (apps: readonly App[], name: string): boolean => apps.some((app) => app.name === name);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function usesShop(tree: Tree, { name }: App): boolean {
  const { dependencies, devDependencies } = readJson<Manifest>(tree, `apps/${name}/package.json`);
  const shop = shopPackages(tree).map(({ module }) => module);
  return Object.keys({ ...dependencies, ...devDependencies }).some((each) => shop.includes(each));
}

const shopPackages = (tree: Tree) =>
  tree
    .children(SHOP)
    .map((child) => `${SHOP}/${child}`)
    .filter((folder) => tree.exists(`${folder}/package.json`))
    .map((folder) => ({ folder, module: readJson<Manifest>(tree, `${folder}/package.json`).name }));

/** What is taken out, as packages: their links go once the files are gone. */
export function takeOut(tree: Tree, samples: readonly App[]): readonly { folder: string; module: string }[] {
  const gone = [
    ...samples.map(({ name }) => `apps/${name}`),
    ...TOOLS.filter((folder) => tree.exists(`${folder}/package.json`)),
  ].map((folder) => ({ folder, module: readJson<Manifest>(tree, `${folder}/package.json`).name }));
  const clients = samples
    .filter(({ kind, name }) => kind === 'gateway' && hasClient(tree, name))
    .map(({ name }) => clientOf(tree, name));
  const shop = shopPackages(tree);
  for (const { name, kind } of samples)
    (kind === 'gateway' ? unregisterGateway : unregisterService)(tree, name);
  for (const each of shop) unregisterContract(tree, each);
  for (const { folder } of gone) {
    removeFromJsonList(tree, 'tsconfig.json', ['references'], { path: `./${folder}` });
    removeFromLockFile(tree, folder);
    deleteFolder(tree, folder);
  }
  deleteFolder(tree, SHOP);
  return [...gone, ...clients, ...shop];
}

const LINK = /(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g;

/** Links of documents that lead to what was taken out become plain text. */
export function unlinkDocuments(tree: Tree, documents: readonly string[]): void {
  for (const file of documents) {
    const text = tree.read(file, 'utf8') ?? '';
    const folder = file.split('/').slice(0, -1).join('/');
    const kept = text.replaceAll(LINK, (link: string, shown: string, target: string) =>
      isThere(tree, folder, target) ? link : shown,
    );
    if (kept !== text) tree.write(file, kept);
  }
}

function isThere(tree: Tree, folder: string, target: string): boolean {
  if (/^(?:[a-z]+:|#)/.test(target)) return true;
  const [path = ''] = target.split('#');
  const parts = [...folder.split('/'), ...path.split('/')].reduce<string[]>((found, part) => {
    if (part === '..') return found.slice(0, -1);
    return part === '.' || part === '' ? found : [...found, part];
  }, []);
  const at = parts.join('/');
  return at === '' || (tree.exists(at) && (tree.isFile(at) || filesIn(tree, at).length > 0));
}

/** The documents of a workspace: of its root, and below the folders that it is made of. */
export const documentsIn = (tree: Tree): readonly string[] =>
  ['', 'apps', 'libs', 'tools', 'docs', 'deploy']
    .flatMap((folder) =>
      folder === '' ? tree.children('.').filter((each) => tree.isFile(each)) : filesOf(tree, folder),
    )
    .filter((file) => file.endsWith('.md'));

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', '.facet']);

const filesOf = (tree: Tree, folder: string): readonly string[] =>
  tree.children(folder).flatMap((child) => {
    const path = `${folder}/${child}`;
    if (SKIPPED.has(child)) return [];
    return tree.isFile(path) ? [path] : filesOf(tree, path);
  });
