/** `nx serve database`: runs the workspace's own PostgreSQL for those who need it, until it is told to stop. */
import { setInterval } from 'node:timers';
import { startDatabase } from './development.js';

process.exit(await run());

async function run(): Promise<number> {
  const stopWanted = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve(undefined));
  });
  if (process.env['DATABASE_URL']) {
    process.stdout.write('DATABASE_URL names a server of your own; none is started.\n');
    // Signal handlers keep no process running.
    setInterval(() => undefined, 60_000);
    await stopWanted;
    return 0;
  }
  try {
    const database = await startDatabase();
    process.stdout.write(`PostgreSQL takes connections on 127.0.0.1:${database.port}\n`);
    const complaint = await Promise.race([stopWanted, database.exited]);
    if (complaint !== undefined) throw new Error(`The database ended: ${complaint}`);
    await database.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
