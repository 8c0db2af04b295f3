import ts from 'typescript';
import type { Notes } from '../notes.js';
import type { Json } from '../schema/json.js';
import { decoratorsOf, valueOf } from './values.js';

type Rule = (args: readonly unknown[]) => Json;

const numberFrom = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const word = (name: string, value: unknown): Json =>
  numberFrom(value) === undefined ? {} : { [name]: value };
const format =
  (name: string): Rule =>
  () => ({ type: 'string', format: name });

/** What decorators of class-validator say plainly, as JSON Schema says it. */
const RULES: Readonly<Record<string, Rule>> = {
  IsInt: () => ({ type: 'integer' }),
  IsPositive: () => ({ exclusiveMinimum: 0 }),
  IsNegative: () => ({ exclusiveMaximum: 0 }),
  Min: ([value]) => word('minimum', value),
  Max: ([value]) => word('maximum', value),
  IsDivisibleBy: ([value]) => word('multipleOf', value),
  Length: ([least, most]) => ({ ...word('minLength', least), ...word('maxLength', most) }),
  MinLength: ([value]) => word('minLength', value),
  MaxLength: ([value]) => word('maxLength', value),
  IsNotEmpty: () => ({ minLength: 1 }),
  Matches: ([pattern]) => (typeof pattern === 'string' ? { pattern } : {}),
  IsEmail: format('email'),
  IsUUID: format('uuid'),
  IsUrl: format('uri'),
  IsURL: format('uri'),
  IsISO8601: () => ({}),
  IsDateString: () => ({}),
  IsBase64: format('byte'),
  ArrayNotEmpty: () => ({ minItems: 1 }),
  ArrayMinSize: ([value]) => word('minItems', value),
  ArrayMaxSize: ([value]) => word('maxItems', value),
  IsIn: ([values]) => (Array.isArray(values) ? { enum: values as readonly unknown[] } : {}),
};

/** What a type says by itself, and what is about how it is read. */
const SAID_BY_THE_TYPE: ReadonlySet<string> = new Set([
  ...[
    'IsString',
    'IsNumber',
    'IsBoolean',
    'IsArray',
    'IsObject',
    'IsEnum',
    'IsDate',
    'IsOptional',
    'IsDefined',
  ],
  ...['ValidateNested', 'IsNotEmptyObject', 'Allow', 'IsInstance'],
]);

export interface Validated {
  /** Of the value itself. */
  readonly own: Json;
  /** Of each of its elements, where it is a list. */
  readonly each: Json;
  readonly isOptional: boolean;
}

/** What the decorators of a property say of its values. */
export function validatedBy(
  property: ts.Node,
  checker: ts.TypeChecker,
  { where, notes }: { readonly where: string; readonly notes: Notes },
): Validated {
  let [own, each]: [Json, Json] = [{}, {}];
  const decorators = decoratorsOf(property).filter(({ name, call }) => isValidator(name, call));
  for (const { name, call } of decorators) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    if (rule === undefined) {
      if (!SAID_BY_THE_TYPE.has(name)) notes.add(`@${name} is not taken over`, where);
      continue;
    }
    const values = call.arguments.map((argument) => argumentOf(argument, checker));
    const isOfEach = values.some(
      (value) => typeof value === 'object' && value !== null && (value as Json)['each'] === true,
    );
    if (isOfEach) each = { ...each, ...rule(values) };
    else own = { ...own, ...rule(values) };
  }
  return { own, each, isOptional: decorators.some(({ name }) => name === 'IsOptional') };
}

function argumentOf(argument: ts.Expression, checker: ts.TypeChecker): unknown {
  if (!ts.isRegularExpressionLiteral(argument)) return valueOf(argument, checker);
  const [, source = '', flags = ''] = /^\/([^]*)\/([a-z]*)$/.exec(argument.text) ?? [];
  // JSON Schema has patterns without flags.
  return /[ims]/.test(flags) ? undefined : source;
}

/** Whether a decorator is one of class-validator, as its file imports it. */
function isValidator(name: string, call: ts.CallExpression): boolean {
  return call
    .getSourceFile()
    .statements.filter(ts.isImportDeclaration)
    .filter(
      ({ moduleSpecifier }) =>
        ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === 'class-validator',
    )
    .some(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return (
        bindings !== undefined &&
        ts.isNamedImports(bindings) &&
        bindings.elements.some((each) => each.name.text === name)
      );
    });
}
