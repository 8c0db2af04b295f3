import { spawnSync } from 'node:child_process';
import { readApps } from '@facet/dev';
import { describe } from '@jest/globals';
import { hasBuildah } from '../../src/store.js';

/** Why images cannot be built and run here; undefined where they can. */
function reason(): string | undefined {
  if (readApps().length === 0) return 'the samples are gone';
  if (process.platform !== 'linux') return 'no Linux';
  if (process.getuid?.() !== 0) return 'not root';
  if (!hasBuildah) return 'no buildah';
  // A container without the right to mount has neither.
  const { stdout } = spawnSync('buildah', ['info', '--format', '{{.store.GraphDriverName}}'], {
    encoding: 'utf8',
  });
  const canMount =
    spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status ===
    0;
  return stdout.trim() === 'overlay' && canMount ? undefined : 'no file systems can be mounted here';
}

const why = reason();

/** `describe`, for what builds and runs images. */
export const givenImages = (title: string, tests: () => void): void =>
  why === undefined ? describe(title, tests) : describe.skip(`${title} (skipped: ${why})`, tests);
