/** Writes the sample world's reviews anew: `node --import ./tools/dev/register.mjs apps/reviews/test/write-sample.ts`. */
import { writeFileSync } from 'node:fs';
import { sample } from './sample.js';

writeFileSync(new URL('../migrations/sample.ndjson', import.meta.url), sample());
