import { spawn } from 'node:child_process';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readFileSync } from 'node:fs';
import { sourceArguments, type Site } from '@facet/dev';
import { signIn } from '@facet/testing';
import { ask } from './http.js';
import type { Client } from './traffic.js';

/** Lets this process believe what a site's authority has signed. */
export function trust({ authority }: Site): void {
  if (authority === undefined) return;
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority, 'utf8')]);
}

/** The customers that the three clients buy for. */
export const CUSTOMERS = ['cus_0001', 'cus_0002', 'cus_0003'];

const CARD = 'tok_approve';
const SHOWN = Array.from({ length: 40 }, (_, index) => `prd_${String(index + 1).padStart(4, '0')}`);
const STOCKED = 60;

/** A browser, a phone and a partner's server, signed in. */
export async function signInAll(site: Site): Promise<readonly Client[]> {
  const [web = '', mobile = '', partner = ''] = ['web-bff', 'mobile-bff', 'partner-bff'].map(
    (name) => site.origins[name],
  );
  const [browser, phoneToken, partnerToken] = await Promise.all([
    signIn(web, 'ada'),
    token(site, ['--user', 'grace', '--client', 'mobile']),
    token(site, ['--client', 'partner']),
  ]);
  const phone = { authorization: `Bearer ${phoneToken}` };
  const server = { authorization: `Bearer ${partnerToken}` };
  const next = inTurn(await productsInStock(partner, server));
  const lines = () => [{ productId: next(), quantity: 1 }];
  return [
    {
      name: 'web',
      reads: [`${web}/api/home`, `${web}/api/products/prd_0100`, `${web}/api/orders`].map((url) => ({
        url,
        headers: browser,
      })),
      stream: `${web}/api/products/prd_0101`,
      buy: basketOf(`${web}/api/checkout`, browser, () => ({
        lines: lines(),
        card: CARD,
        addressId: 'cus_0001_a1',
      })),
    },
    {
      name: 'mobile',
      reads: [`${mobile}/v1/home`, `${mobile}/v1/products/prd_0102`, `${mobile}/v1/orders`].map((url) => ({
        url,
        headers: phone,
      })),
      buy: basketOf(`${mobile}/v1/checkout`, phone, () => ({
        lines: lines(),
        card: CARD,
        addressId: 'cus_0002_a1',
      })),
    },
    {
      name: 'partner',
      reads: [
        `${partner}/v1/catalog?limit=20`,
        `${partner}/v1/offers?ids=prd_0001,prd_0002`,
        `${partner}/v1/stock?ids=prd_0003`,
      ].map((url) => ({ url, headers: server })),
      buy: basketOf(`${partner}/v1/orders`, server, (key) => ({
        lines: lines(),
        card: CARD,
        reference: key,
        shippingAddress: ADDRESS,
      })),
    },
  ];
}

const ADDRESS = { recipient: 'A Partner', street: 'Weg 1', postalCode: '3000', city: 'Bern', country: 'CH' };

/** The same body for the same key: what a client sends again is what it has sent. */
function basketOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: (key: string) => unknown,
): Client['buy'] {
  let last: { key: string; body: unknown } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, body: body(key) };
    return { url, method: 'POST', headers: { ...headers, 'idempotency-key': key }, body: last.body };
  };
}

/** Products of which there are many: a run sells nothing out. */
async function productsInStock(
  partner: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const answer = await ask(`${partner}/v1/stock?ids=${SHOWN.join(',')}`, { headers });
  const { items } = JSON.parse(answer.body) as { items: readonly { id: string; available: number }[] };
  const found = items.filter(({ available }) => available >= STOCKED).map(({ id }) => id);
  if (found.length === 0) throw new Error(`Nothing is in stock: ${answer.body.slice(0, 200)}`);
  return found;
}

function inTurn(all: readonly string[]): () => string {
  let turn = 0;
  return () => all[turn++ % all.length] ?? '';
}

/** As `npm run token` prints it. */
async function token({ issuer, authority, secrets }: Site, args: readonly string[]): Promise<string> {
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_EXTRA_CA_CERTS: authority },
    PARTNER_BFF_CLIENT_SECRET: secrets.clientSecrets['partner-bff'],
  };
  const child = spawn(
    process.execPath,
    [...sourceArguments('apps/identity/src/token.ts'), ...args, '--issuer', issuer],
    {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => said.push(data));
  child.stderr.on('data', (data: Buffer) => complaints.push(data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`No token: ${Buffer.concat(complaints).toString().trim()}`);
  return Buffer.concat(said).toString().trim();
}
