import type { Section } from './dashboard.js';
import { graph } from './panels.js';
import { CHOSEN, rate, sumBy } from './queries.js';

/** What gateways refuse, and what becomes of writes. */
export const limits: Section = {
  title: 'Limits, idempotency, sign-in, sagas',
  panels: [
    graph({
      title: 'Refused by plans (429)',
      description: 'By plan and window. Somebody asks more often than their plan allows.',
      unit: 'reqps',
      queries: [
        { expr: sumBy('plan, window', rate('facet_plan_refusals_total')), legend: '{{plan}}, {{window}}' },
      ],
    }),
    graph({
      title: 'Turned away (503)',
      description: 'By what is lost with them: low goes first, high last.',
      unit: 'reqps',
      queries: [{ expr: sumBy('criticality', rate('facet_shed_requests_total')), legend: '{{criticality}}' }],
    }),
    graph({
      title: 'Waits for shared counts',
      description: 'Requests that waited for Redis until they were counted.',
      unit: 'ops',
      queries: [{ expr: sumBy('process', rate('facet_plan_waits_total')), legend: '{{process}}' }],
    }),
    graph({
      title: 'Idempotency keys',
      description:
        'new: done for the first time; done: answered again; running: the first is under way; other: the key was used for another request.',
      unit: 'reqps',
      queries: [{ expr: sumBy('outcome', rate('facet_idempotency_requests_total')), legend: '{{outcome}}' }],
    }),
    graph({
      title: 'Rights of callers',
      description: 'Sign-ins, sessions and refused access.',
      unit: 'ops',
      queries: [
        {
          expr: sumBy('type, outcome', rate('facet_audit_events_total')),
          legend: '{{type}}: {{outcome}}',
        },
      ],
    }),
    graph({
      title: 'Sagas',
      description: 'unresolved: a step could not be undone. Somebody has to look at each of them.',
      unit: 'ops',
      queries: [{ expr: sumBy('saga, outcome', rate('facet_sagas_total')), legend: '{{saga}}: {{outcome}}' }],
    }),
  ],
};

/** What the cache saves. */
const CACHED = 'facet_cache_answers_total';
export const cache: Section = {
  title: 'Answer cache',
  panels: [
    graph({
      title: 'Answers by where they came from',
      description: 'Queries by ids count each item.',
      unit: 'ops',
      stacked: true,
      queries: [{ expr: sumBy('decision', rate(CACHED)), legend: '{{decision}}' }],
    }),
    graph({
      title: 'Invalidated entries',
      description: 'Cached answers that a change of a service made outdated.',
      unit: 'ops',
      queries: [
        { expr: sumBy('rpc_method', rate('facet_cache_invalidations_total')), legend: '{{rpc_method}}' },
      ],
    }),
    graph({
      title: 'Size',
      description: 'Of the answers in the memory of each gateway.',
      unit: 'bytes',
      width: 4,
      queries: [{ expr: sumBy('process, instance', `facet_cache_bytes{${CHOSEN}}`), legend: '{{process}}' }],
    }),
    graph({
      title: 'Entries',
      description: 'In the memory of each gateway.',
      unit: 'short',
      width: 4,
      queries: [
        { expr: sumBy('process, instance', `facet_cache_entries{${CHOSEN}}`), legend: '{{process}}' },
      ],
    }),
  ],
};
