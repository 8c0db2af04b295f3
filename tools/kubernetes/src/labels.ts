import type { Workload } from './workload.js';

/** Every object of the workspace has it. */
export const PART_OF = { 'app.kubernetes.io/part-of': 'facet' };

/** What the pods of one app have, and nothing else. */
export const podsOf = (name: string): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/name': name,
  ...PART_OF,
});

/** `component` is what kind of app it is. */
export const labelsOf = ({
  name,
  kind,
}: Pick<Workload, 'name' | 'kind'>): Readonly<Record<string, string>> => ({
  ...podsOf(name),
  'app.kubernetes.io/component': kind,
});

/** Labels of namespaces, given by whoever runs the cluster: their pods may reach what policies say. */
export const ROLES = {
  /** The external gateway, or the Ingress controller. */
  edge: { 'facet/role': 'edge' },
  monitoring: { 'facet/role': 'monitoring' },
  /** PostgreSQL, Redis, the collector of traces. */
  data: { 'facet/role': 'data' },
} as const;
