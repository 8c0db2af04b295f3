import { execFileSync } from 'node:child_process';
import type { Json } from '../documents/contract-document.js';

/** What is wrong with what was asked: one line, exit code 2. */
export class UsageError extends Error {}

/** A commit of the repository at `root`. */
export class Base {
  readonly #paths: ReadonlySet<string>;

  /** @throws UsageError where there is no such commit */
  constructor(
    private readonly root: string,
    readonly name: string,
  ) {
    let commit: string;
    try {
      commit = git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).trim();
    } catch (cause) {
      throw new UsageError(`there is no commit "${name}" to compare with; name a branch, a tag or a commit`, {
        cause,
      });
    }
    this.commit = commit;
    this.#paths = new Set(git(root, 'ls-tree', '-r', '--name-only', '-z', commit).split('\0'));
  }

  readonly commit: string;

  /** Paths of documents: `contract.json` and `openapi.json`. */
  get documents(): readonly string[] {
    return [...this.#paths].filter(isDocument);
  }

  /** @throws UsageError where it is no document */
  read(path: string): Json | undefined {
    if (!this.#paths.has(path)) return undefined;
    return parse(git(this.root, 'show', `${this.commit}:${path}`), `${path} at ${this.name}`);
  }
}

export const isDocument = (path: string): boolean =>
  /^libs\/[^/]+\/[^/]+\/contract\.json$|^apps\/[^/]+\/openapi\.json$/.test(path);

/** @throws UsageError */
export function parse(text: string, path: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const paths = typeof value === 'object' && value !== null ? (value as Json)['paths'] : undefined;
  if (typeof paths !== 'object' || paths === null)
    throw new UsageError(`${path} is no OpenAPI document: it has no "paths"`);
  return value as Json;
}

function git(root: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1_048_576,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
