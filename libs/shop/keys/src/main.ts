import { Fault } from '@facet/platform';
import { TransportError } from '@facet/transport';
import { connectAccounts, type Accounts } from './accounts.js';
import { doubtful, needed, positive, readArguments, UsageError } from './arguments.js';
import { assertionKey, issue, list, revoke, rotate } from './commands.js';
import { readSigningKey } from './signing-key.js';
import { usage } from './usage.js';

/** A longer life is none that anybody will remember; a key without it lives until it is revoked. */
const MOST_DAYS = 3_650;
/** As the contract of `accounts` has it. */
const MOST_OVERLAP_HOURS = 720;

type Values = ReturnType<typeof readArguments>['values'];

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<string> {
  const {
    values,
    positionals: [command, id],
  } = readArguments();
  if (values.help || command === undefined) return usage;
  if (command === 'assertion-key') return assertionKey();
  const ask = asked(command, id, values);
  const accounts = await connectAccounts();
  try {
    return await ask(accounts);
  } finally {
    accounts.close();
  }
}

/** Everything on the command line is checked before anybody is asked. */
function asked(
  command: string,
  id: string | undefined,
  values: Values,
): (accounts: Accounts) => Promise<string> {
  switch (command) {
    case 'issue': {
      const file = values['signing-key'];
      const options = {
        partner: needed('--partner', values.partner),
        scopes: needed('--scopes', values.scopes).split(','),
        customer: values.customer,
        plan: values.plan,
        days: values.days === undefined ? undefined : positive('--days', values.days, MOST_DAYS),
        signingKey: file === undefined ? undefined : readSigningKey(file),
      };
      const doubt = doubtful(options.scopes);
      if (doubt !== undefined) process.stderr.write(`${doubt}\n`);
      return (accounts) => issue(accounts, options);
    }
    case 'list':
      return (accounts) => list(accounts, values.partner);
    case 'rotate': {
      const hours = positive('--overlap-hours', values['overlap-hours'], MOST_OVERLAP_HOURS);
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

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof TransportError)
    return `accounts does not answer (${error.code}); start it with npm start, or set ACCOUNTS_ADDRESSES`;
  if (error instanceof Fault)
    return [error.message, ...(error.fields ?? []).map((f) => `  ${f.field}: ${f.message}`)].join('\n');
  return error instanceof Error ? error.message : String(error);
}
