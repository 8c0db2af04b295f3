import type { Caller } from '@facet/contracts';
import { Fault } from '@facet/platform';

/**
 * Who may use a route: everybody, or a proven caller with all of the scopes, all of the roles, and of the kind that
 * the rule names. A route without a rule fails the boot.
 */
export type Access =
  | 'public'
  | {
      readonly scopes?: readonly string[];
      readonly roles?: readonly string[];
      readonly kind?: Caller['kind'];
    };

/**
 * Lets a caller pass, or says why not.
 *
 * @throws Fault `auth.required` (401) where nobody has proven who they are, `access.denied` (403) where who they are is
 * not enough. The message names what is missing; it says nothing of what they have.
 */
export function checkAccess(access: Access, caller: Caller | undefined): void {
  if (access === 'public') return;
  if (caller === undefined) throw new Fault('auth.required', 401, 'Sign in first.');
  const { scopes = [], roles = [], kind } = access;
  const scope = scopes.find((name) => !caller.scopes.includes(name));
  if (scope !== undefined) throw denied(`The scope ${scope} is required.`);
  const role = roles.find((name) => !caller.roles.includes(name));
  if (role !== undefined) throw denied(`The role ${role} is required.`);
  if (kind !== undefined && kind !== caller.kind) throw denied(`Only a ${kind} may do this.`);
}

function denied(message: string): Fault {
  return new Fault('access.denied', 403, message);
}
