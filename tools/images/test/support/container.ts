import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { imageOf } from '../../src/build.js';
import type { Store } from '../../src/store.js';

/** What an image says of itself. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

type Env = Readonly<Record<string, string>>;

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** An image, mounted; its commands run in it. */
export interface Mounted {
  readonly config: ImageConfig;
  /** Where its files are. */
  readonly root: string;
  /** Starts a command as the image's user would: the image's own where none is given. */
  readonly start: (env?: Env, command?: readonly string[]) => Started;
}

/** A process in an image. It is the first of its PID namespace, as in a container. */
export interface Started {
  readonly ended: Promise<Finished>;
  /** What the kernel says of it: `Uid`, `NoNewPrivs`, `CapEff`. */
  status(): Readonly<Record<string, string>>;
  /** SIGTERM, as a container's runtime sends it. */
  stop(): Promise<Finished>;
}

/**
 * Mounts an app's image as a runtime of containers does: its root is read-only, `/tmp` is writable, and a process can get no
 * privileges that it does not have. The network is this machine's.
 */
export async function mountImage(app: string, store: Store): Promise<Mounted> {
  const container = await store.buildah('from', '--pull-never', imageOf(app));
  const root = await store.buildah('mount', container);
  const inspected = await store.buildah('inspect', '--type', 'image', imageOf(app));
  const { config } = (JSON.parse(inspected) as { Docker: { config: ImageConfig } }).Docker;
  return { root, config, start: (env, command) => start(root, config, { env, command }) };
}

/** With whole paths: the environment is the image's. */
const SCRIPT = `
/bin/mount --bind "$0" "$0" && /bin/mount -o remount,bind,ro "$0" &&
/bin/mount -t tmpfs tmpfs "$0/tmp" && /bin/mount -t proc proc "$0/proc" && /bin/mount --bind /dev "$0/dev" &&
exec /usr/bin/setpriv --no-new-privs /usr/bin/unshare --root="$0" --wd="$1" --setgid="$2" --setuid="$3" "\${@:4}"`;

function start(
  root: string,
  { Env, User, WorkingDir, Cmd }: ImageConfig,
  { env = {}, command = Cmd }: { env?: Env | undefined; command?: readonly string[] | undefined },
): Started {
  const [user = '', group = ''] = User.split(':');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child=SIGKILL'];
  const child = spawn(
    '/usr/bin/unshare',
    [...namespaces, '/bin/bash', '-c', SCRIPT, root, WorkingDir, group, user, ...command],
    { env: { ...Object.fromEntries(Env.map(pairOf)), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = endOf(child);
  return {
    ended,
    status: () => statusOf(innerOf(child)),
    stop: () => {
      process.kill(innerOf(child), 'SIGTERM');
      return ended;
    },
  };
}

const pairOf = (line: string): [string, string] => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
};

function endOf(child: ChildProcess): Promise<Finished> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-20_000)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** `unshare` waits for the one child that it has. */
function innerOf({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

function statusOf(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return Object.fromEntries(lines.map((line) => line.split(':\t') as [string, string]));
}
