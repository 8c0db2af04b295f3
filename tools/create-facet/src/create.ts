import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal, type Options } from './options.js';

/** Made when this package is built: for the samples, and without them. */
const TEMPLATE = fileURLToPath(new URL('../dist/template', import.meta.url));

/** What stands in the template for what is chosen. */
export const SCOPE = '@__scope__';
export const NAME = '__name__';

/** What npm leaves out of a package, or reads as its own, has another name in the template. */
export const HIDDEN: Readonly<Record<string, string>> = {
  _gitignore: '.gitignore',
  _npmrc: '.npmrc',
  '_prettierrc.json': '.prettierrc.json',
  _prettierignore: '.prettierignore',
};

/**
 * Writes a workspace beside its place and moves it there once it is complete.
 *
 * @throws Refusal in one line, with nothing written, where its place is taken
 */
export function create(options: Options, parent = process.cwd()): string {
  const target = resolve(parent, options.name);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new Refusal(`${target} is there already and not empty: choose another name`);
  const unfinished = mkdtempSync(join(dirname(target), `.${options.name}-`));
  try {
    copyTemplate(options, unfinished);
    for (const file of filesIn(unfinished)) fill(file, options);
    rmSync(target, { recursive: true, force: true });
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  return target;
}

/** The files of each gateway, and those that name all of the chosen. */
function copyTemplate({ samples, gateways }: Options, to: string): void {
  const from = join(TEMPLATE, samples ? 'samples' : 'fresh');
  const left = ['web', 'mobile', 'partner'].filter((each) => !gateways.some((chosen) => chosen === each));
  const leftOut = left.flatMap((each) =>
    ['apps', 'libs/clients'].map((folder) => join(from, 'files', folder, `${each}-bff`)),
  );
  cpSync(join(from, 'files'), to, { recursive: true, filter: (path) => !leftOut.includes(path) });
  const named = join(from, 'shared', gateways.join('+'));
  if (existsSync(named)) cpSync(named, to, { recursive: true });
}

function fill(file: string, { scope, name }: Options): void {
  const text = readFileSync(file, 'utf8');
  const filled = text.replaceAll(SCOPE, `@${scope}`).replaceAll(NAME, name);
  const hidden = Object.entries(HIDDEN).find(
    ([shown]) => file.endsWith(`/${shown}`) || file.endsWith(`\\${shown}`),
  );
  if (filled !== text) writeFileSync(file, filled);
  if (hidden !== undefined) renameSync(file, join(dirname(file), hidden[1]));
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
