import { generateApiKey, hashApiKey, hintOf } from '@facet/auth';
import { generateAssertionKey, publicAssertionKeys } from '@facet/auth/assertion';
import { accounts, type StoredApiKey } from '@facet/shop-accounts';
import { newCommand, type Accounts } from './accounts.js';
import type { SigningKey } from './signing-key.js';

export interface IssueOptions {
  readonly partner: string;
  readonly customer?: string | undefined;
  readonly scopes: readonly string[];
  readonly plan: string;
  readonly days?: number | undefined;
  readonly signingKey?: SigningKey | undefined;
}

export async function issue({ call }: Accounts, options: IssueOptions): Promise<string> {
  const { customer, days, signingKey } = options;
  const key = generateApiKey();
  const stored = await call(accounts.issueApiKey, {
    ...newCommand(),
    ...hashed(key),
    partner: options.partner,
    scopes: [...options.scopes],
    plan: options.plan,
    ...(customer === undefined ? {} : { customerId: customer }),
    ...(days === undefined ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
    ...(signingKey === undefined ? {} : { signingKey }),
  });
  return shownOnce(key, stored);
}

export async function list({ call }: Accounts, partner: string | undefined): Promise<string> {
  const { items } = await call(accounts.apiKeys, partner === undefined ? {} : { partner });
  if (items.length === 0) return 'There are no keys.';
  return items
    .map((key) => [key.id, key.partner, key.hint, state(key), key.scopes.join(',')].join('  '))
    .join('\n');
}

export async function rotate({ call }: Accounts, id: string, overlapHours: number): Promise<string> {
  const key = generateApiKey();
  const { issued, retiring } = await call(accounts.rotateApiKey, {
    ...newCommand(),
    ...hashed(key),
    id,
    overlapSeconds: Math.round(overlapHours * 3_600),
  });
  return `${shownOnce(key, issued)}\n${retiring.id}  ${state(retiring)}`;
}

export async function revoke({ call }: Accounts, id: string): Promise<string> {
  const key = await call(accounts.revokeApiKey, { ...newCommand(), id });
  return `${key.id}  ${state(key)}`;
}

export function assertionKey(): string {
  const key = generateAssertionKey();
  return [
    '# a secret of one gateway',
    `ASSERTION_KEY='${key}'`,
    '# for every service; with several gateways, one list with the keys of all',
    `ASSERTION_PUBLIC_KEYS='${publicAssertionKeys(key)}'`,
  ].join('\n');
}

function hashed(key: string) {
  return { hash: hashApiKey(key) ?? '', hint: hintOf(key) };
}

function shownOnce(key: string, { id, partner }: StoredApiKey): string {
  return `${key}\n${id}, for ${partner}. The key is not shown again.`;
}

function state({ revokedAt, expiresAt, replacedBy }: StoredApiKey): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  if (expiresAt === null) return 'live';
  if (Date.parse(expiresAt) <= Date.now()) return `expired ${expiresAt}`;
  return `live until ${expiresAt}${replacedBy === null ? '' : `, followed by ${replacedBy}`}`;
}
