import { expect, test } from '@jest/globals';
import { createLogger } from '@facet/platform';
import { eventually } from '@facet/testing';
import { startSweeper } from './sweeper.js';

function logger() {
  const lines: string[] = [];
  return {
    lines,
    logger: createLogger({
      name: 'x',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    }),
  };
}

test('sweeps again and again, though something fails now and then, and says so', async () => {
  const { lines, logger: log } = logger();
  let rounds = 0;
  const failing = { sweep: () => Promise.reject(new Error('no broom')) };
  const counting = { sweep: () => Promise.resolve(void (rounds += 1)) };
  const stop = startSweeper({ sweeps: [failing, counting], everyMs: 1, logger: log });
  await eventually(() => rounds >= 3);
  await stop();
  expect(lines.some((line) => line.includes('no broom'))).toBe(true);
});

test('never sweeps twice at once, finishes a round that has begun, and begins none afterwards', async () => {
  let running = 0;
  let most = 0;
  let rounds = 0;
  const slow = {
    sweep: async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      rounds += 1;
      running -= 1;
    },
  };
  const stop = startSweeper({ sweeps: [slow], everyMs: 1, logger: logger().logger });
  await eventually(() => running === 1 && rounds >= 2);
  await stop();
  expect([running, most]).toEqual([0, 1]);
  const ended = rounds;
  let later = 0;
  const witness = { sweep: () => Promise.resolve(void (later += 1)) };
  const stopWitness = startSweeper({ sweeps: [witness], everyMs: 1, logger: logger().logger });
  await eventually(() => later >= 10);
  await stopWitness();
  expect(rounds).toBe(ended);
});
