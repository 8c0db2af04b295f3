/** `npm run sbom`: what each app ships, as a CycloneDX bill of materials, and whether its licences are allowed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findApp, readApps, workspaceRoot } from '../apps.js';
import { billOfMaterials } from './bom.js';
import { licenceList, licenceProblems } from './licences.js';
import { shippedBy } from './shipped.js';

const usage = `npm run sbom [-- APP…]

Writes what each app ships, or those that are named, as a CycloneDX bill of materials: .facet/sbom/<app>.cdx.json. Exits 1 where a
licence is not known or not allowed by tools/dev/licences.json.`;

process.exitCode = run();

function run(): number {
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    const apps = readApps();
    const chosen = positionals.length === 0 ? apps : positionals.map((name) => findApp(name, apps));
    const problems = new Set(chosen.flatMap(({ name }) => write(name)));
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    return problems.size === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function write(app: string): readonly string[] {
  const folder = join(workspaceRoot, '.facet/sbom');
  const shipped = shippedBy(app);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${app}.cdx.json`), `${billOfMaterials(app, shipped)}\n`);
  process.stdout.write(`.facet/sbom/${app}.cdx.json: ${shipped.length} packages\n`);
  return licenceProblems(shipped, licenceList());
}
