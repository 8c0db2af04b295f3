import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { assertCallers, assertingVariables } from '@facet/auth/assertion';
import type { Caller, InputOf, Operation, OutputOf } from '@facet/contracts';
import { addresses, Fault, loadConfig } from '@facet/platform';
import { Channel, RemoteError } from '@facet/transport';
import { z } from 'zod';

const NAME = 'keys';
/** What `npm run keys` reads. */
export const variables = {
  ACCOUNTS_ADDRESSES: addresses('127.0.0.1:4010').describe(
    'Where the instances of accounts are; the first one is asked',
  ),
  ...assertingVariables,
};
const schema = z.object({ NODE_ENV: z.string().optional(), ...variables });

/** A way to ask `accounts` as an operator. */
export interface Accounts {
  readonly call: <O extends Operation>(operation: O, input: InputOf<O>) => Promise<OutputOf<O>>;
  close(): void;
}

/**
 * Connects to the first address. A process that can read the signing key may do what an operator may.
 *
 * @throws ConfigError, or TransportError where nobody answers
 */
export async function connectAccounts(): Promise<Accounts> {
  const { NODE_ENV, ACCOUNTS_ADDRESSES, ASSERTION_KEY } = loadConfig(NAME, schema);
  const assertCaller = assertCallers(NAME, { production: NODE_ENV === 'production', ASSERTION_KEY });
  const [address = ''] = ACCOUNTS_ADDRESSES;
  const at = address.lastIndexOf(':');
  const channel = new Channel({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
  await channel.connect();
  return {
    call: async <O extends Operation>({ pattern }: O, data: InputOf<O>) => {
      try {
        const caller = assertCaller(operator(), 'accounts');
        return (await channel.call({ pattern, data, caller, timeoutMs: 10_000 })) as OutputOf<O>;
      } catch (error) {
        throw (error instanceof RemoteError ? Fault.fromWire(error.payload) : undefined) ?? error;
      }
    },
    close: () => channel.destroy(),
  };
}

export const newCommand = () => ({ idempotencyKey: randomUUID() });

function operator(): Caller {
  return {
    subject: userInfo().username,
    kind: 'user',
    client: NAME,
    scopes: [],
    roles: ['operator'],
    credential: 'gateway',
  };
}
