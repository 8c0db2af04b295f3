import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateAssertionKey, publicAssertionKeys } from '@facet/auth/assertion';
import { addressesVariable, readApps, type App } from '@facet/dev';
import { databaseEnv, eventuallyPasses, startTestDatabase, type TestDatabase } from '@facet/testing';
import { buildImages } from '../src/build.js';
import { openStore } from '../src/store.js';
import { mountImage, type Mounted, type Started } from './support/container.js';
import { givenImages } from './support/given.js';

const apps = readApps();
const MB = 1_000_000;
/** Of an image; of what apps of a kind have in common; of the rest. */
const LIMIT = { image: 180 * MB, packages: 35 * MB, own: 5 * MB };
/** What an app of each kind does not start without in production. */
const MISSED = {
  gateway: /ASSERTION_KEY|ISSUER_URL|TRUSTED_PROXIES/,
  service: /ASSERTION_PUBLIC_KEYS|DATABASE_URL/,
  identity: /never runs in production/,
};

givenImages('images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-images-'));
  const store = openStore(folder);
  const images = new Map<string, Mounted>();
  const running = new Map<string, Started>();
  let database: TestDatabase;
  let env: (app: App) => Readonly<Record<string, string>>;

  const imageOf = ({ name }: App): Mounted => {
    const image = images.get(name);
    if (image === undefined) throw new Error(`${name} has no image`);
    return image;
  };

  beforeAll(async () => {
    database = await startTestDatabase();
    env = environments(database, await freePorts(2 * apps.length));
    const names = apps.map(({ name }) => name);
    await buildImages(names, store);
    for (const name of names) images.set(name, await mountImage(name, store));
    for (const app of apps) running.set(app.name, imageOf(app).start(env(app)));
  }, 900_000);

  afterAll(async () => {
    await Promise.all([...running.values()].map((each) => each.stop()));
    await store.buildah('umount', '--all');
    await store.buildah('rm', '--all');
    await database.stop();
    rmSync(folder, { recursive: true });
  }, 120_000);

  test.each(apps)(
    'that of $name is ready, as an ordinary user on a read-only file system',
    async (app) => {
      const { start, config } = imageOf(app);
      const [how, ...check] = config.Healthcheck.Test;
      expect([how, config.User]).toEqual(['CMD', '65532:65532']);
      await eventuallyPasses(
        async () => expect(await start(env(app), check).ended).toEqual({ code: 0, output: '' }),
        { withinMs: 120_000, everyMs: 500 },
      );
      const status = running.get(app.name)?.status() ?? {};
      expect(status).toMatchObject({ NSpid: expect.stringMatching(/\t1$/), NoNewPrivs: '1' });
      expect([status['CapEff'], status['Groups']?.trim()]).toEqual(['0000000000000000', '']);
      expect(status['Uid']?.split('\t')).toEqual(Array(4).fill('65532'));
    },
    180_000,
  );

  test('of gateways and services answer together', async () => {
    const calls = apps.filter(({ firstCall }) => firstCall !== undefined && firstCall.token === undefined);
    expect(calls.length).toBeGreaterThan(0);
    for (const app of calls) {
      const address = `http://127.0.0.1:${env(app)['PORT']}${app.firstCall?.path}`;
      await eventuallyPasses(
        async () => {
          const answer = await fetch(address);
          const { meta } = (await answer.json()) as { meta?: { degraded?: unknown } };
          expect([address, answer.status, meta?.degraded]).toEqual([address, 200, undefined]);
        },
        { withinMs: 60_000, everyMs: 500 },
      );
    }
  }, 180_000);

  test('run where nothing but /tmp can be written to', async () => {
    const [app] = apps.map(imageOf);
    const write = "for (const at of ['/tmp/x', '/facet/x']) require('node:fs').writeFileSync(at, '')";
    const ended = await app?.start({}, ['node', '-e', write]).ended;
    expect([ended?.code, ended?.output]).toEqual([
      1,
      expect.stringContaining("EROFS: read-only file system, open '/facet/x'"),
    ]);
  });

  test('have no shell, no package manager, no types, source maps or tests', () => {
    for (const { root } of images.values()) {
      expect(filesIn(join(root, 'usr/local/bin'))).toEqual(['node']);
      const elsewhere = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/sbin'].filter((each) =>
        existsSync(join(root, each)),
      );
      expect(elsewhere).toEqual([]);
      const files = filesIn(join(root, 'facet'));
      expect(files.length).toBeGreaterThan(100);
      expect(files.filter((file) => /\.(?:[cm]?ts|map|tsbuildinfo)$/.test(file))).toEqual([]);
      expect(files.filter((file) => /^(?:apps|libs)\/.*\.spec\.js$/.test(file))).toEqual([]);
    }
  });

  test('name their bill of materials, which lists all that is in them', () => {
    for (const [app, { root, config }] of images) {
      expect(config.Labels).toMatchObject({ 'org.opencontainers.image.title': app });
      const listed = partsIn(readFileSync(join(root, config.Labels['facet.sbom'] ?? ''), 'utf8'));
      const found = filesIn(join(root, 'facet')).filter((file) => PACKAGE.test(file));
      expect(found.length).toBeGreaterThan(30);
      expect(found.map((file) => dirname(file)).filter((each) => !listed.includes(each))).toEqual([]);
    }
  });

  test('are small, and apart from the packages of their kind very small', () => {
    for (const [app, { root }] of images) {
      const image = sizeOf(root);
      const packages = sizeOf(join(root, 'facet/node_modules'));
      const own = sizeOf(join(root, 'facet')) - packages;
      const shown = Object.entries({ image, packages, own }).map(
        ([part, size]) => `${part} ${(size / MB).toFixed(1)} MB`,
      );
      process.stdout.write(`${app}: ${shown.join(', ')}\n`);
      expect({ app, isSmall: image < LIMIT.image && packages < LIMIT.packages && own < LIMIT.own }).toEqual({
        app,
        isSmall: true,
      });
    }
  });

  test.each(Object.entries(MISSED))(
    'of a %s say in production what is missing, and end',
    async (kind, missing) => {
      for (const app of apps.filter((each) => each.kind === kind).slice(0, 1)) {
        const { code, output } = await imageOf(app).start().ended;
        expect([code, output]).toEqual([78, expect.stringMatching(missing)]);
      }
    },
  );

  test('stop when their containers are stopped', async () => {
    const ended = await Promise.all(
      [...running].map(async ([app, each]) => {
        const { code, output } = await each.stop();
        return { app, code, output: code === 0 ? '' : output };
      }),
    );
    running.clear();
    expect(ended).toEqual(apps.map(({ name }) => ({ app: name, code: 0, output: '' })));
  }, 90_000);
});

