/** Starts the workspace's PostgreSQL, writes one line about it, and stops it on SIGTERM. */
import { startDatabase } from '../../src/index.js';

try {
  const database = await startDatabase();
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 60_000);
  process.stdout.write(`${JSON.stringify({ url: database.url, pid: database.pid })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ failed: (error as Error).message })}\n`);
  process.exitCode = 1;
}
