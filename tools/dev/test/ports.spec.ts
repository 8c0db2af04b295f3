import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readApps, workspaceRoot, type App } from '../src/apps.js';

const read = (file: string): string => readFileSync(join(workspaceRoot, file), 'utf8');
const sources = (app: string): string =>
  readdirSync(join(workspaceRoot, 'apps', app, 'src'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`apps/${app}/src/${file}`))
    .join('\n');
const apps = readApps();
const ofKind = (kind: App['kind']): readonly App[] => apps.filter((app) => app.kind === kind);

describe('a port is the one of project.json', () => {
  test('where each service listens when nothing is set', () => {
    for (const { name, port } of ofKind('service'))
      expect({
        name,
        port: /\b(?:port: |PORT: \{ byDefault: ')(\d+)/.exec(sources(name))?.[1],
      }).toEqual({
        name,
        port: String(port),
      });
  });

  test('where each gateway looks for services when nothing is set', () => {
    const there = Object.fromEntries(ofKind('service').map((app) => [app.name, String(app.port)]));
    for (const { name } of ofKind('gateway')) {
      const looked = [
        ...read(`apps/${name}/src/${name}.config.ts`).matchAll(
          /'?([\w-]+)'?: (?:\{[^{}]*\bport: )?(4\d{3})\b/g,
        ),
      ];
      expect(looked.length).toBeGreaterThan(0);
      for (const [, service = '', port] of looked)
        expect({ name, service, port }).toEqual({ name, service, port: there[service] });
    }
  });

  test('in the table of ports', () => {
    const rows = read('docs/architecture.md');
    for (const { name, port, kind } of apps)
      expect({ name, kind, isThere: rows.includes(String(port)) }).toEqual({ name, kind, isThere: true });
  });
});
