/** `npm run db:reset`: the workspace's own PostgreSQL starts afresh the next time. */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { resetDatabase } from './development.js';

const usage = `npm run db:reset

Forgets everything that the workspace's own PostgreSQL holds; the next start seeds it anew. Stop what uses it first.
A server of your own, named by DATABASE_URL, is left alone.`;

process.exitCode = run();

function run(): number {
  try {
    // Before anything else: a request for help, or a mistyped option, must not lose data.
    const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
    return values.help ? say(usage) : reset();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function reset(): number {
  if (process.env['DATABASE_URL'])
    return refuse('DATABASE_URL names a server of your own, which is left alone');
  const removed = resetDatabase();
  if (removed === undefined) return say('There is nothing to remove; the next start seeds it anew.');
  return say(`Removed ${relative(process.cwd(), removed)}; the next start seeds it anew.`);
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function refuse(reason: string): number {
  process.stderr.write(`Nothing was removed. ${reason}.\n`);
  return 1;
}
