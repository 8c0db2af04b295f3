import { runProcess } from '@facet/platform';
import { loadIdentityConfig } from './identity.config.js';
import { startIdentity } from './identity.js';
import { users } from './users.js';

await runProcess('identity', async ({ logger }) => {
  const identity = await startIdentity(loadIdentityConfig(), logger);
  process.on('SIGHUP', () => identity.rotate());
  const lines = users.map(({ username, password }) => `  ${username.padEnd(8)}${password}`);
  process.stdout.write(`Users of ${identity.issuer} (for development only)\n${lines.join('\n')}\n`);
  return identity;
});
