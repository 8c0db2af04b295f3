import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './store.js';

/** What Node is linked with. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6'];

/** Read by people. */
const UNREAD = /^\/usr\/share\/(?:doc|gdb|lintian|locale|man)\//;

/**
 * Writes to a folder the files of a base for images, from this machine's own Debian packages: the C and C++ libraries, and a user
 * without a password. Nothing is downloaded.
 *
 * @throws Error where this machine has no `dpkg`
 */
export async function writeBase(folder: string): Promise<void> {
  const listed = (await run('dpkg', ['-L', ...PACKAGES])).split('\n').filter((path) => path.startsWith('/'));
  const links = ['/lib', '/lib64'].filter((path) => isLink(path));
  // A package may name a folder by a link that leads to it.
  const files = listed
    .filter((path) => !UNREAD.test(path))
    .map((path) => join(realpathSync(dirname(path)), basename(path)));
  for (const path of new Set([...links, ...files])) copy(path, join(folder, path));
  for (const empty of ['dev', 'proc', 'tmp']) mkdirSync(join(folder, empty));
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(join(folder, 'etc/passwd'), 'nonroot:x:65532:65532::/tmp:/sbin/nologin\n');
  writeFileSync(join(folder, 'etc/group'), 'nonroot:x:65532:\n');
}

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

function copy(from: string, to: string): void {
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  mkdirSync(dirname(to), { recursive: true });
  if (found.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else copyFileSync(from, to);
}
