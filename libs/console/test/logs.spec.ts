import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { History } from '../src/history.js';
import { linesOfTrace } from '../src/logs.js';
import { summaryOf } from '../src/live/summary.js';
import { Neighbours } from '../src/neighbours.js';
import type { RequestDetail } from '../src/view.js';
import { makeDay } from './support/records.js';
import { temporaryFolder } from './support/folder.js';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const trace = 'a'.repeat(32);

test('lines of a trace come from every process, oldest first; what is no JSON comes without its colours', async () => {
  const logged = (time: string, msg: string, traceId = trace) =>
    JSON.stringify({ level: 'info', time, msg, traceId, pid: 1, name: 'x', status: 200 });
  writeFileSync(
    join(folder, 'web-bff.log'),
    [
      logged('2026-01-01T00:00:02Z', 'answered'),
      logged('2026-01-01T00:00:01Z', 'other', 'b'.repeat(32)),
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'catalog.log'),
    `${logged('2026-01-01T00:00:01Z', 'read')}\n\u001b[32minfo\u001b[0m seen ${trace}\n{"broken`,
  );
  writeFileSync(join(folder, 'notes.txt'), trace);
  const lines = await linesOfTrace(folder, trace);
  expect(lines.map(({ process, message, fields }) => [process, message, fields])).toEqual([
    ['catalog', `info seen ${trace}`, {}],
    ['catalog', 'read', { status: 200 }],
    ['web-bff', 'answered', { status: 200 }],
  ]);
});

test('of a large file the end is looked through, and a folder that is not there has nothing', async () => {
  const old = JSON.stringify({ level: 'info', msg: 'old', traceId: trace });
  writeFileSync(join(folder, 'a.log'), `${old}\n${'x\n'.repeat(400_000)}${old.replace('old', 'new')}\n`);
  expect((await linesOfTrace(folder, trace)).map(({ message }) => message)).toEqual(['new']);
  expect(await linesOfTrace(join(folder, 'nowhere'), trace)).toEqual([]);
});

const details = (count: number): RequestDetail[] =>
  makeDay(count).map((record) => ({
    record,
    summary: summaryOf(record, { slowMs: 1_000, isBackground: false }),
  }));

test('the last 300 requests are kept, and what is broken in the file is left out', async () => {
  const file = join(folder, 'console', 'web-bff.ndjson');
  const all = details(350);
  await new History(file).save(all);
  const kept = await new History(file).load();
  expect(kept).toEqual(all.slice(-300));
  writeFileSync(file, `{"summary":null}\nnonsense\n${JSON.stringify(all[0])}\n[]\n{"summary":{"id":"1"}}\n`);
  expect(await new History(file).load()).toEqual([all[0]]);
  expect(await new History(join(folder, 'nowhere')).load()).toEqual([]);
});

test('a gateway is listed while its process lives; an entry that leads elsewhere is not', async () => {
  const own = new Neighbours(folder, 'web-bff');
  await own.announce('http://127.0.0.1:1');
  const write = (name: string, entry: object) => writeFileSync(join(folder, name), JSON.stringify(entry));
  write('gone.json', { name: 'gone', pid: 2 ** 22 + 7, admin: 'http://127.0.0.1:2' });
  write('evil.json', { name: 'evil', pid: process.pid, admin: 'http://evil.example:80' });
  write('metadata.json', { name: 'metadata', pid: process.pid, admin: 'http://169.254.169.254:80' });
  write('script.json', { name: 'script', pid: process.pid, admin: 'javascript:alert(1)//127.0.0.1:1' });
  write('user.json', { name: 'user', pid: process.pid, admin: 'http://127.0.0.1:80@evil.example:80' });
  mkdirSync(join(folder, 'folder.json'));
  expect(await own.list()).toEqual([{ name: 'web-bff', console: 'http://localhost:1/console', isUp: false }]);
  await own.leave();
  expect(await own.list()).toEqual([]);
});
