import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { workspaceRoot } from '../src/apps.js';

test('finds the specs of a workspace that stands in a folder of any name', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "facet C# 100% (it's [a] ?é) ")));
  try {
    const spec = join(root, 'src/one.spec.ts');
    mkdirSync(join(root, 'src'));
    writeFileSync(spec, '');
    symlinkSync(join(workspaceRoot, 'node_modules'), join(root, 'node_modules'));
    const preset = pathToFileURL(join(workspaceRoot, 'jest.preset.mjs')).href;
    const config = `import preset from ${JSON.stringify(preset)};\nexport default { ...preset, reporters: [] };\n`;
    writeFileSync(join(root, 'jest.config.mjs'), config);
    const jest = join(workspaceRoot, 'node_modules/jest/bin/jest.js');
    const options = { cwd: root, encoding: 'utf8' } as const;
    expect(spawnSync(process.execPath, [jest, '--listTests'], options).stdout.trim()).toBe(spec);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
