import { readConfig } from './config.js';
import { openDatabase } from './database.js';
import { createAdmin, createServer } from './server.js';

/** The parent process may listen: `npm start` and specs wait for this. */
const say = (message: object): void => void process.send?.({ name: 'reviews', ...message });

try {
  const { HOST, PORT, ADMIN_HOST, ADMIN_PORT, LOG_LEVEL, DATABASE_URL, DATABASE_PREFIX } = readConfig();
  const pool = await openDatabase({ url: DATABASE_URL, name: `${DATABASE_PREFIX}reviews` });
  const app = createServer(pool, LOG_LEVEL);
  const admin = createAdmin(pool);
  const adminUrl = await admin.listen({ host: ADMIN_HOST, port: Number(ADMIN_PORT) });
  const url = await app.listen({ host: HOST, port: Number(PORT) });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await app.close();
    await admin.close();
    await pool.end();
    process.exit(0);
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());
  say({ type: 'ready', addresses: { http: url, admin: adminUrl } });
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(`reviews: ${message}\n`);
  say({ type: 'failed', message });
  process.exit(1);
}
