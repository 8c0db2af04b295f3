import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApps, variable, workspaceRoot } from '../../apps.js';
import { makeCertificates } from '../certificates.js';
import { secretsIn, type Secrets } from '../secrets.js';
import { composeFiles } from './site.js';

/** `npm run compose`: writes `deploy/compose`, and into `.facet/compose` the secrets and certificates of its containers. */
const apps = readApps();
const files = Object.entries(composeFiles(apps));
const folder = join(workspaceRoot, 'deploy', 'compose');
mkdirSync(folder, { recursive: true });
for (const [name, text] of files) writeFileSync(join(folder, name), text);

const own = join(workspaceRoot, '.facet', 'compose');
mkdirSync(own, { recursive: true, mode: 0o700 });
const { file, authority } = makeCertificates(join(own, 'certificates'));
// HAProxy and Node run as users of their own in their containers.
copyFileSync(file, join(own, 'server.pem'));
if (authority !== undefined) copyFileSync(authority, join(own, 'authority.pem'));
writeSecrets(
  secretsIn(
    join(own, 'secrets.json'),
    apps.filter(({ kind }) => kind === 'gateway').map(({ name }) => name),
  ),
);
console.log(
  'Written: deploy/compose and .facet/compose. Start it: docker compose -f deploy/compose/docker-compose.yml up --build',
);

function writeSecrets({ assertionKeys, publicKeys, clientSecrets, others }: Secrets): void {
  const write = (name: string, values: Readonly<Record<string, string>>) => {
    const text = Object.entries(values).map(([each, value]) => `${each}=${value}\n`);
    writeFileSync(join(own, `${name}.env`), text.join(''), { mode: 0o600 });
  };
  for (const [gateway, key] of Object.entries(assertionKeys))
    write(gateway, { ASSERTION_KEY: key, OIDC_CLIENT_SECRET: clientSecrets[gateway] ?? '' });
  write('services', { ASSERTION_PUBLIC_KEYS: publicKeys });
  const ofClients = Object.entries(clientSecrets).map(([name, secret]) => [
    variable(name, 'CLIENT_SECRET'),
    secret,
  ]);
  write('identity', Object.fromEntries(ofClients) as Record<string, string>);
  const password = others['database'] ?? '';
  write('database', {
    ...{ POSTGRES_USER: 'facet', POSTGRES_PASSWORD: password },
    DATABASE_URL: `postgres://facet:${password}@postgres:5432/postgres`,
  });
  write('grafana', { GF_SECURITY_ADMIN_PASSWORD: others['grafana'] ?? '' });
}
