import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { contractDocuments } from './documents/contracts.js';

for (const [path, text] of await contractDocuments(workspaceRoot)) {
  writeFileSync(join(workspaceRoot, path), text);
  console.log(path);
}
