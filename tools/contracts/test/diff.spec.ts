import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { diffCommand } from '../src/diff/command.js';

/**
 * A small workspace of its own, with what a change can meet: a contract, a gateway that reads it, its client and a page
 * that reads the client's answer.
 */
const root = mkdtempSync(join(tmpdir(), 'facet-diff-'));

function write(path: string, content: string | object): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

function commit(name: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', name);
  git('tag', name);
}

const text = { type: 'string' };
const answer = (properties: object) => ({
  200: {
    description: 'OK',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties,
          required: Object.keys(properties),
          additionalProperties: false,
        },
      },
    },
  },
});

const contract = (properties: object, version = '0.1.0') => ({
  openapi: '3.1.0',
  info: { title: 'things', version },
  paths: { '/things.thing': { post: { operationId: 'thing', responses: answer(properties) } } },
});

const part = { name: 'thing', kind: 'required', service: 'things', operation: 'thing' };
const gateway = (properties: object, operation: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'web-bff', version: '1' },
  paths: {
    '/api/thing': {
      get: {
        operationId: 'thing',
        'x-facet-aggregation': { parts: [{ ...part, fields: ['id', 'name'] }] },
        responses: answer(properties),
        ...operation,
      },
    },
    '/api/ids': {
      get: {
        operationId: 'ids',
        'x-facet-aggregation': { parts: [{ ...part, fields: ['id'] }] },
        responses: answer({}),
      },
    },
  },
});

const CONTRACT = 'libs/shop/things/contract.json';
const DOCUMENT = 'apps/web-bff/openapi.json';

beforeAll(() => {
  symlinkSync(join(workspaceRoot, 'node_modules'), join(root, 'node_modules'));
  write('.gitignore', 'node_modules\n');
  write('tsconfig.base.json', {
    compilerOptions: {
      ...{ target: 'es2023', module: 'nodenext', strict: true, jsx: 'preserve', types: [] },
      ...{ customConditions: ['@facet/source'], noUncheckedIndexedAccess: true },
    },
  });
  write('package.json', { name: 'small', private: true, type: 'module' });
  write('apps/web-bff/project.json', {
    name: 'web-bff',
    metadata: { facet: { kind: 'gateway', port: 3_000, needs: [] } },
  });
  write('libs/shop/things/project.json', { tags: ['scope:contract'] });
  write('libs/shop/things/package.json', { name: '@small/things', version: '0.1.0', type: 'module' });
  write(
    'libs/shop/things/src/index.ts',
    `import { query, service } from '@facet/contracts';
import { z } from 'zod';

export const thing = z.strictObject({ id: z.string(), name: z.string().optional(), size: z.int() });

export const things = service('things', {
  thing: query({ summary: 'A thing', input: z.strictObject({}), output: thing }),
});
`,
  );
  write(
    'apps/web-bff/src/tile.ts',
    `import type { z } from 'zod';
import type { thing } from '../../../libs/shop/things/src/index.js';

export type Thing = z.infer<typeof thing>;

export function tile(from: Thing, other: { name: string }) {
  const { name, size } = from;
  return { title: name, size, other: other.name };
}

export const upper = (from: Pick<Thing, 'name'>) => from.name?.toUpperCase();

export const colour = (from: Thing) => from.colour;
`,
  );
  write('libs/clients/web-bff/package.json', { name: '@small/web-bff-client', type: 'module' });
  write(
    'libs/clients/web-bff/src/models.ts',
    'export type Tile = { id: string; title?: string };\nexport type ThingResponses = { 200: Tile };\n',
  );
  write(
    'apps/storefront/src/page.tsx',
    `import type { ThingResponses } from '../../../libs/clients/web-bff/src/models.js';

export const Page = ({ thing }: { thing: ThingResponses[200] }) => thing.title;
`,
  );
  write(CONTRACT, contract({ id: text, name: text, size: { type: 'integer' }, colour: text }));
  write(DOCUMENT, gateway({ id: text, title: text }, { deprecated: true, 'x-sunset': '2000-01-01' }));
  git('init', '--quiet');
  commit('released');
  write(DOCUMENT, gateway({ id: text, title: text }));
  commit('last');
});

afterAll(() => rmSync(root, { recursive: true }));

async function run(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await diffCommand([...args, '--as-committed'], {
    ...{ root, width: 60, isColoured: false },
    out: (each) => void (said.out += each),
    err: (each) => void (said.err += each),
  });
  return { code, ...said };
}

