import { parseArgs } from 'node:util';
import { experiments } from './experiments/index.js';
import { soakFor } from './experiments/soak.js';
import { choose, runAll } from './run.js';

const usage = `npm run chaos -- [--only=name,name] [--minutes=30]

Breaks things on purpose under real processes, and prints what each experiment promises and what was seen.
Exits with 1 where a promise was not held.

  --only      these alone: ${experiments.map(({ name }) => name).join(', ')}; or soak, which is not run otherwise
  --minutes   how long a soak takes; 30 where absent`;

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0)) throw new Error(`--minutes=${text} is no time: give the minutes of a soak`);
  return minutes;
}

try {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      minutes: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(usage);
  else {
    const soak = soakFor(minutesOf(values.minutes ?? '30'));
    const all = values.only === undefined ? experiments : [...experiments, soak];
    const chosen = choose(all, values.only);
    if (values.minutes !== undefined && !chosen.includes(soak))
      throw new Error('--minutes is how long a soak takes: give --only=soak with it');
    process.exitCode = await runAll(chosen, (line) => console.log(line));
  }
} catch (error) {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
}
