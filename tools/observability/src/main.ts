import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folder, generatedFiles } from './files.js';

for (const [file, text] of Object.entries(generatedFiles())) {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`deploy/observability/${file}`);
}
