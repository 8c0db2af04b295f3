import type { Priority } from '@facet/contracts';
import type { Aggregation, Budget, PartKind } from './aggregation.js';

/** A part as data. */
export interface PartDescription {
  readonly name: string;
  readonly kind: PartKind;
  readonly service: string;
  readonly operation: string;
  readonly needs: readonly string[];
  /** The fields that are read; all of them where absent. */
  readonly fields?: readonly string[];
  /** The list of which only the first items are read. */
  readonly first?: { readonly list: string; readonly count: number };
  /** True where the answer is passed on as the service wrote it; the name of a field where that field of it is. */
  readonly opaque?: true | string;
  /** Whether a default stands in where it is missing. */
  readonly hasDefault: boolean;
  readonly batched: boolean;
  /** One call for each item of a list: so many at once, and at most so many items. */
  readonly each?: { readonly concurrency: number; readonly max: number };
  readonly share: number;
  readonly timeoutMs?: number;
}

/** The plan of an aggregation as data, for documents and for OpenAPI. */
export interface Description {
  readonly name: string;
  readonly deadlineMs: number;
  readonly criticality: Priority;
  readonly services: readonly string[];
  /** Parts in sequence on the longest way. */
  readonly depth: number;
  readonly budget: Budget;
  readonly parts: readonly PartDescription[];
}

export function describeAggregation(aggregation: Aggregation): Description {
  const { name, deadlineMs, criticality, budget, parts } = aggregation;
  return {
    name,
    deadlineMs,
    criticality,
    services: [...new Set(parts.map(({ operation }) => operation.service))].sort(),
    depth: depthOf(parts),
    budget,
    parts: parts.map(({ operation, ...part }) => ({
      name: part.name,
      kind: part.kind,
      service: operation.service,
      operation: operation.name,
      needs: part.needs,
      ...(part.fields === undefined ? {} : { fields: part.fields }),
      ...(part.first === undefined ? {} : { first: part.first }),
      ...(part.opaque ? { opaque: part.placed ?? (true as const) } : {}),
      hasDefault: part.fallback !== undefined,
      batched: operation.byIds !== undefined,
      ...(part.each === undefined ? {} : { each: part.each }),
      share: part.share,
      ...(part.timeoutMs === undefined ? {} : { timeoutMs: part.timeoutMs }),
    })),
  };
}

function depthOf(parts: Aggregation['parts']): number {
  const depths = new Map<string, number>();
  for (const { name, needs } of parts) {
    depths.set(name, 1 + Math.max(0, ...needs.map((need) => depths.get(need) ?? 0)));
  }
  return Math.max(0, ...depths.values());
}

/** The plan as a Mermaid flow chart: required parts as boxes, optional ones rounded, deferred ones on dotted lines. */
export function mermaid(description: Description): string {
  const boxes = description.parts.map(({ name, kind, service, operation, each }) => {
    const times = each === undefined ? '' : `<br/>for each item, up to ${each.max}`;
    const label = `"${name}<br/>${service}.${operation}${times}"`;
    return kind === 'required' ? `  ${name}[${label}]` : `  ${name}(${label})`;
  });
  const edges = description.parts.flatMap(({ name, needs, kind }) =>
    (needs.length === 0 ? ['request'] : needs).map((need) => `  ${need} ${arrow(kind)} ${name}`),
  );
  const needed = new Set(description.parts.flatMap(({ needs }) => needs));
  const ends = description.parts
    .filter(({ name, kind }) => kind !== 'deferred' || !needed.has(name))
    .map(({ name, kind }) => `  ${name} ${arrow(kind)} answer`);
  return ['flowchart LR', '  request([request])', ...boxes, '  answer([answer])', ...edges, ...ends].join(
    '\n',
  );
}

function arrow(kind: PartKind): string {
  return kind === 'deferred' ? '-.->' : '-->';
}
