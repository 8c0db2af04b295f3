import { parseArgs } from 'node:util';
import { gateways } from './gateways.js';
import { clientToken, signInToApp } from './sign-in.js';
import { users } from './users.js';

class UsageError extends Error {}

/** Those whose tokens may be shown: a session's never leaves its gateway. */
const known = gateways.filter(({ signIn }) => signIn !== 'session');
const names = known.map(({ clientId }) => clientId.replace(/-bff$/, ''));

const byDefault = known.find(({ signIn }) => signIn === 'bearer')?.clientId ?? '';

const usage = `Prints an access token from the development provider, got through the real flow.

  npm run token -- --user ada --client mobile     a user's token (code flow, PKCE)
  npm run token -- --client partner               a partner's token (client credentials)

  --client NAME           ${names.join(', ')}
  --scope "orders:read"   ask for these scopes instead of all
  --issuer URL            the provider; http://localhost:3900 where absent
  --json                  the token endpoint's whole answer

Users: ${users.map(({ username }) => username).join(', ')}. The token of a session is not to be had: it never leaves its gateway.`;

try {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      client: { type: 'string', default: byDefault },
      scope: { type: 'string' },
      issuer: { type: 'string', default: 'http://localhost:3900' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  else {
    const tokens = await obtain(values);
    process.stdout.write(`${values.json ? JSON.stringify(tokens, null, 2) : tokens.access_token}\n`);
  }
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}

/** One line, followed by how it is typed where something was mistyped. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ECONNREFUSED') return 'no provider answers there; start it with npx nx serve identity';
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${usage}`;
  return message || String(code);
}

function obtain({ user, client, scope, issuer }: Record<'issuer' | 'client', string> & Choice) {
  const asked = scope === undefined ? {} : { scope };
  const asking = known.find(({ clientId }) => clientId === client || clientId === `${client}-bff`);
  if (asking === undefined)
    throw new UsageError(
      `--client is ${names.join(' or ') || 'none: no gateway takes tokens'}, not ${client}`,
    );
  if (asking.signIn === 'api-key') return clientToken(issuer, asking.clientId, scope);
  const person = users.find(({ username }) => username === user);
  if (person === undefined)
    throw new UsageError(`--user is one of ${users.map((u) => u.username).join(', ')}`);
  const { username, password } = person;
  return signInToApp({ issuer, client: asking.clientId, username, password, ...asked });
}

interface Choice {
  readonly user?: string | undefined;
  readonly scope?: string | undefined;
}
