import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { bundle, validate } from '@readme/openapi-parser';
import { parse } from 'yaml';
import { Refusal } from '../../refusal.js';
import { isObject, textAt, type Json } from '../schema/json.js';

/** The largest description that is read. */
const MOST_BYTES = 20_000_000;
const MOST_MS = 20_000;

/**
 * Reads an OpenAPI description, 3.0 or 3.1, JSON or YAML, with the files beside it that it refers to: as one document, whose
 * every `$ref` is found in it.
 *
 * @throws Refusal in one line for one that cannot be read, or is none
 */
export async function readDocument(place: string, root: string): Promise<Json> {
  const isUrl = /^https?:\/\//i.test(place);
  const refuse = (error: unknown): never => {
    throw error instanceof Refusal ? error : new Refusal(`${place}: ${firstLine(error)}`);
  };
  try {
    const text = isUrl ? await fetched(place) : fileText(resolve(root, place), place);
    const document = parsed(text, place);
    refuseVersion(document, place);
    const whole = isUrl ? alone(document, place) : await withFiles(document, resolve(root, place), place);
    await check(whole, place);
    return whole;
  } catch (error) {
    return refuse(error);
  }
}

function fileText(file: string, place: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) throw new Refusal(`${place} is no file`);
  if (found.size > MOST_BYTES) throw new Refusal(`${place} is larger than ${MOST_BYTES / 1_000_000} MB`);
  return readFileSync(file, 'utf8');
}

/** Nothing is asked of another machine: what its answer makes of a contract would be that machine's to say. */
const HERE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

async function fetched(url: string): Promise<string> {
  const { hostname, username, password } = new URL(url);
  if (!HERE.test(hostname))
    throw new Refusal(`${hostname} is another machine: download the description, and give the file`);
  if (username !== '' || password !== '') throw new Refusal('the URL of a description has no credentials');
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(MOST_MS) });
  if (!response.ok) throw new Refusal(`${url} answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Refusal(`${url} answers with more than ${MOST_BYTES / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, place: string): Json {
  let document: unknown;
  try {
    document = /^\s*\{/.test(text) ? (JSON.parse(text) as unknown) : parse(text);
  } catch (error) {
    throw new Refusal(`${place} is neither JSON nor YAML: ${firstLine(error)}`);
  }
  if (isObject(document)) return document;
  throw new Refusal(`${place} is no OpenAPI description: it has no "openapi"`);
}

function refuseVersion(document: Json, place: string): void {
  const version = textAt(document, 'openapi');
  if (version !== undefined && /^3\.[01]\.\d+/.test(version)) return;
  const found = textAt(document, 'swagger') ?? version;
  const what = found === undefined ? 'has no "openapi"' : `is of version ${found.slice(0, 20)}`;
  throw new Refusal(`${place} ${what}: descriptions of OpenAPI 3.0 and 3.1 can be read`);
}

/** @throws Refusal naming a reference to something that is not in the document itself */
function alone(document: Json, place: string): Json {
  const other = [...refsIn(document)].find((ref) => !ref.startsWith('#'));
  if (other === undefined) return document;
  throw new Refusal(
    `${place} refers to ${other.slice(0, 200)}: download it with what it refers to, and give the file`,
  );
}

/** With the files that it refers to, of its own folder and below. */
async function withFiles(document: Json, file: string, place: string): Promise<Json> {
  const folder = realpathSync(dirname(file));
  const seen = new Set<string>();
  const visit = (from: Json, base: string): void => {
    for (const ref of refsIn(from)) {
      const [target = ''] = ref.split('#');
      if (target === '') continue;
      const path = besideOf(target, base);
      if (path === undefined || !isBelow(path, folder))
        throw new Refusal(
          `${place} refers to ${target.slice(0, 200)}: only files of its own folder and below are read`,
        );
      if (seen.has(path)) continue;
      seen.add(path);
      const name = relative(folder, path);
      visit(parsed(fileText(path, name), name), dirname(path));
    }
  };
  visit(document, folder);
  if (seen.size === 0) return document;
  // The document itself is taken as it was parsed here: what its files are is known to be of this folder.
  return (await bundle(join(folder, relative(dirname(file), file)), {
    resolve: { file: true },
  })) as unknown as Json;
}

function besideOf(target: string, base: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//')) return undefined;
  const path = fileURLToPath(new URL(target, `${pathToFileURL(base).href}/`));
  return ['.json', '.yaml', '.yml'].includes(extname(path)) ? path : undefined;
}

function isBelow(path: string, folder: string): boolean {
  const real = statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
  return !relative(folder, real).startsWith('..');
}

/** What `$ref`s of a document name, wherever they stand. */
function refsIn(value: unknown, found = new Set<string>(), seen = new Set<object>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return found;
  seen.add(value);
  const ref = isObject(value) ? textAt(value, '$ref') : undefined;
  if (ref !== undefined) found.add(ref);
  for (const each of Object.values(value)) refsIn(each, found, seen);
  return found;
}

/** @throws Refusal with what is wrong with it first */
async function check(document: Json, place: string): Promise<void> {
  // It is changed by the check: what it refers to gets put in its place.
  const result = await validate(structuredClone(document) as never);
  if (!result.valid) throw new Refusal(`${place}: ${firstLine(result.errors[0]?.message)}`);
}

/** The first line of a message, and of where it is found the line that a `>` points at. */
function firstLine(thrown: unknown): string {
  const { name, message: own, cause } = (isObject(thrown) ? thrown : { message: thrown }) as Thrown;
  if (name === 'RangeError') return 'it is nested too deep to be read';
  const message = cause?.message ?? own;
  const [first = '', ...rest] = String(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const line = rest.find((each) => each.startsWith('>'))?.replace(/^> *\d* *\|\s*/, '');
  return `${first.slice(0, 300)}${line === undefined ? '' : ` at ${line.slice(0, 100)}`}`;
}

interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: { readonly message?: unknown };
}
