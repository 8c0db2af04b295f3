import { expect, test } from '@jest/globals';
import { rollingRestart } from '../src/experiments/rolling-restart.js';

test('S1 every instance of gateway and services restarted in turn, three rounds under load, loses nothing', async () => {
  const { seen, held } = await rollingRestart.run();
  expect({ seen, held }).toEqual({ seen, held: true });
}, 420_000);
