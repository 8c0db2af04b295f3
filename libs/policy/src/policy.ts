/**
 * All that a gateway promises and refuses beside its routes, as data: what an app says in its `<gateway>.policy.ts`, so
 * that the difference between two gateways is read in one look. What is left out is switched off.
 */
export type Policy = Readonly<Record<never, never>>;

/** A gateway's policy, held to its type where it is written. */
export function definePolicy(policy: Policy): Policy {
  return policy;
}
