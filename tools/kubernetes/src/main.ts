/** `npm run manifests`: writes the generated files of `deploy/kubernetes`, and removes those that nothing makes any more. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folder, GENERATED, generatedFiles } from './files.js';
import { workloads } from './workload.js';

const files = generatedFiles(await workloads());
for (const each of GENERATED) rmSync(join(folder, each), { recursive: true, force: true });
for (const [file, text] of Object.entries(files)) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`deploy/kubernetes/${file}`);
}
