import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { sourceArguments, workspaceRoot } from '@facet/dev';
import { lacks } from '../src/rollout/fleet.js';

const isThere = ['identity', 'web-bff', 'mobile-bff', 'partner-bff', 'orders', 'reviews'].every((name) =>
  existsSync(new URL(`../../../apps/${name}/project.json`, import.meta.url)),
);
const why = !isThere
  ? ' (skipped: the samples are gone)'
  : lacks.length > 0
    ? ` (skipped: no ${lacks.join(', no ')})`
    : '';

(why === '' ? test : test.skip)(
  `S1 a site in production is replaced, goes to the previous wire and back, and loses no request and doubles no write${why}`,
  async () => {
    const { code, output } = await rollout('--quick');
    expect(output).toMatch(/Held: no request of a planned phase failed, no write was doubled\./);
    expect(output).toMatch(/^replace gateways +[1-9][\d,]* +0 +0 /m);
    expect(output).toMatch(/^replace services +[1-9][\d,]* +0 +0 /m);
    expect(output).toMatch(/^previous wire +[1-9][\d,]* +0 +0 /m);
    expect(output).toMatch(/^this wire again +[1-9][\d,]* +0 +0 /m);
    expect(output).toMatch(/^kill gateways +[1-9][\d,]* +\d+ +0 /m);
    expect(output).toMatch(/^kill services +[1-9][\d,]* +\d+ +0 /m);
    expect(output).toMatch(/^Redis fails over +[1-9][\d,]* +\d+ +0 /m);
    expect(code).toBe(0);
  },
  600_000,
);

test('says what it takes, and refuses anything else', async () => {
  expect(await rollout('--help')).toMatchObject({ code: 0, output: expect.stringContaining('--quick') });
  expect(await rollout('--slow')).toMatchObject({ code: 2, output: expect.stringContaining("'--slow'") });
}, 60_000);

function rollout(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...sourceArguments('tools/chaos/src/rollout/main.ts'), ...args], {
    cwd: workspaceRoot,
    env: { PATH, HOME, TMPDIR },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