describe('npm run contracts:diff', () => {
  test('says what changed, whom it breaks and in which lines', async () => {
    const optional = contract({ id: text, name: text, size: { type: 'integer' } });
    const { schema } = optional.paths['/things.thing'].post.responses[200].content['application/json'];
    write(CONTRACT, {
      ...optional,
      paths: {
        '/things.thing': {
          post: {
            operationId: 'thing',
            responses: {
              200: { content: { 'application/json': { schema: { ...schema, required: ['id', 'size'] } } } },
            },
          },
        },
      },
    });
    write(DOCUMENT, gateway({ id: text, title: { type: ['string', 'null'] } }));
    const { code, out } = await run('--base', 'last');
    expect(code).toBe(1);
    expect(out).toBe(`apps/web-bff/openapi.json
version 1

error    title may be null
rule     response-property-became-nullable (response)
in       GET /api/thing: title
clients  @small/web-bff-client
read at  apps/storefront/src/page.tsx:3

libs/shop/things/contract.json
version 0.1.0

error    name may be absent
rule     response-property-became-optional (response)
in       things.thing: name
used by  web-bff GET /api/thing: thing
read at  apps/web-bff/src/tile.ts:7
         apps/web-bff/src/tile.ts:11

error    colour is gone
rule     response-required-property-removed (response)
in       things.thing: colour
read at  apps/web-bff/src/tile.ts:13

3 breaking changes since last.
`);
    const { out: markdown } = await run('--base', 'last', '--markdown');
    expect(markdown).toContain('## Contracts: 3 breaking changes since last.');
    expect(markdown).toContain(
      '- **error** `name` may be absent (`response-property-became-optional`, response)\n' +
        '  - in `things.thing: name`\n' +
        '  - used by `web-bff GET /api/thing: thing`\n' +
        '  - read at `apps/web-bff/src/tile.ts:7`, `apps/web-bff/src/tile.ts:11`\n',
    );
  }, 120_000);

  test('lets pass what a version or a deprecation covers, and says by what', async () => {
    write(CONTRACT, contract({ id: text, name: text, size: { type: 'integer' } }, '0.2.0'));
    const { '/api/ids': ids } = gateway({}).paths;
    write(DOCUMENT, { ...gateway({}), paths: { '/api/ids': ids } });
    const { code, out } = await run('--base', 'released');
    expect(code).toBe(0);
    expect(out).toContain('info     GET /api/thing is gone, as was said\n');
    expect(out).toContain('covered  colour is gone\n');
    expect(out).toContain('by       version 0.1.0 → 0.2.0\n');
    expect(out).toMatch(/\n1 breaking change that is covered, 1 other change since released\.\n$/);
  }, 120_000);

  test('refuses an operation that goes without having been deprecated', async () => {
    const { code, out } = await run('--base', 'last');
    expect(code).toBe(1);
    expect(out).toContain('rule     api-removed-without-deprecation\n');
  }, 120_000);

  test('says so where nothing has changed', async () => {
    git('checkout', '--quiet', 'last', '--', '.');
    expect(await run('--base', 'last')).toEqual({
      code: 0,
      out: 'No contract has changed since last.\n',
      err: '',
    });
  });

  test.each([
    [
      ['--base', 'nowhere'],
      'there is no commit "nowhere" to compare with; name a branch, a tag or a commit\n',
    ],
    [['--base', '--output=x'], /^Option '--base/],
    [['--wrong'], /^Unknown option '--wrong'/],
    [[], 'name what to compare with: --base main\n'],
  ] as const)('answers %j in one line with exit code 2', async (args, says) => {
    const { code, out, err } = await run(...args);
    expect({ code, out, lines: err.split('\n').length }).toEqual({ code: 2, out: '', lines: 2 });
    if (typeof says === 'string') expect(err).toBe(says);
    else expect(err).toMatch(says);
  });

  test('names a document that is broken, in one line with exit code 2', async () => {
    write(CONTRACT, '{ "paths": ');
    const broken = await run('--base', 'last');
    expect(broken).toMatchObject({ code: 2, out: '' });
    expect(broken.err).toMatch(/^libs\/shop\/things\/contract\.json is no JSON: .*\n$/);
    write(CONTRACT, {});
    expect(await run('--base', 'last')).toMatchObject({
      code: 2,
      err: 'libs/shop/things/contract.json is no OpenAPI document: it has no "paths"\n',
    });
  });
});
