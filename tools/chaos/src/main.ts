import { parseArgs } from 'node:util';
import { experiments } from './experiments/index.js';
import { choose, runAll } from './run.js';

const usage = `npm run chaos -- [--only=name,name]

Breaks things on purpose under real processes, and prints what each experiment promises and what was seen.
Exits with 1 where a promise was not held.

  --only   these alone: ${experiments.map(({ name }) => name).join(', ')}`;

try {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) console.log(usage);
  else process.exitCode = await runAll(choose(experiments, values.only), (line) => console.log(line));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
