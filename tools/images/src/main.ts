/** `npm run images`: an image of each app, or of those that are named, in buildah's own store. */
import { parseArgs } from 'node:util';
import { findApp, readApps } from '@facet/dev';
import { buildImages, imageOf } from './build.js';
import { hasBuildah, openStore } from './store.js';

const usage = `npm run images [-- APP…]

Builds an image of each app, or of those that are named, with buildah and without a network: from what is installed and
built here, on a base made from this machine's Debian packages. CI and docker build take the same Dockerfile.`;

try {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help === true) process.stdout.write(`${usage}\n`);
  else await build(positionals);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function build(named: readonly string[]): Promise<void> {
  if (!hasBuildah) throw new Error('buildah is not installed (Debian: apt-get install buildah)');
  const all = readApps();
  const apps = named.length === 0 ? all : named.map((name) => findApp(name, all));
  await buildImages(
    apps.map(({ name }) => name),
    openStore(),
  );
  for (const { name } of apps) process.stdout.write(`${imageOf(name)}\n`);
}