/** What each app is told: where the others are, and what production does not start without. */
function environments(database: TestDatabase, ports: readonly number[]) {
  const port = (app: App, which = 0) => String(ports[2 * apps.indexOf(app) + which]);
  const key = generateAssertionKey();
  const services = apps.filter(({ kind }) => kind === 'service');
  const origin = 'https://shop.example';
  const own = {
    gateway: {
      ...{ ISSUER_URL: 'https://issuer.example', PUBLIC_ORIGIN: origin, PUBLIC_ORIGINS: origin },
      ...{ OIDC_CLIENT_SECRET: 'of-a-test', ASSERTION_KEY: key, TRUSTED_PROXIES: '127.0.0.0/8' },
      ...Object.fromEntries(services.map((app) => [addressesVariable(app.name), `127.0.0.1:${port(app)}`])),
    },
    service: { ...databaseEnv(database), ASSERTION_PUBLIC_KEYS: publicAssertionKeys(key) },
    identity: { NODE_ENV: 'development', IDENTITY_KEYS_FILE: '/tmp/keys.json' },
  };
  return (app: App): Readonly<Record<string, string>> => ({
    ...{ HOST: '127.0.0.1', PORT: port(app), ADMIN_PORT: port(app, 1) },
    ...own[app.kind],
  });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Relative to `folder`; a link is a file. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(join(folder, entry.name)).map((file) => join(entry.name, file))
      : [entry.name],
  );

const sizeOf = (folder: string): number =>
  filesIn(folder).reduce((sum, file) => sum + lstatSync(join(folder, file)).size, 0);

/** What says of a folder that it is a package, of the workspace or installed. */
const PACKAGE =
  /^(?:(?:apps|libs(?:\/shop|\/domain)?)\/[^/]+|(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/@]+)\/package\.json$/;

/** The folders of a bill of materials. */
function partsIn(text: string): readonly string[] {
  interface Part {
    readonly 'bom-ref': string;
  }
  const { metadata, components } = JSON.parse(text) as {
    metadata: { component: Part };
    components: readonly Part[];
  };
  return [metadata.component, ...components].map((each) => each['bom-ref']);
}
