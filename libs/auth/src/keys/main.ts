#!/usr/bin/env node
/** `facet-keys`: issues, lists and revokes the keys of partners in a file that gateways read. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { generateApiKey, hashApiKey, hintOf } from './format.js';
import { readKeyFile, writeKeyFile, type KeyEntry } from './key-file.js';

const usage = `facet-keys issue --partner=acme --scopes=orders:read,orders:write [--plan=standard] [--days=90]
facet-keys list
facet-keys revoke key_…

--file=<path>, or API_KEYS_FILE, says which file; .facet/api-keys.json by default. It holds hashes: a key is shown once.`;

const MOST_DAYS = 3_650;
const DAY_MS = 86_400_000;

class UsageError extends Error {}

try {
  process.stdout.write(`${run()}\n`);
} catch (error) {
  const { message } = error as Error;
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(isUsage === true ? `${message}\n\n${usage}\n` : `${message}\n`);
  process.exitCode = 1;
}

function run(): string {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      partner: { type: 'string' },
      scopes: { type: 'string' },
      plan: { type: 'string', default: 'standard' },
      days: { type: 'string' },
      file: { type: 'string', default: process.env['API_KEYS_FILE'] || '.facet/api-keys.json' },
      help: { type: 'boolean', default: false },
    },
  });
  const [command, id, ...more] = positionals;
  if (values.help || command === undefined) return usage;
  if (more.length > 0) throw new UsageError(`"${more.join(' ')}" is too much.`);
  const keys = readKeyFile(values.file);
  if (command === 'list') return listed(keys);
  if (command === 'issue') return issue(values.file, keys, values);
  if (command === 'revoke') return revoke(values.file, keys, needed('the id of a key', id));
  throw new UsageError(`There is no command ${command}.`);
}

interface Wanted {
  readonly partner?: string;
  readonly scopes?: string;
  readonly plan: string;
  readonly days?: string;
}

function issue(file: string, keys: readonly KeyEntry[], wanted: Wanted): string {
  const partner = needed('--partner', wanted.partner);
  const scopes = needed('--scopes', wanted.scopes).split(',');
  const days = wanted.days === undefined ? undefined : daysOf(wanted.days);
  const key = generateApiKey();
  const made: KeyEntry = {
    ...{ hash: hashApiKey(key) ?? '', id: `key_${randomBytes(9).toString('base64url')}`, hint: hintOf(key) },
    ...{ partner, scopes, plan: wanted.plan, customerId: null, signingKey: null, revokedAt: null },
    expiresAt: days === undefined ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
  };
  writeKeyFile(file, [...keys, made]);
  return `${key}\n${made.id}, for ${partner}: it is shown once, ${file} has its hash`;
}

function revoke(file: string, keys: readonly KeyEntry[], id: string): string {
  if (!keys.some((each) => each.id === id)) throw new Error(`${file} has no key ${id}`);
  const now = new Date().toISOString();
  writeKeyFile(
    file,
    keys.map((each) => (each.id === id ? { ...each, revokedAt: each.revokedAt ?? now } : each)),
  );
  return `${id} is revoked`;
}

function listed(keys: readonly KeyEntry[]): string {
  if (keys.length === 0) return 'No keys.';
  return keys
    .map(({ id, hint, partner, scopes, plan, expiresAt, revokedAt }) =>
      [id, hint, partner, scopes.join(','), plan, stateOf(expiresAt, revokedAt)].join('  '),
    )
    .join('\n');
}

function stateOf(expiresAt: string | null, revokedAt: string | null): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  return expiresAt === null ? 'live' : `until ${expiresAt}`;
}

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new UsageError(`--days is "${text}", expected a number from 1 to ${MOST_DAYS}.`);
}

function needed(what: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`Say ${what}.`);
}
