import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { REFERENCE, settingsReference } from './settings/document.js';

const path = join(workspaceRoot, REFERENCE);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, await settingsReference());
console.log(REFERENCE);
