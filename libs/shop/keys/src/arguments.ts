import { parseArgs } from 'node:util';

/** What the command line gets wrong; the usage is printed with it. */
export class UsageError extends Error {}

/** What a scope is asked for by: the gateways' routes and the services' contracts. Others may be added with a service. */
const KNOWN_SCOPES = ['catalog:read', 'inventory:read', 'orders:read', 'orders:write', 'webhooks:write'];

/** The options and the rest. @throws UsageError naming what is not known, or lacks its value */
export function readArguments() {
  try {
    return parseArgs({
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
  } catch (error) {
    // The first sentence; what follows in Node's message is about arguments that begin with a dash.
    throw new UsageError((error as Error).message.replace(/\. To specify.*$/s, '.'));
  }
}

export function needed(what: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${what} is required.`);
  return value;
}

export function positive(what: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  throw new UsageError(`${what} is a number above 0 and at most ${max}, not ${text}.`);
}

/** What to tell of scopes that nothing in the workspace asks for: most likely they are mistyped. */
export function doubtful(scopes: readonly string[]): string | undefined {
  const unknown = scopes.filter((scope) => !KNOWN_SCOPES.includes(scope));
  if (unknown.length === 0) return undefined;
  return `Mistyped? No route here asks for ${unknown.join(', ')}, but for ${KNOWN_SCOPES.join(', ')}.`;
}
