/** `npm run canary`: says whether a release keeps the objectives. */
import { parseArgs } from 'node:util';
import { watchObjectives } from './canary.js';

const usage = `npm run canary -- --prometheus URL [--seconds 600] [--every 15]

Reads the burn rates of every objective that routes declare while a release takes requests. Ends with 0 where none of them burned
fast, with 1 at once where one does, and with 2 where there was nothing to judge by.`;

try {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      prometheus: { type: 'string' },
      seconds: { type: 'string', default: '600' },
      every: { type: 'string', default: '15' },
    },
  });
  if (values.help === true) process.stdout.write(`${usage}\n`);
  else
    process.exitCode = await watchObjectives({
      prometheus: addressOf(values.prometheus),
      forMs: 1_000 * secondsOf('--seconds', values.seconds),
      everyMs: 1_000 * secondsOf('--every', values.every),
      write: (line) => void process.stdout.write(`${line}\n`),
    });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

function addressOf(text = ''): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text.replace(/\/$/, '');
  throw new Error(`--prometheus is "${text}", expected the address of a Prometheus: http://prometheus:9090`);
}

function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new Error(`${option} is "${text}", expected a number of seconds above 0`);
}
