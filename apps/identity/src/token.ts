import { parseArgs } from 'node:util';
import { partnerToken, signInToMobile } from './sign-in.js';
import { users } from './users.js';

const usage = `Prints an access token from the development provider, got through the real flow.

  npm run token -- --user ada --client mobile     a user's token for mobile-bff (code flow, PKCE)
  npm run token -- --client partner               a token for partner-bff (client credentials)

  --scope "orders:read"   ask for these scopes instead of all
  --issuer URL            the provider; http://localhost:3900 where absent
  --json                  the token endpoint's whole answer

Users: ${users.map(({ username }) => username).join(', ')}. A web token is not to be had: it never leaves web-bff.`;

try {
  const { values } = parseArgs({
    options: {
      user: { type: 'string' },
      client: { type: 'string', default: 'mobile' },
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
  const { code, message } = error as { code?: string; message: string };
  const reason =
    code === 'ECONNREFUSED'
      ? 'no provider answers there; start it with npx nx serve identity'
      : message || String(code);
  process.stderr.write(`${reason}\n\n${usage}\n`);
  process.exitCode = 1;
}

function obtain({ user, client, scope, issuer }: Record<'issuer' | 'client', string> & Choice) {
  const asked = scope === undefined ? {} : { scope };
  if (client === 'partner') return partnerToken(issuer, scope);
  if (client !== 'mobile') throw new Error(`--client is mobile or partner, not ${client}`);
  const known = users.find(({ username }) => username === user);
  if (known === undefined) throw new Error(`--user is one of ${users.map((u) => u.username).join(', ')}`);
  return signInToMobile({ issuer, username: known.username, password: known.password, ...asked });
}

interface Choice {
  readonly user?: string | undefined;
  readonly scope?: string | undefined;
}
