import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { copyWorkspace, modules, workspaceRoot, type Copy } from './copy.js';

jest.setTimeout(900_000);

let copy: Copy;
beforeAll(async () => {
  copy = await copyWorkspace();
});
afterAll(() => copy?.remove());

/** Without the sample shop gateways are made over the services that there are. */
const hasSamples = existsSync(join(workspaceRoot, 'libs/shop'));
const over = (services: string): readonly string[] => (hasSamples ? [`--services=${services}`] : []);

describe('in a copy of the workspace', () => {
  let before: string;

  test('what Nx lists are the generators', async () => {
    const listed = await copy.nx('list', '@facet/nx-plugin');
    for (const name of ['bff', 'aggregation', 'service', 'contract', 'start-fresh', 'remove'])
      expect(listed).toMatch(new RegExp(`^${name} : `, 'm'));
  });

  test('a dry run changes nothing', async () => {
    expect(await copy.generate('bff', 'spec-kiosk', '--dry-run')).toContain(
      'CREATE apps/spec-kiosk-bff/src/main.ts',
    );
    expect(await copy.run('git', 'status', '--porcelain')).toBe('');
  });

  test('a Node that is too old to run TypeScript is told so, with the way out', async () => {
    const old = "import module from 'node:module'; delete module.registerHooks;";
    const asked = copy.run(
      process.execPath,
      ...['--import', `data:text/javascript,${encodeURIComponent(old)}`, join(modules, 'nx/dist/bin/nx.js')],
      ...['generate', '@facet/nx-plugin:bff', 'spec-kiosk', '--dry-run'],
    );
    await expect(asked).rejects.toThrow(/need Node 22\.15 or later, and this is v.*: npx nx brings its own/);
  });

  test('a file to be edited that has changes is named, and nothing is changed', async () => {
    const file = join(copy.root, 'docker-compose.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\n# mine\n`);
    await expect(copy.generate('bff', 'spec-kiosk')).rejects.toThrow(
      'docker-compose.yml would be edited and is not committed',
    );
    expect((await copy.run('git', 'status', '--porcelain')).trim()).toBe('M docker-compose.yml');
    writeFileSync(file, text);
  });

  test('a service, a gateway and an aggregation over both are linted, built, tested and called', async () => {
    before = await copy.head();
    await copy.generate('service', 'spec-wishlists');
    await copy.commit('a service');
    await copy.generate('bff', 'spec-kiosk');
    await copy.commit('a gateway');
    await copy.generate(
      'aggregation',
      'wishes',
      '--bff=spec-kiosk-bff',
      `--parts=spec-wishlists.list${hasSamples ? ',catalog.featured?' : ''}`,
    );
    await copy.commit('an aggregation');
    // The tests of the gateway start it with its services and call it over HTTP.
    const targets = ['format', 'lint', 'build', 'typecheck', 'test'];
    await copy.nx('run-many', '-t', ...targets, '-p', 'spec-wishlists,spec-kiosk-bff');
    await copy.nx('sync:check');
  });

  test('what was taken out again has left nothing behind', async () => {
    await copy.generate('remove', 'wishes', '--bff=spec-kiosk-bff');
    await copy.commit('without the aggregation');
    await copy.generate('remove', 'spec-kiosk');
    await copy.commit('without the gateway');
    await copy.generate('remove', 'spec-wishlists');
    await copy.commit('without the service');
    expect(await copy.run('git', 'diff', before)).toBe('');
    expect(existsSync(join(copy.root, 'node_modules/@facet/spec-kiosk-bff'))).toBe(false);
  });

  test('a contract that was written from a description is linted, built and tested, and can be taken out', async () => {
    const start = await copy.head();
    const description = join(workspaceRoot, 'tools/nx-plugin/test/descriptions/ours/hostile.json');
    const printed = await copy.generate('contract', 'spec-nodes', `--from=openapi:${description}`);
    expect(printed).toContain('libs/domain/spec-nodes: 3 queries and 3 commands');
    expect(printed).toContain('No client may ask for any of it yet');
    expect(existsSync(join(copy.root, 'libs/domain/spec-nodes/src/__snapshots__'))).toBe(true);
    await copy.commit('a contract');
    const targets = ['format', 'lint', 'build', 'test'];
    await copy.nx('run-many', '-t', ...targets, '-p', 'domain-spec-nodes');
    await copy.generate('remove', 'spec-nodes');
    await copy.commit('without the contract');
    expect(await copy.run('git', 'diff', start)).toBe('');
  });

  test('gateways for the other kinds of client are as sound, and so is all that they are registered in', async () => {
    await copy.generate('bff', 'spec-courier', '--client=mobile', ...over('orders,catalog'));
    await copy.commit('a gateway for an app');
    await copy.generate('bff', 'spec-reseller', '--client=partner', ...over('catalog,inventory'));
    await copy.commit('a gateway for partners');
    await copy.nx('sync:check'); // and with it the project graph, which the lint rules read, is made anew
    // What the Nx targets of these projects do, with one process for all of them: each type is read once.
    const touched = ['apps/spec-courier-bff', 'apps/spec-reseller-bff', 'apps/identity'];
    const changed = (await copy.run('git', 'diff', '--name-only', before)).trim().split('\n');
    await copy.node('prettier/bin/prettier.cjs', '--check', '--ignore-unknown', ...changed);
    await copy.node('eslint/bin/eslint.js', '--max-warnings=0', ...touched);
    await copy.node('typescript/bin/tsc', '--build', ...touched);
  });
});
