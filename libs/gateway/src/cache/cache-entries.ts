import {
  type Answer,
  type Caller,
  type CallOptions,
  canonicalJson,
  type Operation,
  pickerOf,
  RawJson,
} from '@facet/contracts';

import type { Found } from './store/answer-cache.js';
import type { Loaded, CacheEntry, Lookup } from './store/lookup.js';
import { callerKey, callerTag, ruleOf } from './rule.js';

/** Reaches the service itself, on behalf of the caller or of nobody. */
export type Send = (
  operation: Operation,
  input: unknown,
  options: CallOptions,
  onBehalf?: 'caller' | 'nobody',
) => Promise<Answer<unknown>>;

export interface Asked {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  readonly caller: Caller | undefined;
  readonly send: Send;
}

/** How a query is taken apart into what is cached, and put together again. */
export interface Decomposed extends Pick<Lookup, 'entries' | 'load'> {
  /** The value, or its JSON, of what was found. */
  assemble(found: readonly (Found | undefined)[]): unknown;
}

/** What a query is cached as. What is at hand is never asked for its tags, so that they are made late. */
class QueryEntry implements CacheEntry {
  #tags: readonly string[] | undefined;

  constructor(
    readonly key: string,
    private readonly asked: Asked,
    /** That of an item of a query by ids. */
    readonly id?: string,
  ) {}

  get tags(): readonly string[] {
    return (this.#tags ??= this.makeTags());
  }

  private makeTags(): string[] {
    const { operation, input, caller } = this.asked;
    const { tagsOf, isPersonal } = ruleOf(operation);
    return [...tagsOf(input, this.id), ...(isPersonal ? [callerTag(caller)] : [])];
  }
}

/** The whole answer as one entry. */
export function wholeOf(asked: Asked): Decomposed {
  const { operation, input, options } = asked;
  const key = `${prefixOf(asked)} ${canonicalJson(input)}`;
  return {
    entries: [new QueryEntry(key, asked)],
    load: async (_, { signal, deadline }) => {
      const answer = await send(asked, input, { signal, deadline, raw: true });
      return new Map([[key, { ...jsonOf(withFirst(answer, options.first)), ageMs: answer.ageMs }]]);
    },
    assemble: ([found]) => {
      if (found === undefined) throw new Error(`${operation.pattern} gave nothing`);
      return options.raw === true ? new RawJson(found.cached.json.toString()) : found.cached.value();
    },
  };
}

/**
 * Each item as an entry of its own, so that only those that are missing are asked for; undefined where the query cannot
 * be taken apart: its ids are none, or the fields that are wanted leave out what tells items apart.
 */
export function itemsOf(asked: Asked): Decomposed | undefined {
  const { operation, input, options } = asked;
  const { byIds } = operation;
  const ids = byIds && input[byIds.ids];
  if (byIds === undefined || !isIds(ids, byIds.max) || !tellsApart(asked)) return undefined;
  const prefix = `${prefixOf(asked)} ${canonicalJson({ ...input, [byIds.ids]: undefined })}`;
  // No JSON is the beginning of another, so that no id can make the key of another lookup.
  const entries = [...new Set(ids)].map((id) => new QueryEntry(`${prefix} ${id}`, asked, id));
  const idOf = (entry: CacheEntry) => (entry as QueryEntry).id;
  return {
    entries,
    load: async (missing, { signal, deadline }) => {
      const wanted = { ...input, [byIds.ids]: missing.map(idOf) };
      const answer = await send(asked, wanted, { signal, deadline });
      const items = (answer.value as Record<string, Record<string, unknown>[]>)[byIds.items] ?? [];
      const byId = new Map(items.map((item) => [item[byIds.key], item]));
      const { ageMs } = answer;
      return new Map(missing.flatMap((entry) => loadedItem(entry.key, byId.get(idOf(entry)), ageMs)));
    },
    assemble: (found) => {
      const known = found.filter((each) => each !== undefined).map(({ cached }) => cached);
      if (options.raw !== true) return { [byIds.items]: known.map((cached) => cached.value()) };
      const items = known.map(({ json }) => json.toString());
      return new RawJson(`{${JSON.stringify(byIds.items)}:[${items.join()}]}`);
    },
  };
}

function prefixOf({ operation, options: { fields, first }, caller }: Asked): string {
  const { name, isPersonal } = ruleOf(operation);
  const whose = isPersonal ? callerKey(caller) : 'everybody';
  const rows = first === undefined ? '' : ` ${first.count} ${first.list}`;
  return `${name} ${whose} ${fields === undefined ? '*' : JSON.stringify(fields)}${rows}`;
}

/** What is the same for everybody is asked for on behalf of nobody, so that it cannot be anybody's own by mistake. */
function send(
  { operation, options: { fields, first, origin }, send: reach }: Asked,
  input: unknown,
  options: CallOptions,
) {
  const wanted = {
    ...options,
    ...(fields && { fields }),
    ...(first && { first }),
    ...(origin && { origin }),
  };
  return reach(operation, input, wanted, ruleOf(operation).isPersonal ? 'caller' : 'nobody');
}

function isIds(ids: unknown, max: number): ids is readonly string[] {
  return Array.isArray(ids) && ids.length <= max && ids.every((id) => typeof id === 'string');
}

function tellsApart({ operation: { byIds }, options: { fields } }: Asked): boolean {
  if (fields === undefined || byIds === undefined) return true;
  return fields.includes(byIds.items) || fields.includes(`${byIds.items}.${byIds.key}`);
}

function loadedItem(key: string, item: unknown, ageMs: number): [string, Loaded][] {
  return item === undefined ? [] : [[key, { json: Buffer.from(JSON.stringify(item)), value: item, ageMs }]];
}

/** The value with the first items of its list alone: cut here, where the answer does not say that it is. */
function withFirst({ value, first: cut }: Answer<unknown>, first: CallOptions['first']): unknown {
  if (first === undefined || cut !== undefined) return value;
  return pickerOf({ first })(value instanceof RawJson ? value.toJSON() : value);
}

function jsonOf(value: unknown): Loaded {
  if (value instanceof RawJson) return { json: Buffer.from(value.json) };
  return { json: Buffer.from(JSON.stringify(value ?? null)), value };
}
