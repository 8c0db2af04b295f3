/**
 * `node … ship.ts web-bff /shipped`: copies what an app ships to two folders that make one. `packages` is what is installed, the same
 * for apps of a kind. `app` is the workspace's own: `app/dist/main.js` is the app, `sbom.cdx.json` the bill of materials of all, and
 * `health.mjs` asks whether the app is ready.
 */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { findApp, workspaceRoot, type App } from '../apps.js';
import { billOfMaterials } from './bom.js';
import { healthCheck } from './health.js';
import { shippedBy, type Shipped } from './shipped.js';

/** What no process reads: types, source maps, and what the compiler remembers. */
const UNREAD = /\.(?:map|tsbuildinfo|[cm]?ts)$/;

/** Folders of a package that its users never load. */
const LEFT_OUT = [
  'node_modules',
  'test',
  'tests',
  '__tests__',
  'docs',
  'example',
  'examples',
  'benchmark',
  'benchmarks',
];

const [app, target] = process.argv.slice(2);
try {
  if (app === undefined || target === undefined)
    throw new Error('Say which app, and where to: ship.ts web-bff /shipped');
  ship(findApp(app), resolve(target));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function ship({ name, port }: App, to: string): void {
  const shipped = shippedBy(name);
  const [packages, own] = [join(to, 'packages'), join(to, 'app')];
  for (const each of shipped) if (each.isOwn) copyOwn(each, own);
  for (const each of shipped) if (!each.isOwn) copyInstalled(each, packages);
  symlinkSync(`apps/${name}`, join(own, 'app'));
  writeFileSync(join(own, 'sbom.cdx.json'), `${billOfMaterials(name, shipped)}\n`);
  writeFileSync(join(own, 'health.mjs'), healthCheck(port + 1));
}

/** As it was built: neither source nor tests. */
function copyOwn({ name, folder }: Shipped, to: string): void {
  if (!existsSync(join(workspaceRoot, folder, 'dist')))
    throw new Error(`${folder} is not built: run npm run build`);
  for (const part of ['package.json', 'dist', 'assets', 'migrations', 'pages']) {
    const from = join(workspaceRoot, folder, part);
    if (existsSync(from))
      cpSync(from, join(to, folder, part), { recursive: true, filter: (path) => !UNREAD.test(path) });
  }
  const link = join(to, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(to, folder)), link);
}

/** Without the packages inside it, which are shipped where they are needed. One for another system is not installed. */
function copyInstalled({ folder }: Shipped, to: string): void {
  const from = join(workspaceRoot, folder);
  const leftOut = new Set(LEFT_OUT.map((each) => join(from, each)));
  if (existsSync(from))
    cpSync(from, join(to, folder), {
      recursive: true,
      filter: (path) => !leftOut.has(path) && !UNREAD.test(path),
    });
}
