import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sourceArguments, workspaceRoot } from '@facet/dev';
import { charts } from '../src/report/charts.js';
import { filled, pageParts } from '../src/report/page.js';
import type { Results } from '../src/results.js';
import { quick } from '../src/stages/plan.js';
import { ways } from '../src/ways.js';

const isThere = [
  'mobile-bff',
  'web-bff',
  'partner-bff',
  'catalog',
  'inventory',
  'recommendations',
  'reviews',
].every((name) => existsSync(join(workspaceRoot, `apps/${name}/project.json`)));
const why = isThere ? '' : ' (skipped: the samples are gone)';

(isThere ? test : test.skip)(
  `a quick run over modelled networks shows every screen the same by each way, fills the page and leaves nothing behind${why}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patterns-spec-'));
    const out = join(folder, 'results.json');
    const args = [...sourceArguments('tools/patterns/src/main.ts'), '--quick', '--model', `--out=${out}`];
    const child = spawn(process.execPath, args, { cwd: workspaceRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
    const results = JSON.parse(readFileSync(out, 'utf8')) as Results;
    rmSync(folder, { recursive: true });

    expect(results.network.kind).toBe('model');
    expect(results.cells).toHaveLength(quick.waves.flat().flatMap(({ cells }) => cells).length);
    const clean = results.cells.filter(({ network }) => network.loss === 0).flatMap(({ turns }) => turns);
    expect(clean.every(({ isOk }) => isOk)).toBe(true);
    for (const way of ways) expect(results.cells.some((cell) => cell.way === way)).toBe(true);
    // What the ways are: a direct client calls in a row, and a gateway per client is called once.
    const home = (way: string) =>
      results.cells
        .filter((cell) => cell.screen === 'phone-home' && cell.way === way)
        .flatMap(({ turns }) => turns);
    // On a busy machine an optional call may be given up, or begin by chance after one that it does not need.
    const most = (way: string): number => Math.max(...home(way).map(({ calls }) => calls));
    expect([most('direct'), most('general'), most('own')]).toEqual([5, 3, 1]);
    expect(Math.min(...home('direct').map(({ inRow }) => inRow))).toBe(2);
    expect(home('own')[0]?.rawBytes).toBeLessThan(home('direct')[0]?.rawBytes ?? 0);
    expect(results.load.every(({ failures, perSecond }) => failures === 0 && (perSecond[0] ?? 0) > 0)).toBe(
      true,
    );
    const hung = results.faults.filter(({ screen, way }) => screen === 'partner-feed' && way === 'own');
    expect(hung.flatMap(({ turns }) => turns.map(({ isOk }) => isOk))).not.toContain(true);

    expect(Object.keys(charts(results))).toEqual(['time.svg', 'bytes.svg', 'load.svg', 'map.svg']);
    const page = readFileSync(join(workspaceRoot, 'docs/patterns.md'), 'utf8');
    expect(filled(page, pageParts(results))).toContain('| phone home |');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('facet-patterns-'))).toEqual([]);
  },
  480_000,
);
