import * as endpoints from './endpoints.js';
import type { Gateway, Rule } from './finding.js';
import * as sources from './sources.js';

/** Every rule by its id, which is its heading in docs/guides/audit.md too. */
export const rules = {
  'public-route': {
    severity: 'note',
    means: 'everybody may use it',
    find: endpoints.publicRoutes,
  },
  'public-write': {
    severity: 'error',
    means: 'everybody may change something',
    find: endpoints.publicWrites,
  },
  'call-without-deadline': {
    severity: 'error',
    means: 'a call may take for ever',
    find: sources.callsWithoutDeadline,
  },
  'command-without-key': {
    severity: 'error',
    means: 'a repeated command is done twice',
    find: endpoints.commandsWithoutKey,
  },
  'raw-pass-through': {
    severity: 'warning',
    means: 'what a client gets is not described',
    find: endpoints.rawPassThrough,
  },
  'forwarded-header': {
    severity: 'error',
    means: 'a service gets what a client claims',
    find: (gateway) => [...endpoints.forwardedHeaders(gateway), ...sources.forwardedRequestHeaders(gateway)],
  },
  'unbounded-input': {
    severity: 'error',
    means: 'a client may send a list of any length',
    find: endpoints.unboundedInputs,
  },
  'unbounded-answer': {
    severity: 'warning',
    means: 'an answer grows with the data',
    find: endpoints.unboundedAnswers,
  },
  'missing-budget': {
    severity: 'warning',
    means: 'an aggregation may grow unnoticed',
    find: endpoints.missingBudgets,
  },
  'single-optional-part': {
    severity: 'warning',
    means: 'one optional part is all that an answer is worth',
    find: endpoints.singleOptionalParts,
  },
  'deep-aggregation': {
    severity: 'warning',
    means: 'more than three calls wait for each other',
    find: endpoints.deepAggregations,
  },
  'gateway-import': {
    severity: 'error',
    means: 'a gateway uses code of another',
    find: (gateway, gateways) => sources.gatewayImports(gateway, gateways),
  },
} as const satisfies Record<string, Omit<Rule, 'find'> & { find: Find }>;

type Find = (gateway: Gateway, gateways: readonly string[]) => ReturnType<Rule['find']>;

export type AuditRuleId = keyof typeof rules;
