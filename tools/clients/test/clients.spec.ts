import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApps, workspaceRoot } from '@facet/dev';
import { describe, expect, jest, test } from '@jest/globals';
import { filesOf } from '../src/index.js';

jest.setTimeout(300_000);

/** Every gateway with a document: one that has none yet was not made by the generator. */
const gateways = readApps()
  .filter(
    ({ kind, name }) => kind === 'gateway' && existsSync(join(workspaceRoot, `apps/${name}/openapi.json`)),
  )
  .map(({ name }) => name);

const TO_DO = 'npm run clients';

describe('the client of a gateway', () => {
  test.each(gateways)('%s is what the gateway says of itself', async (gateway) => {
    const files = Object.entries(await filesOf(gateway));
    const stale = files.filter(([file, text]) => readIfThere(file) !== text).map(([file]) => file);
    expect({ stale, toDo: stale.length === 0 ? 'nothing' : TO_DO }).toEqual({ stale: [], toDo: 'nothing' });
  });

  test('is refused in one line for a gateway that there is not', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', './tools/dev/register.mjs', 'tools/clients/src/main.ts', 'kiosk', '--check'],
      { cwd: workspaceRoot, encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^there is no gateway "kiosk"; there are .*\n$/),
    });
  });
});

const readIfThere = (file: string): string | undefined => {
  const path = join(workspaceRoot, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};
