import { mergedOf, onlyRequires, saysNothing } from './all.js';
import { typed, type At, type Code, type SchemaWriter } from './code.js';
import { isObject, ownOf, propertiesOf, textsAt, type Json } from './json.js';
import { keyed } from '../../names.js';
import { literal } from './text.js';
import { bySize, discriminatorOf, isNull, optionOf } from './union.js';

/** Schemas that hold together: objects as the one that they are, which extends the first of them; else an intersection. */
export function allCode(members: readonly unknown[], at: At, writer: SchemaWriter): Code {
  const { resolve, notes } = writer.setting;
  const told = members.filter((each) => !saysNothing(each));
  const [only] = told;
  if (told.length <= 1) return only === undefined ? writer.anything(at) : writer.write(only, at);
  const merged = mergedOf(told, resolve);
  if (merged !== undefined) return extensionCode(told, at, writer) ?? writer.write(merged, at);
  const kept = told.filter((each) => !onlyRequires(each));
  if (kept.length < told.length) notes.add('a "required" beside what it is about is not checked', at.where);
  const codes = kept.map((each) => writer.write(each, { ...at, isValue: false }).code);
  return { code: codes.reduce((left, right) => `z.intersection(${left}, ${right})`) };
}

/**
 * `pet.extend({ … })`; undefined where what is added is about a field that is there, or where one that is referred to is no
 * object or is being written still.
 */
function extensionCode(members: readonly unknown[], at: At, writer: SchemaWriter): Code | undefined {
  const { resolve } = writer.setting;
  const [base] = members;
  if (!isRef(base)) return undefined;
  const objects = members.map((each) => mergedOf([each], resolve) ?? {});
  const names = objects.map((each) => propertiesOf(each).map(([name]) => name));
  const isApart = new Set(names.flat()).size === names.flat().length;
  const isOwn = objects.every((each, index) =>
    textsAt(each, 'required').every((name) => names[index]?.includes(name)),
  );
  if (!isApart || !isOwn) return undefined;
  const referred = members.map((each) =>
    isRef(each) ? writer.write(each, { ...at, isValue: false }) : undefined,
  );
  if (referred.some((each) => each !== undefined && each.isObject !== true)) return undefined;
  const added = objects.slice(1).flatMap((object, index) => {
    const code = referred[index + 1]?.code;
    return code === undefined ? writer.fields(object, at) : [`...${code}.shape`];
  });
  return { code: `${referred[0]?.code}.extend({ ${added.join(', ')} })`, isObject: true };
}

/** One of several schemas. */
export function choiceCode(json: Json, choices: readonly unknown[], at: At, writer: SchemaWriter): Code {
  const told = choices.filter((each) => !isNull(each));
  if (told.length === 0) return { code: 'z.null()' };
  const chosen = told.length === 1 ? writer.write(told[0], at) : unionCode(json, told, at, writer);
  if (told.length === choices.length) return chosen;
  return { code: `${chosen.code}.nullable()`, ...typed('z.ZodNullable', chosen) };
}

function unionCode(json: Json, choices: readonly unknown[], at: At, writer: SchemaWriter): Code {
  const { resolve, notes } = writer.setting;
  const inner = { ...at, isValue: false };
  const options = choices.map((schema) => optionOf(schema, writer.write(schema, inner), resolve));
  const by = discriminatorOf(json, options);
  if (by !== undefined) {
    const codes = options.map(
      ({ code }, index) => `${code}.extend({ ${keyed(by.field)}: z.literal(${literal(by.values[index])}) })`,
    );
    return { code: `z.discriminatedUnion(${literal(by.field)}, [${codes.join(', ')}])` };
  }
  if (options.filter(({ fields }) => fields > 0).length > 1)
    notes.add(
      'no field tells the options apart: the first that fits is taken, with its fields alone',
      at.where,
    );
  const codes = [...new Set(bySize(options).map(({ code }) => code))];
  return { code: codes.length === 1 ? (codes[0] ?? '') : `z.union([${codes.join(', ')}])` };
}

const isRef = (schema: unknown): boolean => isObject(schema) && typeof ownOf(schema, '$ref') === 'string';
