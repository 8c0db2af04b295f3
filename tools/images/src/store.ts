import { spawn, spawnSync } from 'node:child_process';

/** Whether this machine has buildah. */
export const hasBuildah = spawnSync('buildah', ['--version']).status === 0;

/** A folder of images: buildah's own, or one that a test throws away. */
export interface Store {
  /** What buildah prints. @throws Error with its own words where it fails */
  buildah(...args: readonly string[]): Promise<string>;
}

/** `folder` has images and containers of its own; without, those are buildah's. */
export function openStore(folder?: string): Store {
  const place = folder === undefined ? [] : ['--root', `${folder}/images`, '--runroot', `${folder}/run`];
  return { buildah: (...args) => run('buildah', [...place, ...args]) };
}

/** What a command prints. @throws Error with its own words where it fails */
export async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  let printed = '';
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return printed.trim();
  throw new Error(`${command} ${args.join(' ')}: ${words.trim() || `exit code ${code}`}`);
}
