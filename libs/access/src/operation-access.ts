import type { Caller, Operation, OperationAccess } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { checkAccess, type Access } from './access.js';

/**
 * Holds a caller, undefined for a visitor, and the input of one call against what the contract demands. A gateway does so
 * for every call, whatever the service is; a service of ours does so again and does not rely on it.
 *
 * @throws Fault `auth.required` (401) for a visitor, `access.denied` (403). It says nothing of whether what was asked for
 * exists.
 */
export function checkOperationAccess(operation: Operation, input: unknown, caller: Caller | undefined): void {
  const { access } = operation;
  if (access === undefined) return;
  const { owner, gatewayOnly = false } = access;
  if (isClosed(access)) checkAccess(access, caller);
  if (gatewayOnly && caller?.credential !== 'gateway')
    throw denied('Only a gateway may ask for this itself.');
  if (typeof owner === 'string' && !isOwn(valueOf(input, owner), caller))
    throw denied('This belongs to another customer.');
}

/**
 * What an operation demands of its callers and a route that calls it does not, in words; empty where the route is at least
 * as strict. Whose the input is can only be told from the input: for an owner, the route has to be closed.
 */
export function unmetDemands({ access: demanded }: Operation, access: Access): string[] {
  if (demanded === undefined) return [];
  const { scopes = [], roles = [], owner, gatewayOnly = false } = demanded;
  const given = access === 'public' ? {} : access;
  const isWeaker = access === 'public' && isClosed(demanded);
  return [
    ...(isWeaker ? ['a caller who has signed in'] : []),
    ...scopes.filter((scope) => given.scopes?.includes(scope) !== true).map((name) => `the scope ${name}`),
    ...roles.filter((role) => given.roles?.includes(role) !== true).map((name) => `the role ${name}`),
    ...(isWeaker && typeof owner === 'string' ? [`the caller's own customer in "${owner}"`] : []),
    ...(gatewayOnly ? ['a gateway that asks for itself'] : []),
  ];
}

/** Whether it takes somebody who has signed in: not where all that is said is that anybody's may be asked for. */
function isClosed({ scopes = [], roles = [], owner, gatewayOnly = false }: OperationAccess): boolean {
  return scopes.length > 0 || roles.length > 0 || gatewayOnly || typeof owner !== 'object';
}

/** A list that names nobody is nobody's: what a service makes of an empty one is not known here. */
function isOwn(value: unknown, caller: Caller | undefined): boolean {
  const customerId = caller?.customerId;
  if (customerId === undefined) return false;
  if (!Array.isArray(value)) return value === customerId;
  return value.length > 0 && value.every((each) => each === customerId);
}

function valueOf(input: unknown, field: string): unknown {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, field)) return undefined;
  return (input as Readonly<Record<string, unknown>>)[field];
}

function denied(message: string): Fault {
  return new Fault('access.denied', 403, message);
}
