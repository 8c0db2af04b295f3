import type { Ids } from './ids.js';
import type { DescribedField, DescribedHttp, DescribedOperation, Resolve } from './model.js';
import type { Notes } from './notes.js';
import { mergedOf } from './schema/all.js';
import { isObject, listAt, ownOf, propertiesOf, textAt } from './schema/json.js';
import { keyed } from '../names.js';
import { literal } from './schema/text.js';
import type { At } from './schema/code.js';
import type { ZodWriter } from './schema/zod.js';

export interface OperationSetting {
  readonly zod: ZodWriter;
  readonly ids: Ids;
  readonly resolve: Resolve;
  readonly notes: Notes;
  readonly isOpen: boolean;
}

interface Input {
  readonly code: string;
  /** The field that is the body, where one is. */
  readonly body?: string;
}

/** Writes operations as they stand in a `service`. */
export class OperationWriter {
  constructor(private readonly setting: OperationSetting) {}

  write(operation: DescribedOperation): string {
    const { name, kind, summary, message, http } = operation;
    const input = this.#inputOf(operation);
    const access = this.#accessOf(operation);
    const answer = this.#answerOf(operation);
    return `${keyed(name)}: ${kind}({
  summary: ${literal(summary)},${access === undefined ? '' : `\naccess: ${access},`}${
    http === undefined ? '' : `\nhttp: ${httpOf(http, input.body)},`
  }${message === undefined ? '' : `\nmessage: ${literal(message)},`}
  input: ${input.code},
  output: ${answer},
}),`;
  }

  /** Of nothing, which is an empty body or a handler without a value, the schema is of undefined. */
  #answerOf({ name, output, mayBeNothing = false }: DescribedOperation): string {
    if (output === undefined) return 'z.undefined()';
    const { code } = this.setting.zod.write(output, { where: `${name} answer`, io: 'output' });
    return mayBeNothing ? `${code}.optional()` : code;
  }

  /** Closed, until the author says who may ask; where all is open, only what asks for ids has to say so. */
  #accessOf({ fields, body }: DescribedOperation): string | undefined {
    if (!this.setting.isOpen) return 'closed';
    const isUnknown = ({ name, entity, schema }: DescribedField) =>
      this.#isPlainId(name, schema) &&
      (entity === undefined || this.setting.ids.code(entity, schema) === undefined);
    return fields.some(isUnknown) || (body !== undefined && this.#hasPlainId(body.schema, ''))
      ? 'anybody'
      : undefined;
  }

  /** Whether a field is called like an id, and is none of those that are declared. */
  #isPlainId(name: string, schema: unknown): boolean {
    return (
      /^(?:ids?|.*[a-z0-9]Ids?)$/.test(name) &&
      isObject(schema) &&
      this.setting.ids.of(name, '', schema) === undefined
    );
  }

  #hasPlainId(schema: unknown, owner: string, seen = new Set<string>()): boolean {
    if (Array.isArray(schema)) return schema.some((each) => this.#hasPlainId(each, owner, seen));
    if (!isObject(schema)) return false;
    const ref = textAt(schema, '$ref');
    if (ref !== undefined) {
      if (seen.has(ref)) return false;
      const found = this.setting.resolve(ref);
      return this.#hasPlainId(found?.schema, found?.name ?? '', new Set([...seen, ref]));
    }
    const fields = propertiesOf(schema);
    const isPlain = ([name, each]: readonly [string, unknown]) =>
      this.#isPlainId(name, each) && this.setting.ids.of(name, owner, each) === undefined;
    if (fields.some(isPlain)) return true;
    const parts = ['allOf', 'anyOf', 'oneOf', 'items', 'prefixItems', 'additionalProperties'];
    return [...parts.map((word) => ownOf(schema, word)), ...fields.map(([, each]) => each)].some((each) =>
      this.#hasPlainId(each, owner, seen),
    );
  }

  /** The fields of a request and, where it is an object, of its body, which is one field else. */
  #inputOf({ fields, body, name, http }: DescribedOperation): Input {
    const { zod, resolve, notes } = this.setting;
    const at: At = { where: name, io: 'input' };
    const own = fields.map((field) => this.#field(field, at));
    if (body === undefined) return { code: `z.strictObject({ ${own.join(', ')} })` };
    const { schema, isRequired } = body;
    const merged = mergedOf([schema], resolve) ?? {};
    const names = new Set(fields.map((field) => field.name));
    const inBody = propertiesOf(merged).map(([each]) => each);
    if (inBody.length > 0 && http?.method !== 'DELETE' && !inBody.some((each) => names.has(each))) {
      const written = zod.write(schema, at);
      if (!isRequired && listAt(merged, 'required').length > 0)
        notes.add('the body may be left out as described, and is required here', name);
      if (written.isObject === true) return { code: extended(written.code, own) };
    }
    if (http === undefined) return { code: zod.write(schema, at).code };
    const field = names.has('body') ? 'requestBody' : 'body';
    return {
      code: `z.strictObject({ ${[...own, zod.field({ name: field, schema, isRequired }, at)].join(', ')} })`,
      body: field,
    };
  }

  #field(field: DescribedField, at: At): string {
    if (field.name === 'idempotencyKey') return 'idempotencyKey';
    const id = field.entity === undefined ? undefined : this.setting.ids.code(field.entity, field.schema);
    return this.setting.zod.field({ ...field, code: id }, at);
  }
}

/** An object schema with more fields: before its own where it is written out. */
function extended(code: string, own: readonly string[]): string {
  if (own.length === 0) return code;
  const [, opening] = /^(z\.(?:o|strictO)bject\(\{)(?![^]*\.catchall\()/.exec(code) ?? [];
  return opening === undefined
    ? `${code}.extend({ ${own.join(', ')} })`
    : `${opening} ${own.join(', ')}, ${code.slice(opening.length)}`;
}

function httpOf({ method, path, query, headers, lists }: DescribedHttp, body: string | undefined): string {
  // What is named nowhere goes into the query where a method has no body.
  const isRest = ['GET', 'HEAD', 'DELETE'].includes(method);
  const named = Object.entries(query).filter(([name, field]) => !isRest || name !== field);
  const placed = named.every(([name, field]) => name === field)
    ? named.map(([name]) => name)
    : Object.fromEntries(named);
  const parts = [
    `method: '${method}'`,
    `path: ${literal(path)}`,
    ...(named.length === 0 ? [] : [`query: ${literal(placed)}`]),
    ...(lists === undefined ? [] : [`lists: '${lists}'`]),
    ...(Object.keys(headers).length === 0 ? [] : [`headers: ${literal(headers)}`]),
    ...(body === undefined ? [] : [`body: '${body}'`]),
  ];
  return `{ ${parts.join(', ')} }`;
}
