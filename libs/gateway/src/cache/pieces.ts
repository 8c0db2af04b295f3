import { canonicalJson, RawJson, type Answer, type CallOptions, type Operation } from '@facet/contracts';
import type { Caller } from '@facet/platform';
import type { Found, Loaded, Piece, Question } from '@facet/policy';
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

/** How a query is taken apart into what is kept, and put together again. */
export interface Pieces extends Pick<Question, 'pieces' | 'load'> {
  /** The value, or its JSON, of what was found. */
  assemble(found: readonly (Found | undefined)[]): unknown;
}

/** The whole answer as one piece. */
export function wholeOf(asked: Asked): Pieces {
  const { operation, input, options, caller } = asked;
  const rule = ruleOf(operation);
  const key = `${prefixOf(asked)} ${canonicalJson(input)}`;
  const piece: Piece = { key, tags: [...rule.tagsOf(input), ...personalTags(rule.isPersonal, caller)] };
  return {
    pieces: [piece],
    load: async (_, { signal, deadline }) => {
      const answer = await send(asked, input, { signal, deadline, raw: true });
      return new Map([[key, jsonOf(answer.value)]]);
    },
    assemble: ([found]) => {
      if (found === undefined) throw new Error(`${operation.pattern} brought nothing`);
      return options.raw === true ? new RawJson(found.kept.json) : found.kept.value();
    },
  };
}

/**
 * Each item as a piece of its own, so that only those that are missing are asked for; undefined where the query cannot
 * be taken apart: its ids are none, or the fields that are wanted leave out what tells items apart.
 */
export function itemsOf(asked: Asked): Pieces | undefined {
  const { operation, input, options, caller } = asked;
  const { byIds } = operation;
  const ids = byIds && input[byIds.ids];
  if (byIds === undefined || !isIds(ids, byIds.max) || !tellsApart(asked)) return undefined;
  const rule = ruleOf(operation);
  const prefix = `${prefixOf(asked)} ${canonicalJson({ ...input, [byIds.ids]: undefined })}`;
  const own = personalTags(rule.isPersonal, caller);
  const idOf = new Map([...new Set(ids)].map((id) => [`${prefix} ${JSON.stringify(id)}`, id]));
  return {
    pieces: [...idOf].map(([key, id]) => ({ key, tags: [...rule.tagsOf(input, id), ...own] })),
    load: async (pieces, { signal, deadline }) => {
      const wanted = pieces.map(({ key }) => idOf.get(key));
      const answer = await send(asked, { ...input, [byIds.ids]: wanted }, { signal, deadline });
      const items = (answer.value as Record<string, Record<string, unknown>[]>)[byIds.items] ?? [];
      const byId = new Map(items.map((item) => [item[byIds.key], item]));
      return new Map(pieces.flatMap(({ key }) => loadedItem(key, byId.get(idOf.get(key)))));
    },
    assemble: (found) => {
      const known = found.filter((each) => each !== undefined).map(({ kept }) => kept);
      if (options.raw !== true) return { [byIds.items]: known.map((kept) => kept.value()) };
      return new RawJson(
        listOf(
          byIds.items,
          known.map(({ json }) => json),
        ),
      );
    },
  };
}

function prefixOf({ operation, options: { fields }, caller }: Asked): string {
  const { name, isPersonal } = ruleOf(operation);
  const whose = isPersonal ? callerKey(caller) : 'everybody';
  return `${name} ${whose} ${fields === undefined ? '*' : fields.join()}`;
}

function personalTags(isPersonal: boolean, caller: Caller | undefined): string[] {
  return isPersonal ? [callerTag(caller)] : [];
}

/** What is the same for everybody is asked for on behalf of nobody, so that it cannot be anybody's own by mistake. */
function send({ operation, options: { fields }, send: reach }: Asked, input: unknown, options: CallOptions) {
  const wanted = fields === undefined ? options : { ...options, fields };
  return reach(operation, input, wanted, ruleOf(operation).isPersonal ? 'caller' : 'nobody');
}

function isIds(ids: unknown, max: number): ids is readonly string[] {
  return Array.isArray(ids) && ids.length <= max && ids.every((id) => typeof id === 'string');
}

function tellsApart({ operation: { byIds }, options: { fields } }: Asked): boolean {
  if (fields === undefined || byIds === undefined) return true;
  return fields.includes(byIds.items) || fields.includes(`${byIds.items}.${byIds.key}`);
}

function loadedItem(key: string, item: unknown): [string, Loaded][] {
  return item === undefined ? [] : [[key, { json: Buffer.from(JSON.stringify(item)), value: item }]];
}

function jsonOf(value: unknown): Loaded {
  if (value instanceof RawJson) {
    const { buffer, byteOffset, byteLength } = value.json;
    return { json: Buffer.from(buffer, byteOffset, byteLength) };
  }
  return { json: Buffer.from(JSON.stringify(value ?? null)), value };
}

function listOf(name: string, items: readonly Buffer[]): Buffer {
  const comma = Buffer.from(',');
  const between = items.flatMap((item, index) => (index === 0 ? [item] : [comma, item]));
  return Buffer.concat([Buffer.from(`{${JSON.stringify(name)}:[`), ...between, Buffer.from(']}')]);
}
