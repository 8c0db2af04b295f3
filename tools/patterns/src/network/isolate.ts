import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';

/** Set in the process that has a network namespace of its own. */
const MARK = 'FACET_PATTERNS_ISOLATED';

export const isIsolated = process.env[MARK] === '1';

/** Why packets cannot be sent through links of our own here; undefined where they can. */
export function whyNoPackets(): string | undefined {
  if (process.platform !== 'linux') return 'there are network namespaces on Linux alone';
  if (process.getuid?.() !== 0) return 'it takes root';
  if (process.execve === undefined) return 'this Node cannot replace itself (process.execve)';
  for (const tool of ['unshare', 'ip', 'perl']) {
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return `there is no ${tool}`;
  }
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/net/tun cannot be opened';
  }
  const { status } = spawnSync('unshare', ['--net', 'true']);
  return status === 0 ? undefined : 'a network namespace cannot be made';
}

/**
 * Starts this program again in place of itself, in a network namespace of its own: everything that it starts there is
 * reached from there alone, and the namespace is gone when the last process in it is.
 */
export function isolate(args: readonly string[]): never {
  const unshare = execFileSync('sh', ['-c', 'command -v unshare'], { encoding: 'utf8' }).trim();
  const again = [process.execPath, ...process.execArgv, process.argv[1] ?? '', ...args];
  process.execve?.(unshare, ['unshare', '--net', ...again], { ...process.env, [MARK]: '1' });
  throw new Error('the program could not be started again');
}

/**
 * Readies the namespace that this process is in, and says which congestion control its TCP uses: `wanted`, else the
 * machine's own.
 *
 * @throws Error naming the algorithms that can be had where `wanted` cannot
 */
export function readyNamespace(wanted: string | undefined): string {
  ip('link set lo up');
  // A new connection must know nothing of the ones before it.
  writeFileSync(`${TCP}_no_metrics_save`, '1');
  if (wanted === undefined) return readFileSync(`${TCP}_congestion_control`, 'utf8').trim();
  try {
    writeFileSync(`${TCP}_congestion_control`, wanted);
    return wanted;
  } catch {
    const allowed = readFileSync(`${TCP}_allowed_congestion_control`, 'utf8').trim().replaceAll(' ', ' or ');
    throw new Error(`congestion: a namespace here cannot use ${wanted}; say ${allowed}`);
  }
}

const TCP = '/proc/sys/net/ipv4/tcp';

export function ip(words: string): void {
  execFileSync('ip', words.split(' '), { stdio: ['ignore', 'ignore', 'pipe'] });
}
