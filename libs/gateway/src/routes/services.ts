import { compile } from '@facet/aggregation';
import { selectionOf, type Operation, type Selection } from '@facet/contracts';
import type { Route, SagaTarget } from './route.js';

/** Every operation that is known at boot to be called for a route: parts, steps, compensations, what a preparation reads. */
export function operationsOf({ target }: Pick<Route, 'target'>): readonly Operation[] {
  if (target.kind === 'aggregation') return target.aggregation.parts.map(({ operation }) => operation);
  if (target.kind === 'operation') return [target.operation];
  return target.kind === 'saga' ? performedBy(target) : [];
}

/** What is read of the answers to these calls, as far as it is known at boot. */
export function selectionsOf({ target }: Pick<Route, 'target'>): readonly Selection[] {
  if (target.kind === 'aggregation')
    return compile(target.aggregation).parts.map(({ selection }) => selection);
  return target.kind === 'operation' ? [selectionOf(target.operation, { opaque: true })] : [];
}

/** Those of them without which it cannot answer at all. */
export function requiredBy({ target }: Pick<Route, 'target'>): readonly Operation[] {
  if (target.kind !== 'aggregation') return operationsOf({ target });
  return target.aggregation.parts.filter(({ kind }) => kind === 'required').map(({ operation }) => operation);
}

/** The services that routes call. */
export function servicesOf(routes: readonly Route[]): {
  readonly called: string[];
  /** Those without which some route cannot answer at all. */
  readonly needed: string[];
  /** Those whose answers are outdated by changes that they tell of. */
  readonly telling: string[];
} {
  const called = routes.flatMap(operationsOf);
  const read = routes.filter(({ target }) => target.kind !== 'saga').flatMap(operationsOf);
  return {
    called: namesOf(called),
    needed: namesOf(routes.flatMap(requiredBy)),
    telling: namesOf(read.filter(({ freshness }) => freshness?.tags !== undefined)),
  };
}

function performedBy({ saga, preparation }: SagaTarget): Operation[] {
  const steps = saga.steps.flatMap(({ operation, compensate }) => [
    operation,
    ...(compensate === undefined ? [] : [compensate.by]),
  ]);
  return [...(preparation.reads ?? []), ...steps];
}

function namesOf(operations: readonly Operation[]): string[] {
  return [...new Set(operations.map(({ service }) => service))].sort();
}
