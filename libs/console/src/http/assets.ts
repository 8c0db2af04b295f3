import { readdirSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const here = dirname(fileURLToPath(import.meta.url));

/** The folders that are served, by the path under which they are. */
const folders: readonly (readonly [path: string, folder: string])[] = [
  ['', join(here, '../../assets')],
  ['page/', join(here, '../page')],
  ['lit/', litFolder()],
  ['lit/directives/', join(litFolder(), 'directives')],
];

/**
 * The page's files by their whole path. They are looked up in this list and never on the disk, so that no path leads out of it.
 * From source, types are taken out; in a package they are gone already.
 */
export function loadAssets(prefix: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const [path, folder] of folders) {
    for (const name of readdirSync(folder)) {
      const extension = extname(name);
      const type = TYPES[extension];
      if (type === undefined || /\.(?:d|spec)\.ts$/.test(name)) continue;
      const text = readFileSync(join(folder, name), 'utf8');
      const served = `${prefix}/${path}${name.replace(/\.ts$/, '.js')}`;
      assets.set(served, { type, body: bodyOf(text, { extension, prefix }) });
    }
  }
  return assets;
}

function bodyOf(text: string, { extension, prefix }: { extension: string; prefix: string }): string {
  const script = extension === '.ts' ? withoutTypes(text) : text;
  if (extension !== '.ts' && extension !== '.js') return text;
  return script
    .replace(/from '(lit-html)'/g, `from '${prefix}/lit/$1.js'`)
    .replace(/from 'lit-html\/([\w/-]+\.js)'/g, `from '${prefix}/lit/$1'`);
}

/** Node says once, on the terminal, that this is experimental: a developer who opens the console can do nothing about it. */
function withoutTypes(text: string): string {
  const warn = Object.getOwnPropertyDescriptor(process, 'emitWarning') ?? {};
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text);
  } finally {
    Object.defineProperty(process, 'emitWarning', warn);
  }
}

function litFolder(): string {
  let folder = createRequire(import.meta.url).resolve('lit-html');
  while (basename(folder) !== 'lit-html') folder = dirname(folder);
  return folder;
}
