/** `npm run db:reset`: the workspace's own PostgreSQL starts afresh the next time. */
import { relative } from 'node:path';
import { resetDatabase } from './development.js';

process.exitCode = run();

function run(): number {
  if (process.env['DATABASE_URL'])
    return refuse('DATABASE_URL names a server of your own, which is left alone');
  try {
    const removed = resetDatabase();
    process.stdout.write(`Removed ${relative(process.cwd(), removed)}; the next start seeds it anew.\n`);
    return 0;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(reason: string): number {
  process.stderr.write(`Nothing was removed. ${reason}.\n`);
  return 1;
}
