import type { Caller, Operation } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { checkAccess } from './access.js';

/**
 * Holds a proven caller against what the contract says of the operation. A gateway has checked before; the service
 * does not rely on it.
 *
 * @throws Fault `access.denied` (403). It says nothing of whether what was asked for exists.
 */
export function checkOperationAccess(operation: Operation, input: unknown, caller: Caller): void {
  const { access } = operation;
  if (access === undefined) return;
  const { scopes = [], roles = [], owner, gatewayOnly = false } = access;
  checkAccess({ scopes, roles }, caller);
  if (gatewayOnly && caller.credential !== 'gateway') throw denied('Only a gateway may ask for this itself.');
  if (typeof owner === 'string' && !isOwn(valueOf(input, owner), caller))
    throw denied('This belongs to another customer.');
}

function isOwn(value: unknown, { customerId }: Caller): boolean {
  if (customerId === undefined) return false;
  return Array.isArray(value) ? value.every((each) => each === customerId) : value === customerId;
}

function valueOf(input: unknown, field: string): unknown {
  return (input as Readonly<Record<string, unknown>>)[field];
}

function denied(message: string): Fault {
  return new Fault('access.denied', 403, message);
}
