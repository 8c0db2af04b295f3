/** `npm run publish:local -- http://127.0.0.1:4873`: publishes every package to a registry on this machine, and to no other. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The folders of the packages that are published: those that are not private. */
export const published: readonly string[] = ['libs', 'tools']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => {
    const { private: isPrivate = true } = manifestOf(folder);
    return !isPrivate;
  });

function manifestOf(folder: string): { readonly private?: boolean } {
  try {
    const text = readFileSync(join(root, folder, 'package.json'), 'utf8');
    return { private: false, ...(JSON.parse(text) as { private?: boolean }) };
  } catch {
    return {};
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** @throws Error in one line for a registry that is not on this machine */
export function loopback(registry: string | undefined): string {
  const url = URL.parse(registry ?? '');
  if (url?.protocol === 'http:' && LOOPBACK.has(url.hostname)) return url.href;
  throw new Error(
    `${registry ?? 'no registry'}: packages are published to a registry on this machine alone, e.g. http://127.0.0.1:4873`,
  );
}

/**
 * Publishes all of them, as they were built.
 *
 * @throws Error with what npm says where it refuses one
 */
export async function publishAll(registry: string): Promise<void> {
  const at = loopback(registry);
  const { host } = new URL(at);
  const which = published.flatMap((folder) => ['--workspace', folder]);
  // Who may publish there is for that registry to say; npm only wants to have something to tell it.
  const token = `--//${host}/:_authToken=anybody`;
  await promisify(execFile)('npm', ['publish', ...which, '--registry', at, token, '--loglevel=error'], {
    cwd: root,
    maxBuffer: 10_000_000,
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await publishAll(loopback(process.argv[2]));
    process.stdout.write(`${published.length} packages are published\n`);
  } catch (error) {
    const { message, stderr } = error as { message: string; stderr?: string };
    process.stderr.write(`${stderr ?? message}\n`);
    process.exitCode = 1;
  }
}
