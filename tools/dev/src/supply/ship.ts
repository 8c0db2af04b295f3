/** `node … ship.ts web-bff /shipped`: copies what an app ships, and its bill of materials, to a folder that runs by itself. */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { findApp, workspaceRoot } from '../apps.js';
import { billOfMaterials } from './bom.js';
import { shippedBy, type Shipped } from './shipped.js';

const [app, target] = process.argv.slice(2);
try {
  if (app === undefined || target === undefined)
    throw new Error('Say which app, and where to: ship.ts web-bff /shipped');
  ship(findApp(app).name, resolve(target));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function ship(name: string, to: string): void {
  const shipped = shippedBy(name);
  cpSync(join(workspaceRoot, 'package.json'), join(to, 'package.json'));
  for (const each of shipped) (each.isOwn ? copyOwn : copyInstalled)(each, to);
  writeFileSync(join(to, 'sbom.cdx.json'), `${billOfMaterials(name, shipped)}\n`);
}

/** As it was built: neither source nor tests. */
function copyOwn({ name, folder }: Shipped, to: string): void {
  if (!existsSync(join(workspaceRoot, folder, 'dist')))
    throw new Error(`${folder} is not built: run npm run build`);
  for (const part of ['package.json', 'dist', 'assets', 'migrations', 'pages']) {
    const from = join(workspaceRoot, folder, part);
    if (existsSync(from)) cpSync(from, join(to, folder, part), { recursive: true });
  }
  const link = join(to, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(to, folder)), link);
}

/** Without the packages inside it, which are shipped where they are needed. One for another system is not installed. */
function copyInstalled({ folder }: Shipped, to: string): void {
  const from = join(workspaceRoot, folder);
  const inside = join(from, 'node_modules');
  if (existsSync(from))
    cpSync(from, join(to, folder), { recursive: true, filter: (path) => path !== inside });
}
