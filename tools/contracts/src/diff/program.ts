import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A field of a type, and the module that the type is exported from. */
export interface Wanted {
  /** Path of the module, from the workspace. */
  readonly module: string;
  /** Names to go through, from an export of the module to the field: type arguments of lists are passed through. */
  readonly from: Path;
  readonly field: readonly string[];
}

/** Where the object with the field is found: in the value of an operation, or in an exported type. */
export type Path =
  | { readonly operation: string; readonly io: 'input' | 'output' }
  | { readonly type: string; readonly keys: readonly string[] };

/** The source of apps and clients as TypeScript understands it: opened once, only as far as a name is found in it. */
export class Readers {
  readonly #files: ReadonlyMap<string, string>;
  #opened: ts.Program | undefined;

  constructor(
    private readonly root: string,
    private readonly modules: readonly string[],
  ) {
    this.#files = new Map(sourcesIn(root).map((file) => [file, readFileSync(file, 'utf8')]));
  }

  /** `apps/web-bff/src/tile.ts:12`: every line that reads the field, or writes it where it is sent. */
  linesOf(wanted: Wanted): readonly string[] {
    const name = wanted.field.at(-1);
    if (name === undefined || name === '*' || !this.modules.includes(wanted.module)) return [];
    const files = [...this.#files].filter(([, text]) => text.includes(name)).map(([file]) => file);
    if (files.length === 0) return [];
    const program = (this.#opened ??= this.#open());
    const finder = new Finder(program, join(this.root, wanted.module), wanted);
    if (!finder.isThere) return [];
    const lines = files.flatMap((file) => {
      const source = program.getSourceFile(file);
      return source === undefined
        ? []
        : finder.in(source).map((line) => `${relative(this.root, file)}:${line}`);
    });
    return [...new Set(lines)];
  }

  #open(): ts.Program {
    const config = ts.readConfigFile(join(this.root, 'tsconfig.base.json'), (file) =>
      readFileSync(file, 'utf8'),
    );
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, this.root, {
      ...{ noEmit: true, composite: false, incremental: false, skipLibCheck: true },
    });
    const modules = this.modules.map((module) => join(this.root, module)).filter(existsSync);
    return ts.createProgram([...modules, ...this.#files.keys()], options);
  }
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '__snapshots__']);

/** What may read contracts and answers: apps, and packages of a domain or of clients. No spec. */
function sourcesIn(root: string): readonly string[] {
  const apps = namesIn(join(root, 'apps')).flatMap((app) =>
    ['src', 'app'].map((each) => join(root, 'apps', app, each)),
  );
  const libs = namesIn(join(root, 'libs')).flatMap((domain) =>
    namesIn(join(root, 'libs', domain))
      .filter((name) => name !== 'testing')
      .map((name) => join(root, 'libs', domain, name, 'src')),
  );
  return [...apps, ...libs]
    .flatMap(filesIn)
    .filter((file) => /\.tsx?$/.test(file) && !/\.(?:spec|d)\.tsx?$/.test(file));
}

function namesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => name).sort();
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Finds reads of one field: by where the field is declared, whatever types are made of it. */
class Finder {
  readonly #checker: ts.TypeChecker;
  /** Where the field is declared; empty where it is gone. */
  readonly #declared: ReadonlySet<ts.Node>;
  /** Where its neighbours are declared: by them one knows the object that the field is gone from. */
  readonly #beside: ReadonlySet<ts.Node>;
  readonly #name: string;

