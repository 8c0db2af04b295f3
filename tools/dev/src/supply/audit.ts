/** `npm run audit`: known vulnerabilities of what is shipped, and the registry's signatures, where the registry serves them. */
import { spawnSync } from 'node:child_process';
import { workspaceRoot } from '../apps.js';
import { signatureVerdict, vulnerabilityVerdict, type Verdict } from './verdict.js';

/** A registry that does not answer keeps nobody longer, in milliseconds. */
const WITHIN_MS = 60_000;

const verdicts = [
  vulnerabilityVerdict(ask('audit', '--omit=dev', '--json')),
  signatureVerdict(ask('audit', 'signatures', '--json')),
];
for (const { line } of verdicts) process.stdout.write(`${line}\n`);
process.exitCode = verdicts.every(({ isFine }: Verdict) => isFine) ? 0 : 1;

/** What npm answers; undefined where it does not within the time. */
function ask(...args: readonly string[]): string | undefined {
  const options = {
    cwd: workspaceRoot,
    encoding: 'utf8',
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  } as const;
  const { stdout, error } = spawnSync('npm', args, { ...options, maxBuffer: 100_000_000 });
  return error === undefined ? stdout : undefined;
}
