import { parseArgs } from 'node:util';
import { benchConsole } from './console.js';
import { benchGateway } from './gateway/suite.js';
import { describeGoal, isMet, type Goal } from './goals.js';
import { benchReader } from './reader/suite.js';
import { benchScaleOut } from './scale-out/suite.js';
import { quick, thorough } from './scale.js';
import { table } from './table.js';
import { benchWire } from './wire/suite.js';

const suites = {
  wire: benchWire,
  gateway: benchGateway,
  reader: benchReader,
  console: benchConsole,
  scale: benchScaleOut,
};

const usage = `npm run bench -- [--quick] [wire] [gateway] [reader] [console] [scale]

Runs the project's ends and gateway against stock Nest, turn by turn, and exits 1 where a goal is missed.
  --quick   a few minutes, noisier
  --help    this`;

/** Undefined where only help is asked for. */
function readArguments(): { scale: typeof quick; names: (keyof typeof suites)[] } | undefined {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) return undefined;
  const unknown = positionals.filter((name) => !(name in suites));
  if (unknown.length > 0) throw new Error(`no suite named ${unknown.join(', ')}`);
  const names = (positionals.length === 0 ? Object.keys(suites) : positionals) as (keyof typeof suites)[];
  return { scale: values.quick ? quick : thorough, names };
}

async function run(): Promise<number> {
  const asked = readArguments();
  if (asked === undefined) {
    console.log(usage);
    return 0;
  }
  const { scale, names } = asked;
  const goals: Goal[] = [];
  for (const name of names) {
    const outcome = await suites[name](scale);
    console.log(`\n${name}\n${outcome.report}`);
    goals.push(...outcome.goals);
  }
  console.log(`\n${table(['goal', 'seen', 'bound', ''], goals.map(describeGoal))}\n`);
  return goals.every(isMet) ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
