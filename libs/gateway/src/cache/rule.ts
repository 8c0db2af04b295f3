import { createHash } from 'node:crypto';
import { type Caller, canonicalJson, type Operation } from '@facet/contracts';

import { z } from 'zod';

type Tagging = (input: Readonly<Record<string, unknown>>, id?: string) => string[];

/** What a contract allows with the answers of one query. */
export interface Rule {
  readonly ttlMs: number;
  readonly staleMs: number;
  /**
   * True where an answer is one caller's own. So it is wherever the contract says so, but also where it says who may
   * ask, since only the service can tell whether another may, and where it says nothing of freshness at all.
   */
  readonly isPersonal: boolean;
  /** Which operation of which contract: a deployment with another one never reads what this one has kept. */
  readonly name: string;
  /** What an answer depends on; `id` is that of an item of a query by ids. */
  readonly tagsOf: Tagging;
}

const rules = new WeakMap<Operation, Rule>();

export function ruleOf(operation: Operation): Rule {
  const rule = rules.get(operation) ?? makeRule(operation);
  rules.set(operation, rule);
  return rule;
}

function makeRule(operation: Operation): Rule {
  const { freshness, access, pattern, service } = operation;
  const taggings = (freshness?.tags ?? []).map((template) => taggingOf(operation, template));
  return {
    ttlMs: freshness?.ttlMs ?? 0,
    staleMs: freshness?.ttlMs ? (freshness.staleWhileRevalidateMs ?? 0) : 0,
    isPersonal: freshness === undefined || freshness.perCaller === true || access !== undefined,
    name: `${pattern} ${fingerprintOf(operation)}`,
    tagsOf: (input, id) => [allOf(service), ...taggings.flatMap((tagging) => tagging(input, id))],
  };
}

/** Told of where a service cannot say what has changed: everything may have. */
export function allOf(service: string): string {
  return `${service}/*`;
}

/** A tag as it is known beside those of other services. */
export function tagOf(service: string, tag: string): string {
  return `${service}/${tag}`;
}

/** All that is kept for one caller. */
export function callerTag(caller: Caller | undefined): string {
  return `caller/${callerKey(caller)}`;
}

const callerKeys = new WeakMap<Caller, string>();

/** Stands for all that a service may be told of a caller: who differs in anything has keys of their own. */
export function callerKey(caller: Caller | undefined): string {
  if (caller === undefined) return 'visitor';
  const key =
    callerKeys.get(caller) ?? createHash('sha256').update(canonicalJson(caller)).digest('base64url');
  callerKeys.set(caller, key);
  return key;
}

function taggingOf({ service, byIds }: Operation, template: string): Tagging {
  const [before = '', field, after = ''] = template.split(/\{(.*?)\}/);
  if (field === undefined) return () => [tagOf(service, template)];
  return (input, id) => {
    const value = field === byIds?.ids ? id : input[field];
    const isName = typeof value === 'string' || typeof value === 'number';
    return isName ? [tagOf(service, `${before}${value}${after}`)] : [];
  };
}

function fingerprintOf({ input, output, byIds }: Operation): string {
  const schemas = [input, output].map((schema) =>
    z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }),
  );
  return createHash('sha256')
    .update(canonicalJson([schemas, byIds]))
    .digest('base64url')
    .slice(0, 12);
}
