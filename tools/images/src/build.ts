import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { writeBase } from './base.js';
import { run, type Store } from './store.js';

/** What an app's image is called. */
export const imageOf = (app: string): string => `localhost/facet/${app}`;

const BASE = 'localhost/facet/base';
/** No `RUN` is needed, and nothing is pulled. */
const OFFLINE = ['--isolation', 'chroot', '--pull-never'];
const NODE = 'node_modules/node/bin/node';

/**
 * Builds an image of each app with the workspace's Dockerfile and without a network: what is installed and built here takes the
 * place of its first two stages, and its base is made from this machine's own packages.
 *
 * @throws Error with what the failing command says
 */
export async function buildImages(apps: readonly string[], store: Store): Promise<void> {
  await run('npx', ['tsc', '--build', ...apps.map((app) => `apps/${app}/tsconfig.lib.json`)], workspaceRoot);
  mkdirSync(join(workspaceRoot, '.facet'), { recursive: true });
  const folder = mkdtempSync(join(workspaceRoot, '.facet/images-'));
  try {
    await buildBase(folder, store);
    copyNode(folder);
    await ship(folder, apps.slice(0, 1));
    // The files of the next app are copied while the image of this one is built.
    for (const [index, app] of apps.entries())
      await Promise.all([buildOne(app, folder, store), ship(folder, apps.slice(index + 1, index + 2))]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildBase(folder: string, store: Store): Promise<void> {
  const files = join(folder, 'base');
  await writeBase(files);
  const container = await store.buildah('from', 'scratch');
  await store.buildah('copy', container, files, '/');
  await store.buildah('commit', '--rm', container, BASE);
}

function copyNode(folder: string): void {
  const to = join(folder, 'workspace/facet', NODE);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(workspaceRoot, NODE), to);
}

/** As the Dockerfile does. */
async function ship(folder: string, apps: readonly string[]): Promise<void> {
  const node = ['node', '--import', './tools/dev/register.mjs', 'tools/dev/src/supply/ship.ts'];
  for (const app of apps) await run('npx', [...node, app, join(folder, app, 'shipped')], workspaceRoot);
}

async function buildOne(app: string, folder: string, store: Store): Promise<void> {
  const stages = { workspace: join(folder, 'workspace'), shipped: join(folder, app) };
  const context = join(folder, 'nothing');
  mkdirSync(context, { recursive: true });
  await store.buildah(
    ...['bud', ...OFFLINE, '--layers', '--format', 'docker', '--file', join(workspaceRoot, 'Dockerfile')],
    ...['--build-arg', `APP=${app}`, '--build-arg', `BASE_IMAGE=${BASE}`],
    ...Object.entries(stages).flatMap(([stage, at]) => ['--build-context', `${stage}=${at}`]),
    ...['--tag', imageOf(app), context],
  );
  rmSync(join(folder, app), { recursive: true });
}
