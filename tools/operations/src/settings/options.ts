import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import ts from 'typescript';

/** An option of a gateway that is code, as the reference shows it. */
export interface Option {
  /** `limits.bodyBytes`. */
  readonly path: string;
  readonly type: string;
  /** Its documentation, which names the default. */
  readonly description: string;
}

/** Deeper there is what belongs to another library: TLS, clients of brokers. */
const MOST_DEEP = 4;
const SOURCE = 'libs/gateway/src/options.ts';

/**
 * What `GatewayOptions` takes under one of its names, as its types declare it; the description of an option is its
 * documentation.
 *
 * @throws Error naming an option without documentation
 */
export function optionsOf(name: 'policy' | 'upstreams'): readonly Option[] {
  const { checker, file } = program();
  const options = exported(checker, file, 'GatewayOptions');
  const given = objectIn(checker, checker.getTypeOfSymbol(propertyOf(options, name)));
  const settings = name === 'upstreams' ? valueOfRecord(given) : given;
  return walk(checker, settings, []);
}

let made: { readonly checker: ts.TypeChecker; readonly file: ts.SourceFile } | undefined;

function program() {
  if (made !== undefined) return made;
  const config = ts.readConfigFile(join(workspaceRoot, 'tsconfig.base.json'), (file) =>
    ts.sys.readFile(file),
  );
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, workspaceRoot);
  const path = join(workspaceRoot, SOURCE);
  const built = ts.createProgram([path], { ...options, noEmit: true, composite: false });
  const file = built.getSourceFile(path);
  if (file === undefined) throw new Error(`${SOURCE} is not there`);
  return (made = { checker: built.getTypeChecker(), file });
}

function exported(checker: ts.TypeChecker, file: ts.SourceFile, name: string): ts.Type {
  const module = checker.getSymbolAtLocation(file);
  const found = module && checker.getExportsOfModule(module).find((each) => each.name === name);
  if (found === undefined) throw new Error(`${SOURCE} exports no ${name}`);
  return checker.getDeclaredTypeOfSymbol(found);
}

function propertyOf(type: ts.Type, name: string): ts.Symbol {
  const found = type.getProperty(name);
  if (found === undefined) throw new Error(`${SOURCE}: GatewayOptions has no ${name}`);
  return found;
}

/** Of `A | ((config) => A) | false | undefined`, A. */
function objectIn(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  const members = checker.getNonNullableType(type);
  const parts = members.isUnion() ? members.types : [members];
  const found = parts.find((each) => isGroup(each) || each.getStringIndexType() !== undefined);
  return found ?? members;
}

const valueOfRecord = (type: ts.Type): ts.Type => type.getStringIndexType() ?? type;

/** A type of options: neither a function, an array nor something of another library. */
function isGroup(type: ts.Type): boolean {
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0) return false;
  const properties = type.getProperties();
  return properties.length > 0 && properties.every((each) => isOwn(each));
}

const isOwn = (symbol: ts.Symbol): boolean =>
  (symbol.declarations ?? []).some(
    (each) =>
      !/[/\\]node_modules[/\\](?!@facet[/\\])/.test(each.getSourceFile().fileName) &&
      !each.getSourceFile().isDeclarationFile,
  );

function walk(checker: ts.TypeChecker, type: ts.Type, at: readonly string[]): readonly Option[] {
  return type.getProperties().flatMap((property) => {
    const path = [...at, property.name];
    const of = checker.getTypeOfSymbol(property);
    const group = objectIn(checker, of);
    const record = group.getStringIndexType();
    const documented = documentationOf(checker, property);
    if (record !== undefined && isGroup(record) && path.length < MOST_DEEP)
      return walk(checker, record, [...at, `${property.name}.<name>`]);
    if (isGroup(group) && path.length < MOST_DEEP && isDocumented(checker, group)) {
      const heading = canBeOff(checker, of)
        ? [
            {
              path: path.join('.'),
              type: '`false`',
              description: `${documented} \`false\` switches it off.`.trim(),
            },
          ]
        : [];
      return [...heading, ...walk(checker, group, path)];
    }
    if (documented === '') throw new Error(`the option ${path.join('.')} of a gateway has no documentation`);
    return [{ path: path.join('.'), type: typeName(checker, of), description: documented }];
  });
}

function canBeOff(checker: ts.TypeChecker, type: ts.Type): boolean {
  const members = checker.getNonNullableType(type);
  return members.isUnion() && members.types.some((each) => checker.typeToString(each) === 'false');
}

/** One whose members say all by their names, `{ requests, seconds }`, is one value. */
const isDocumented = (checker: ts.TypeChecker, group: ts.Type): boolean =>
  group.getProperties().some((each) => documentationOf(checker, each) !== '');

const documentationOf = (checker: ts.TypeChecker, symbol: ts.Symbol): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim();

function typeName(checker: ts.TypeChecker, type: ts.Type): string {
  const group = objectIn(checker, type);
  if (isGroup(group) && !isDocumented(checker, group))
    return `\`{ ${group
      .getProperties()
      .map((each) => each.name)
      .join(', ')} }\``;
  const name = checker.typeToString(
    checker.getNonNullableType(type),
    undefined,
    ts.TypeFormatFlags.NoTruncation,
  );
  return `\`${name.replaceAll('"', "'")}\``;
}
