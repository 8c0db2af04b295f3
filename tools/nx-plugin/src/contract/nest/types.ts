import ts from 'typescript';
import type { Resolve } from '../model.js';
import type { Notes } from '../notes.js';
import { isObject, type Json } from '../schema/json.js';
import { saidOf } from './values.js';
import { validatedBy } from './validators.js';

/** What JSON makes of some classes of the language. */
const AS_JSON: Readonly<Record<string, unknown>> = {
  Date: { type: 'string', format: 'date-time' },
  URL: { type: 'string', format: 'uri' },
  Buffer: true,
  Map: true,
  Set: true,
  RegExp: true,
};

/** Reads types as JSON Schema: of values as they look once they were sent as JSON. */
export class TypeReader {
  readonly #schemas = new Map<string, { readonly name: string; schema: unknown }>();
  readonly #refs = new Map<ts.Type, string>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly notes: Notes,
  ) {}

  /** Finds what a `$ref` of a schema names that was read here. */
  readonly resolve: Resolve = (ref) => this.#schemas.get(ref);

  read(type: ts.Type, where: string): unknown {
    if (type.isUnion()) return this.#union(type, where);
    return this.#one(type, where);
  }

  #one(type: ts.Type, where: string): unknown {
    const { flags } = type;
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if ((flags & ts.TypeFlags.BooleanLiteral) !== 0)
      return { const: this.checker.typeToString(type) === 'true' };
    if ((flags & ts.TypeFlags.StringLike) !== 0) return { type: 'string' };
    if ((flags & ts.TypeFlags.NumberLike) !== 0) return { type: 'number' };
    if ((flags & ts.TypeFlags.BooleanLike) !== 0) return { type: 'boolean' };
    if ((flags & ts.TypeFlags.Null) !== 0) return { type: 'null' };
    if ((flags & ts.TypeFlags.BigIntLike) !== 0)
      return this.#unknown('a bigint, which JSON does not have', where);
    if ((flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0) return this.#object(type, where);
    const constraint =
      (flags & ts.TypeFlags.TypeParameter) !== 0 ? this.checker.getBaseConstraintOfType(type) : undefined;
    return constraint === undefined || constraint === type ? true : this.read(constraint, where);
  }

  #unknown(what: string, where: string): unknown {
    this.notes.add(`it is ${what}`, where);
    return true;
  }

  /** What may be absent is told by the property; null is one of the choices. */
  #union(type: ts.UnionType, where: string): unknown {
    const types = type.types.filter(
      (each) => (each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) === 0,
    );
    const literals: readonly ts.Type[] = types.filter(
      (each) => each.isStringLiteral() || each.isNumberLiteral(),
    );
    const isBoolean = types.filter((each) => (each.flags & ts.TypeFlags.BooleanLiteral) !== 0).length === 2;
    const others = types.filter(
      (each) => !literals.includes(each) && !(isBoolean && (each.flags & ts.TypeFlags.BooleanLiteral) !== 0),
    );
    const options = [
      ...(literals.length === 0 ? [] : [{ enum: literals.map((each) => (each as ts.LiteralType).value) }]),
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...others.map((each) => this.#one(each, where)),
    ];
    return options.length === 1 ? options[0] : { anyOf: options };
  }

  #object(type: ts.Type, where: string): unknown {
    const name = type.getSymbol()?.getName() ?? '';
    if (Object.hasOwn(AS_JSON, name) && isOfLibrary(type)) {
      const schema = AS_JSON[name];
      return schema === true
        ? this.#unknown(`a ${name}, of which JSON does not keep the form`, where)
        : schema;
    }
    const { checker } = this;
    if (checker.isTupleType(type)) {
      const items = checker
        .getTypeArguments(type as ts.TypeReference)
        .map((each) => this.read(each, `${where}[]`));
      return { type: 'array', prefixItems: items, items: false };
    }
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? true : this.read(item, `${where}[]`) };
    }
    if (type.getCallSignatures().length > 0) return this.#unknown('a function', where);
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (index !== undefined && checker.getPropertiesOfType(type).length === 0)
      return { type: 'object', additionalProperties: this.read(index, `${where}.*`) };
    const called = this.#nameOf(type);
    return called === undefined ? this.#fields(type, where) : this.#named(type, called);
  }

  /** What a class, an interface or an alias is called, with what it is of: `Page<User>` is `UserPage`. */
  #nameOf(type: ts.Type): string | undefined {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const name = symbol?.getName();
    if (name === undefined || name.startsWith('__') || name === 'Object') return undefined;
    const reference = type as ts.TypeReference;
    const isReference =
      (type.flags & ts.TypeFlags.Object) !== 0 && (reference.objectFlags & ts.ObjectFlags.Reference) !== 0;
    const args = type.aliasTypeArguments ?? (isReference ? this.checker.getTypeArguments(reference) : []);
    const ofs = args.map(
      (each) => each.aliasSymbol?.getName() ?? each.getSymbol()?.getName() ?? this.checker.typeToString(each),
    );
    return [...ofs.filter((each) => /^\w+$/.test(each) && !each.startsWith('__')), name].join('');
  }

  #named(type: ts.Type, name: string): Json {
    const known = this.#refs.get(type);
    if (known !== undefined) return { $ref: known };
    const ref = `#/types/${this.#refs.size}`;
    this.#refs.set(type, ref);
    const entry: { name: string; schema: unknown } = { name, schema: true };
    this.#schemas.set(ref, entry);
    entry.schema = this.#fields(type, name);
    return { $ref: ref };
  }

  #fields(type: ts.Type, where: string): Json {
    const properties: [string, unknown][] = [];
    const required: string[] = [];
    for (const symbol of this.checker.getPropertiesOfType(type)) {
      const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
      const name = symbol.getName();
      if (declaration === undefined || !isData(symbol, declaration) || name === '__proto__') continue;
      const valueType = this.checker.getTypeOfSymbolAtLocation(symbol, declaration);
      const { schema, isOptional } = this.#property(declaration, valueType, `${where}.${name}`);
      properties.push([name, schema]);
      if ((symbol.flags & ts.SymbolFlags.Optional) === 0 && !isOptional && !mayBeAbsent(valueType))
        required.push(name);
    }
    const said = type.getSymbol()?.valueDeclaration;
    const description = said === undefined ? undefined : saidOf(said);
    return {
      ...{ type: 'object', properties: Object.fromEntries(properties), required },
      ...(description === undefined ? {} : { description }),
    };
  }

  #property(
    declaration: ts.Node,
    type: ts.Type,
    where: string,
  ): { readonly schema: unknown; readonly isOptional: boolean } {
    const { own, each, isOptional } = validatedBy(declaration, this.checker, { where, notes: this.notes });
    const read = this.read(type, where);
    const description = saidOf(declaration);
    const schema = isObject(read)
      ? { ...withRules(read, own, each), ...(description === undefined ? {} : { description }) }
      : read;
    return { schema, isOptional };
  }
}

