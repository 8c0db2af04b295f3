import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { Refusal } from '../../refusal.js';

const LEFT_OUT: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'coverage',
  'test',
  'tests',
  '__tests__',
  'e2e',
]);
const MOST_FILES = 5_000;

/** The sources of a Nest service, with their types. */
export interface NestSources {
  readonly program: ts.Program;
  /** Those of the service itself, in the order of their names. */
  readonly files: readonly ts.SourceFile[];
}

/**
 * Reads the sources of a service, with its own `tsconfig.json` where there is one. Nothing of it is run.
 *
 * @throws Refusal where there is none
 */
export function nestSources(place: string, root: string): NestSources {
  const path = resolve(root, place);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Refusal(`${place} is not there`);
  const folder = found.isDirectory() ? path : dirname(path);
  const names = found.isDirectory() ? sourcesIn(folder) : [path];
  if (names.length === 0) throw new Refusal(`${place} has no TypeScript`);
  if (names.length > MOST_FILES)
    throw new Refusal(`${place} has ${names.length} files of TypeScript: name the folder of one service`);
  const program = ts.createProgram(names, { ...optionsOf(folder), ...OWN });
  return { program, files: names.flatMap((name) => program.getSourceFile(name) ?? []) };
}

/** What is told by types alone; files find each other with and without an ending. */
const OWN: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  composite: false,
  incremental: false,
  skipLibCheck: true,
  strictNullChecks: true,
  experimentalDecorators: true,
};

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : sourcesIn(path);
      return entry.isFile() && /(?<!\.d|\.spec|\.test)\.ts$/.test(entry.name) ? [path] : [];
    });
}

function optionsOf(folder: string): ts.CompilerOptions {
  const file = configOf(folder);
  if (file === undefined) return {};
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config?: unknown };
  return ts.parseJsonConfigFileContent(config ?? {}, { ...ts.sys, readDirectory: () => [] }, dirname(file))
    .options;
}

function configOf(folder: string): string | undefined {
  const names = ['tsconfig.app.json', 'tsconfig.json'].map((name) => join(folder, name));
  const found = names.find((name) => existsSync(name));
  if (found !== undefined) return found;
  return dirname(folder) === folder ? undefined : configOf(dirname(folder));
}
