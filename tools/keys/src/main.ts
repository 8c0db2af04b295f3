import { parseArgs } from 'node:util';
import { Fault } from '@facet/platform';
import { TransportError } from '@facet/transport';
import { connectAccounts, type Accounts } from './accounts.js';
import { assertionKey, issue, list, revoke, rotate } from './commands.js';
import { usage } from './usage.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: true,
  options: {
    partner: { type: 'string' },
    customer: { type: 'string' },
    scopes: { type: 'string' },
    plan: { type: 'string', default: 'standard' },
    days: { type: 'string' },
    'signing-key': { type: 'string' },
    'overlap-hours': { type: 'string', default: '24' },
    help: { type: 'boolean', default: false },
  },
});

/** What the command line gets wrong; the usage is printed with it. */
class UsageError extends Error {}

try {
  process.stdout.write(`${await run(positionals[0], positionals[1])}\n`);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function run(command: string | undefined, id: string | undefined): Promise<string> {
  if (values.help || command === undefined) return usage;
  if (command === 'assertion-key') return assertionKey();
  const ask = asked(command, id);
  const accounts = await connectAccounts();
  try {
    return await ask(accounts);
  } finally {
    accounts.close();
  }
}

/** Everything on the command line is checked before anybody is asked. */
function asked(command: string, id: string | undefined): (accounts: Accounts) => Promise<string> {
  switch (command) {
    case 'issue': {
      const options = {
        partner: needed('--partner', values.partner),
        scopes: needed('--scopes', values.scopes).split(','),
        customer: values.customer,
        plan: values.plan,
        days: values.days === undefined ? undefined : positive('--days', values.days),
        signingKeyFile: values['signing-key'],
      };
      return (accounts) => issue(accounts, options);
    }
    case 'list':
      return (accounts) => list(accounts, values.partner);
    case 'rotate': {
      const hours = positive('--overlap-hours', values['overlap-hours']);
      const which = needed('the id of a key', id);
      return (accounts) => rotate(accounts, which, hours);
    }
    case 'revoke': {
      const which = needed('the id of a key', id);
      return (accounts) => revoke(accounts, which);
    }
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

function needed(what: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${what} is required.`);
  return value;
}

function positive(what: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${what} is a number above 0, not ${text}.`);
  return value;
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof TransportError)
    return `accounts does not answer (${error.code}); start it with npm start, or set ACCOUNTS_ADDRESSES`;
  if (error instanceof Fault)
    return [error.message, ...(error.fields ?? []).map((f) => `  ${f.field}: ${f.message}`)].join('\n');
  return error instanceof Error ? error.message : String(error);
}