/** A schema with what decorators say besides: of a value that may be null, of what it is else. */
function withRules(schema: Json, own: Json, each: Json): Json {
  const { anyOf } = schema as { readonly anyOf?: readonly unknown[] };
  if (anyOf !== undefined) {
    return {
      ...schema,
      anyOf: anyOf.map((option) =>
        isObject(option) && option['type'] !== 'null' ? withRules(option, own, each) : option,
      ),
    };
  }
  if (Object.keys(own).length + Object.keys(each).length === 0 || Object.hasOwn(schema, '$ref'))
    return schema;
  // `minLength` of @IsNotEmpty is about texts, and an integer about numbers.
  const { minLength, ...others } = own;
  const kept = {
    ...others,
    ...(minLength !== undefined && schema['type'] === 'string' ? { minLength } : {}),
  };
  const { items } = schema;
  return { ...schema, ...kept, ...(isObject(items) ? { items: withRules(items, each, {}) } : {}) };
}

/** Not what JSON leaves out: methods, accessors of a class, what is private or static. */
function isData(symbol: ts.Symbol, declaration: ts.Declaration): boolean {
  if ((symbol.flags & (ts.SymbolFlags.Method | ts.SymbolFlags.Accessor)) !== 0) return false;
  if (symbol.getName().startsWith('__@') || symbol.getName().startsWith('#')) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return (ts.getCombinedModifierFlags(declaration) & hidden) === 0;
}

const mayBeAbsent = (type: ts.Type): boolean =>
  type.isUnion() &&
  type.types.some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0);

const isOfLibrary = (type: ts.Type): boolean =>
  type.getSymbol()?.declarations?.some((each) => each.getSourceFile().isDeclarationFile) === true;