  constructor(program: ts.Program, module: string, { from, field }: Wanted) {
    this.#checker = program.getTypeChecker();
    this.#name = field.at(-1) as string;
    const owner = this.#ownerOf(program.getSourceFile(module), from, field.slice(0, -1));
    const symbol = owner && this.#property(owner, this.#name);
    this.#declared = new Set(symbol?.declarations ?? []);
    this.#beside = new Set(
      symbol !== undefined || owner === undefined
        ? []
        : this.#checker.getPropertiesOfType(owner).flatMap((each) => each.declarations ?? []),
    );
  }

  get isThere(): boolean {
    return this.#declared.size > 0 || this.#beside.size > 0;
  }

  in(source: ts.SourceFile): readonly number[] {
    const lines: number[] = [];
    const visit = (node: ts.Node): void => {
      if (this.#reads(node)) lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return lines;
  }

  #reads(node: ts.Node): boolean {
    if (!(ts.isIdentifier(node) || ts.isStringLiteral(node)) || node.text !== this.#name) return false;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return this.#isOn(parent.expression);
    if (ts.isElementAccessExpression(parent) && parent.argumentExpression === node)
      return this.#isOn(parent.expression);
    if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
      return this.#isIn(parent.parent);
    const isWritten =
      ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.name === node);
    if (!isWritten || !ts.isObjectLiteralExpression(parent.parent)) return false;
    // The declaration itself is written like that too.
    if (this.#declared.has(parent)) return false;
    const type = this.#checker.getContextualType(parent.parent);
    return type !== undefined && this.#has(type);
  }

  #isOn = (expression: ts.Expression): boolean => this.#has(this.#checker.getTypeAtLocation(expression));

  #isIn = (pattern: ts.Node): boolean => this.#has(this.#checker.getTypeAtLocation(pattern));

  #has(type: ts.Type): boolean {
    const owner = this.#checker.getNonNullableType(type);
    if (this.#declared.size > 0)
      return (
        this.#property(owner, this.#name)?.declarations?.some((each) => this.#declared.has(each)) === true
      );
    return this.#checker
      .getPropertiesOfType(owner)
      .some(({ declarations = [] }) => declarations.some((each) => this.#beside.has(each)));
  }

  #ownerOf(source: ts.SourceFile | undefined, from: Path, fields: readonly string[]): ts.Type | undefined {
    const module = source && this.#checker.getSymbolAtLocation(source);
    if (source === undefined || module === undefined) return undefined;
    const exported = this.#checker.getExportsOfModule(module);
    const start =
      'type' in from ? this.#typeNamed(exported, from) : this.#ofOperation(exported, source, from);
    return start && this.#through(start, fields);
  }

  #typeNamed(
    exported: readonly ts.Symbol[],
    { type, keys }: Extract<Path, { type: string }>,
  ): ts.Type | undefined {
    const found = exported.find(({ name }) => name === type);
    return found && this.#through(this.#checker.getDeclaredTypeOfSymbol(aliased(this.#checker, found)), keys);
  }

  #ofOperation(
    exported: readonly ts.Symbol[],
    source: ts.SourceFile,
    { operation, io }: Extract<Path, { operation: string }>,
  ): ts.Type | undefined {
    for (const each of exported) {
      const service = this.#checker.getTypeOfSymbolAtLocation(aliased(this.#checker, each), source);
      const found = this.#property(service, operation);
      if (found === undefined) continue;
      const type = this.#through(service, [operation]);
      if (type && this.#property(type, 'pattern')) return this.#through(type, [io, '_zod', io]);
    }
    return undefined;
  }

  #through(type: ts.Type, names: readonly string[]): ts.Type | undefined {
    let at: ts.Type | undefined = this.#inside(type);
    for (const name of names) {
      const symbol: ts.Symbol | undefined = at && this.#property(at, name);
      at = symbol && this.#inside(this.#checker.getTypeOfSymbol(symbol));
    }
    return at;
  }

  #inside(type: ts.Type): ts.Type {
    let at = this.#checker.getNonNullableType(type);
    while (this.#checker.isArrayType(at)) {
      at = this.#checker.getNonNullableType(
        this.#checker.getTypeArguments(at as ts.TypeReference)[0] as ts.Type,
      );
    }
    return at;
  }

  #property(type: ts.Type, name: string): ts.Symbol | undefined {
    const own = this.#checker.getPropertyOfType(type, name);
    if (own !== undefined || !type.isUnion()) return own;
    return type.types
      .map((each) => this.#checker.getPropertyOfType(each, name))
      .find((each) => each !== undefined);
  }
}

function aliased(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}
