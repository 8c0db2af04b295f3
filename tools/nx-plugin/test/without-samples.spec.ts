import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from '@facet/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createTree } from '@nx/devkit/testing';
import type { Tree } from '@nx/devkit';
import axios from 'axios';
import { remove } from '../src/index.js';
import { appsOf } from '../src/workspace.js';
import { copyWorkspace, modules, type Copy } from './copy.js';
import { freePorts, start, type Running } from './running.js';
import { describeSamples } from './tree.js';

jest.setTimeout(900_000);

let copy: Copy;
let whole: string;
let running: Running | undefined;
beforeAll(async () => {
  copy = await copyWorkspace();
  whole = await copy.head();
});
afterAll(async () => {
  await running?.stop();
  copy?.remove();
});

/** The specs of the workspace that read which apps there are, without those that start processes of several apps. */
const GENERAL = [
  'identity.spec',
  'users.spec',
  'token.spec',
  'compose.spec',
  'ports.spec',
  'supply.spec',
  'other-gateways',
];

async function specs(folders: readonly string[], files: readonly string[] = []): Promise<string> {
  const projects = folders.map((folder) => join(copy.root, folder));
  return copy.run(
    process.execPath,
    ...['--experimental-vm-modules', join(modules, 'jest/bin/jest.js'), '--projects', ...projects],
    ...['--testPathPatterns', files.length === 0 ? '.' : files.join('|'), '--reporters=default'],
  );
}

/** Compiles projects with all that they are made of; the libs' own specs are not touched by any of this. */
const builds = (...folders: readonly string[]) => copy.node('typescript/bin/tsc', '--build', ...folders);

/** What the generator does, without a process of Nx for each app. */
async function removeApps(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const tree = treeOf(copy.root);
    const finish = await remove(tree, { name });
    for (const { path, type, content } of tree.listChanges()) {
      const file = join(copy.root, path);
      if (type === 'DELETE') rmSync(file, { recursive: true, force: true });
      else writeFileSync(file, content ?? '');
    }
    await finish();
    await copy.commit(`without ${name}`);
  }
}

function treeOf(root: string): Tree {
  const tree = createTree();
  tree.root = root;
  tree.delete('.prettierrc');
  return tree;
}

describeSamples('a workspace', () => {
  // Nothing imports an app, so that what is left compiles: it is built once, where all of them are gone.
  test.each(['web-bff', 'mobile-bff', 'partner-bff'])(
    'without %s passes the tests of the rest',
    async (gateway) => {
      await copy.reset(whole);
      await removeApps(gateway);
      await specs(
        ['apps/identity', 'tools/dev', 'libs/testing', 'tools/kubernetes'],
        [...GENERAL, 'manifests.spec'],
      );
    },
  );

  test('without any sample app is sound, and makes gateways again', async () => {
    const left = appsOf(treeOf(copy.root)).filter(({ kind }) => kind !== 'identity');
    const gatewaysFirst = left.toSorted(
      (a, b) => Number(b.kind === 'gateway') - Number(a.kind === 'gateway'),
    );
    await removeApps(...gatewaysFirst.map(({ name }) => name));
    await specs(['apps/identity', 'tools/dev', 'libs/testing', 'libs/shop/keys'], [...GENERAL, 'keys.spec']);
    await copy.generate('service', 'notes');
    await copy.commit('a service');
    await copy.generate('bff', 'web', '--services=notes');
    await builds('apps/identity', 'apps/notes', 'apps/web-bff', 'libs/shop/checkout', 'libs/shop/keys');
  });

  test('after start-fresh is linted, built, and its tests pass', async () => {
    await copy.reset(whole);
    await copy.generate('start-fresh');
    await copy.commit('start-fresh');
    await copy.nx('sync:check');
    const changed = (await copy.run('git', 'diff', '--name-only', '--diff-filter=d', whole))
      .trim()
      .split('\n');
    await copy.node('prettier/bin/prettier.cjs', '--check', '--ignore-unknown', ...changed);
    await copy.node('eslint/bin/eslint.js', '--max-warnings=0', 'apps', 'libs/domain');
    await builds(
      'apps/identity',
      'apps/notes',
      'apps/web-bff',
      'apps/mobile-bff',
      'apps/partner-bff',
      'tools/dev',
    );
    await specs(['apps/identity', 'tools/dev', 'libs/testing'], GENERAL);
    await specs(['apps/notes', 'libs/domain/notes', 'apps/partner-bff']);
    await specs(['tools/kubernetes']);
    expect(existsSync(join(copy.root, 'node_modules/@facet/shop-catalog'))).toBe(false);
  });

  test('after start-fresh starts, signs in, and answers', async () => {
    const env = await freePorts(['web-bff', 'mobile-bff', 'partner-bff', 'identity', 'notes']);
    const npmStart = ['--import', './tools/dev/register.mjs', 'tools/dev/src/start.ts'];
    running = start(copy.root, [process.execPath, ...npmStart], env);
    const output = await running.until(/All is up/);
    expect(output.match(/^ {2}curl /gm)).toHaveLength(3);
    const web = `http://localhost:${env['WEB_BFF_PORT']}`;
    const { data } = await axios.get<{ list: { items: unknown[] } }>(`${web}/api/home`);
    expect(data.list.items.length).toBeGreaterThan(0);
    const headers = await signIn(web, 'ada');
    expect((await axios.get(`${web}/api/usage`, { headers })).status).toBe(200);
    const issuer = `http://localhost:${env['IDENTITY_PORT']}`;
    const token = await copy.run(
      'npm',
      'run',
      '-s',
      'token',
      '--',
      '--client',
      'partner',
      '--issuer',
      issuer,
    );
    const partner = `http://127.0.0.1:${env['PARTNER_BFF_PORT']}/v1/home`;
    const call = (credential: string) =>
      axios.get(partner, { headers: { authorization: `Bearer ${credential}` }, validateStatus: () => true });
    expect((await call(token.trim())).status).toBe(200);
    const issued = await copy.run(
      'npm',
      'run',
      '-s',
      'keys',
      '--',
      'issue',
      '--partner=acme',
      '--scopes=notes:read',
    );
    expect((await call(issued.split('\n')[0] ?? '')).status).toBe(200);
    expect(await running.stop()).toBe(0);
    running = undefined;
  });

  test('after start-fresh is generated into', async () => {
    await copy.generate('service', 'bookings');
    await copy.commit('a service');
    await copy.generate('aggregation', 'overview', '--bff=web-bff', '--parts=notes.list,bookings.list?');
    await copy.commit('an endpoint');
    await copy.generate('bff', 'kiosk', '--client=custom', '--services=notes,bookings');
    await builds('apps/bookings', 'apps/web-bff', 'apps/kiosk-bff');
    expect(readFileSync(join(copy.root, 'apps/kiosk-bff/src/routes.ts'), 'utf8')).toContain("'GET /v1/home'");
  });
});
