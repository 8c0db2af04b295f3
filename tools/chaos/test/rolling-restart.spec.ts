import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { rollingRestart } from '../src/experiments/rolling-restart.js';

const isThere = ['mobile-bff', 'catalog', 'inventory', 'recommendations', 'reviews'].every((name) =>
  existsSync(new URL(`../../../apps/${name}/project.json`, import.meta.url)),
);
const why = isThere ? '' : ' (skipped: the samples are gone)';

(isThere ? test : test.skip)(
  `S1 every instance of gateway and services restarted in turn, three rounds under load, loses nothing${why}`,
  async () => {
    const { seen, held } = await rollingRestart.run();
    expect({ seen, held }).toEqual({ seen, held: true });
  },
  420_000,
);
