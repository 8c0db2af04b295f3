import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readApps, workspaceRoot, type App } from '../src/apps.js';

const read = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8');
const apps = readApps();
const ofKind = (kind: App['kind']): readonly App[] => apps.filter((app) => app.kind === kind);

describe('a port is the one of project.json', () => {
  test.each(ofKind('service'))('where $name listens when nothing is set', ({ name, port }) => {
    expect(/\bport: (\d+)/.exec(read(`apps/${name}/src/main.ts`))?.[1]).toBe(String(port));
  });

  test.each(ofKind('gateway'))('where $name looks for services when nothing is set', ({ name }) => {
    const looked = [...read(`apps/${name}/src/${name}.config.ts`).matchAll(/'?([\w-]+)'?: (4\d{3})\b/g)];
    expect(looked.length).toBeGreaterThan(0);
    const there = Object.fromEntries(ofKind('service').map((app) => [app.name, String(app.port)]));
    for (const [, service = '', port] of looked)
      expect({ service, port }).toEqual({ service, port: there[service] });
  });

  test('in the table of ports', () => {
    const rows = read('docs/architecture.md');
    for (const { name, port, kind } of apps.filter((app) => app.kind !== 'identity'))
      expect({ name, kind, isThere: rows.includes(String(port)) }).toEqual({ name, kind, isThere: true });
  });
});
