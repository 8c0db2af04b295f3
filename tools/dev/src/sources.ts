import { lstatSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { workspaceRoot, type App } from './apps.js';

/** Those that change an app: not what is built from it, not its tests and not what is written about it. */
const LEFT_OUT = /(?:^|[/\\])(?:node_modules|dist|coverage|test|\.facet)(?:[/\\]|$)|\.spec\.ts$|\.md$|~$/;

/** Several files that an editor or git writes one after the other are one change. */
const TOGETHER_MS = 100;

/** An app whose sources have changed, and one of the files. */
export type OnChange = (app: App, file: string) => void;

/**
 * Calls `onChange` for each app that a changed file belongs to: by its own package, or by one that it depends on. Folders
 * are watched rather than files, so that a file that is replaced (`git checkout`, `sed -i`, editors that save by renaming)
 * is watched on. Resolves, once changes are seen, with what ends it.
 */
export async function watchSources(apps: readonly App[], onChange: OnChange): Promise<() => Promise<void>> {
  const users = await usersOfFolders(apps);
  const watcher = watch([...users.keys()], {
    ignoreInitial: true,
    ignored: (path) => LEFT_OUT.test(relative(workspaceRoot, path)),
  });
  const changed = new Map<App, string>();
  let soon: NodeJS.Timeout | undefined;
  watcher.on('all', (_, path) => {
    for (const app of usersOf(path, users)) changed.set(app, relative(workspaceRoot, path));
    clearTimeout(soon);
    soon = setTimeout(() => {
      for (const [app, file] of changed) onChange(app, file);
      changed.clear();
    }, TOGETHER_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return async () => {
    clearTimeout(soon);
    await watcher.close();
  };
}

function usersOf(path: string, users: ReadonlyMap<string, readonly App[]>): readonly App[] {
  return [...users].find(([folder]) => path === folder || path.startsWith(folder + sep))?.[1] ?? [];
}

/** By the folder of each package of the workspace: the apps that are made of it. */
async function usersOfFolders(apps: readonly App[]): Promise<ReadonlyMap<string, readonly App[]>> {
  const users = new Map<string, App[]>();
  for (const app of apps) {
    for (const folder of await foldersOf(app)) users.set(folder, [...(users.get(folder) ?? []), app]);
  }
  return users;
}

/** The folders of an app and of the workspace's packages that it depends on. */
async function foldersOf({ name }: App): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    if (folders.has(folder)) return;
    folders.add(folder);
    const needed = Object.keys(await dependenciesIn(folder)).flatMap((each) => folderOf(each) ?? []);
    await Promise.all(needed.map(visit));
  };
  await visit(realpathSync(join(workspaceRoot, 'apps', name)));
  return folders;
}

/** Of a package of the workspace, which is a link in `node_modules`; undefined for one that is installed. */
function folderOf(name: string): string | undefined {
  const path = join(workspaceRoot, 'node_modules', name);
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? realpathSync(path)
    : undefined;
}

async function dependenciesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  return dependencies;
}
