import { expect, jest, test } from '@jest/globals';
import { bff, startFresh } from '../src/index.js';
import { filesIn } from '../src/folder.js';
import { changesOf, contentOf, describeSamples, workspaceTree } from './tree.js';

jest.setTimeout(120_000);

describeSamples('start-fresh', () => {
  test('leaves three gateways over one service, and nothing of the samples', async () => {
    const tree = await workspaceTree();
    await startFresh(tree, {});
    const apps = ['identity', 'mobile-bff', 'notes', 'partner-bff', 'web-bff'];
    expect(
      tree
        .children('apps')
        .filter((app) => tree.exists(`apps/${app}/project.json`))
        .sort(),
    ).toEqual(apps);
    expect(filesIn(tree, 'libs/shop')).toEqual([]);
    expect(filesIn(tree, 'libs/domain').length).toBeGreaterThan(5);
    const registered = [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'docker-compose.yml',
      'eslint.config.mjs',
    ];
    const named = [
      'apps/identity/package.json',
      'apps/identity/tsconfig.lib.json',
      'deploy/keycloak/realm.json',
    ];
    for (const file of [...registered, ...named])
      expect({
        file,
        found: /\/shop|catalog|inventory|tools\/(?:chaos|patterns)/.exec(contentOf(tree, file))?.[0],
      }).toEqual({ file });
    expect(contentOf(tree, 'apps/web-bff/src/routes.ts')).toContain(
      "route('GET /api/home', home, { access: 'public'",
    );
    expect(contentOf(tree, 'apps/partner-bff/src/routes.ts')).toContain("access: { scopes: ['notes:read'] }");
    expect(contentOf(tree, 'apps/partner-bff/src/main.ts')).toContain('fileKeys(name');
    expect(contentOf(tree, 'apps/identity/src/scopes.ts')).toContain("['notes:read', 'notes:write']");
    expect(contentOf(tree, 'docs/architecture.md')).toMatch(/^\| web-bff +\| 3000 +\| 3001/m);
  });

  test('names the service as it is asked to', async () => {
    const tree = await workspaceTree();
    await startFresh(tree, { service: 'bookings' });
    expect(contentOf(tree, 'apps/mobile-bff/src/home/home.aggregation.ts')).toContain('bookings.list');
    expect(contentOf(tree, 'README.md')).toContain('--parts=bookings.list');
  });

  test.each([
    ['a name that is no name', { service: 'Notes' }, '"Notes" cannot be the name of a service'],
    ['a name that is taken', { service: 'routing' }, '"routing" is taken: libs/routing is there'],
  ])('is refused %s, and changes nothing', async (_, options, message) => {
    const tree = await workspaceTree();
    await expect(startFresh(tree, options)).rejects.toThrow(message);
    expect(changesOf(tree)).toEqual({});
  });

  test('is refused while a gateway of the team’s own asks the shop, and where the shop is gone', async () => {
    const tree = await workspaceTree();
    await bff(tree, { name: 'kiosk' });
    await expect(startFresh(tree, {})).rejects.toThrow(
      'the sample shop is used by kiosk-bff: take it out there first',
    );
    const fresh = await workspaceTree();
    await startFresh(fresh, {});
    await expect(startFresh(fresh, {})).rejects.toThrow(
      'libs/shop is not there: the samples are gone already',
    );
  });
});
