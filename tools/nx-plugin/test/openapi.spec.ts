import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import type { Operation as ContractOperation } from '@facet/contracts';
import type { Tree } from '@nx/devkit';
import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { contract } from '../src/index.js';
import { contractIn, expectRefused, operationOf, sourcesOf, type Contract } from './described.js';
import { contentOf, workspaceTree } from './tree.js';
import { typeErrors } from './type-check.js';

jest.setTimeout(180_000);

const descriptions = fileURLToPath(new URL('descriptions/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'facet-described-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let tree: Tree;
beforeEach(async () => {
  tree = await workspaceTree();
});

const PUBLIC = {
  petstore: 'oai/petstore-expanded.yaml',
  uspto: 'oai/uspto.yaml',
  bitbucket: 'oai/link-example.yaml',
  bins: 'adyen/BinLookupService-v40.yaml',
  recurring: 'adyen/RecurringService-v68.yaml',
  disputes: 'adyen/TransactionService-v4.yaml',
  hostile: 'ours/hostile.json',
} as const;

describe('contracts of public descriptions', () => {
  test('compile as one program, closed and open', async () => {
    const files: Record<string, string> = {};
    for (const [name, file] of Object.entries(PUBLIC)) {
      for (const open of [false, true]) {
        tree = await workspaceTree();
        await contract(tree, { name, from: `openapi:${descriptions}${file}`, open });
        for (const [each, text] of Object.entries(sourcesOf(tree, name)))
          files[`${name}-${open ? 'open' : 'closed'}/${each}`] = text;
      }
    }
    expect(Object.keys(files).length).toBeGreaterThan(35);
    expect(typeErrors(tree.root, files)).toEqual([]);
  });

  test('have every operation: what reads is a query, the rest are commands', async () => {
    await contract(tree, {
      name: 'disputes',
      from: `openapi:${descriptions}adyen/TransactionService-v4.yaml`,
    });
    const disputes = await contractIn(tree, 'disputes');
    expect(Object.values(disputes).map(({ kind, http }) => `${kind} ${http?.method} ${http?.path}`)).toEqual([
      'query GET /btl/api/v4/disputes',
      'command POST /btl/api/v4/disputes',
      'query GET /btl/api/v4/disputes/{disputeId}/attachments',
      'command POST /btl/api/v4/disputes/{disputeId}/attachments',
      'query GET /btl/api/v4/disputes/{disputeId}/attachments/{attachmentId}',
      'command DELETE /btl/api/v4/disputes/{disputeId}/attachments/{attachmentId}',
      'query GET /btl/api/v4/disputes/{id}',
      'command PATCH /btl/api/v4/disputes/{id}',
    ]);
  });

  test('take the examples that the descriptions give, and nothing else', async () => {
    const taken: string[] = [];
    for (const file of ['BinLookupService-v40', 'RecurringService-v68', 'TransactionService-v4']) {
      const name = file.toLowerCase().replace(/service.*/, 'examples');
      const path = `${descriptions}adyen/${file}.yaml`;
      tree = await workspaceTree();
      await contract(tree, { name, from: `openapi:${path}` });
      const operations = await contractIn(tree, name);
      for (const { at, example, operation, part } of examplesIn(path, operations)) {
        const schema = operation[part];
        expect([at, schema.safeParse(example).error?.message]).toEqual([at, undefined]);
        expect([at, schema.safeParse('no object').success]).toEqual([at, false]);
        taken.push(at);
      }
    }
    expect(taken.length).toBeGreaterThan(10);
  });
});

interface Example {
  readonly at: string;
  readonly example: unknown;
  readonly operation: ContractOperation;
  readonly part: 'input' | 'output';
}

type Doc = Record<string, unknown> & {
  paths: Record<string, Record<string, Record<string, never>>>;
  components: { examples?: Record<string, { value: unknown }> };
};

/** The examples of bodies and of answers of a description whose inputs are bodies alone. */
function examplesIn(path: string, operations: Contract): readonly Example[] {
  const document = parse(readFileSync(path, 'utf8')) as Doc;
  const valueOf = ({ $ref: ref, value }: { $ref?: string; value?: unknown }) =>
    ref === undefined ? value : document.components.examples?.[ref.split('/').at(-1) ?? '']?.value;
  return Object.values(operations).flatMap((operation) => {
    const { method = '', path: place = '' } = operation.http ?? {};
    const described = Object.entries(document.paths).find(([each]) => place.endsWith(each))?.[1][
      method.toLowerCase()
    ] as unknown as {
      requestBody?: Content;
      responses: Record<string, Content>;
    };
    const inputs = place.includes('{') ? [] : contentOfJson(described.requestBody);
    const outputs = contentOfJson(described.responses['200']);
    return [
      ...inputs.map((each) => ({
        at: `${method} ${place} in`,
        example: valueOf(each),
        operation,
        part: 'input' as const,
      })),
      ...outputs.map((each) => ({
        at: `${method} ${place} out`,
        example: valueOf(each),
        operation,
        part: 'output' as const,
      })),
    ].filter(({ example }) => example !== undefined);
  });
}

interface Content {
  content?: Record<string, { examples?: Record<string, { $ref?: string; value?: unknown }> }>;
}

const contentOfJson = (of: Content | undefined) =>
  Object.values(of?.content?.['application/json']?.examples ?? {});

describe('a contract that is written from a description', () => {
  test('is closed, and says what its author has to decide', async () => {
    await contract(tree, { name: 'petstore', from: `openapi:${descriptions}oai/petstore-expanded.yaml` });
    const text = contentOf(tree, 'libs/domain/petstore/src/petstore.ts');
    expect(text.match(/access: closed/g)).toHaveLength(4);
    expect(text).toContain("http: { method: 'GET', path: '/v2/pets/{id}' }");
    expect(contentOf(tree, 'libs/domain/petstore/src/schemas.ts')).toContain(
      "export const petId = id('pet', { owner: 'customer', schema: z.int() });",
    );
    expect(contentOf(tree, 'libs/domain/petstore/README.md')).toContain(
      'No client may ask for any of it yet',
    );
  });

  test('gives an id another name where a contract has ids of that name, and says so', async () => {
    const file = write('products.yaml', OF('/products/{productId}', { productId: { type: 'string' } }));
    await contract(tree, { name: 'stock', from: `openapi:${file}` });
    expect(contentOf(tree, 'libs/domain/stock/src/schemas.ts')).toContain(
      "id('stock-product', { owner: 'customer' })",
    );
    expect(contentOf(tree, 'libs/domain/stock/README.md')).toContain(
      'another contract has ids of the same name',
    );
  });

  test('has places for parameters of every kind, whatever they are called', async () => {
    await contract(tree, { name: 'hostile', from: `openapi:${descriptions}ours/hostile.json` });
    const hostile = await contractIn(tree, 'hostile');
    expect(operationOf(hostile, 'deleteOperation').http).toEqual({
      method: 'GET',
      path: '/nodes/{id}',
      query: { id: 'idInQuery', 'filter[name]': 'filterName', constructor: 'constructorInQuery' },
      lists: 'comma',
      headers: { 'x-tenant': 'xTenant' },
    });
    expect(operationOf(hostile, 'proto').repeatable).toBe(true);
  });

  test('keeps recursion, discriminators, null, and what only comes in or goes out', async () => {
    await contract(tree, { name: 'hostile', from: `openapi:${descriptions}ours/hostile.json` });
    const hostile = await contractIn(tree, 'hostile');
    const node = (more: object) => ({ id: ID, children: [], ...more });
    const parsed = operationOf(hostile, 'deleteOperation').output.parse(
      node({ children: [node({})], parent: null, secret: 's', kind: null }),
    );
    expect(parsed).toEqual(node({ children: [node({ 'a-b': 3 })], parent: null, kind: null, 'a-b': 3 }));
    expect(operationOf(hostile, 'deleteOperation').output.safeParse(node({ children: [{}] })).success).toBe(
      false,
    );
    expect(
      operationOf(hostile, 'deleteOperation').output.safeParse(node({ tuple: ['a', 'b'] })).success,
    ).toBe(false);
    const animals = (...each: object[]) => operationOf(hostile, 'getAnimals').output.safeParse(each).success;
    expect(
      animals({ petType: 'cat', huntingSkill: 'lazy' }, { petType: 'Dog', name: 'Rex', packSize: 3 }),
    ).toBe(true);
    expect(animals({ petType: 'Dog', huntingSkill: 'lazy' })).toBe(false);
    const put = operationOf(hostile, 'proto').input.parse({
      id: ID,
      idempotencyKey: '12345678',
      body: { id: ID, secret: 's', children: [] },
    });
    expect(put).toMatchObject({ body: { secret: 's' } });
    expect(JSON.stringify(put)).not.toContain('"children":[],"id"');
    expect(operationOf(hostile, 'postJson').input.parse({ body: { a: [1, 'b', { c: [] }] } })).toEqual({
      body: { a: [1, 'b', { c: [] }] },
    });
    expect(operationOf(hostile, 'postJson').input.safeParse({ body: { a: [true] } }).success).toBe(false);
  });

  test('answers with undefined for an empty body, and with a string for a plain text', async () => {
    const answers = { 200: { description: 'a', content: { 'text/plain': {} } }, 204: { description: 'b' } };
    const whole = JSON.parse(OF('/pets', {})) as {
      paths: { '/pets': Record<string, { responses: object }> };
    };
    whole.paths['/pets']['get'] = { responses: answers };
    whole.paths['/pets']['post'] = { responses: { 201: { description: 'c' } } };
    await contract(tree, { name: 'pets', from: `openapi:${write('plain.json', JSON.stringify(whole))}` });
    const pets = await contractIn(tree, 'pets');
    const answer = (name: string, value: unknown) => operationOf(pets, name).output.safeParse(value).success;
    expect([undefined, 'a text', { a: 1 }].map((value) => answer('getPets', value))).toEqual([
      true,
      true,
      false,
    ]);
    expect([undefined, 'a text', null].map((value) => answer('postPets', value))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('names what it does not keep of a schema', async () => {
    const pet = {
      type: 'object',
      discriminator: { propertyName: 'kind' },
      properties: { kind: { type: 'string' }, tags: { type: 'array', items: {}, uniqueItems: true } },
      not: { required: ['x'] },
    };
    await contract(tree, { name: 'pets', from: `openapi:${write('kept.json', OF('/pets', {}, pet))}` });
    const readme = contentOf(tree, 'libs/domain/pets/README.md').replaceAll(/\s+/g, ' ');
    for (const line of [
      '"not" is not checked: getPets answer',
      '"uniqueItems" is not checked: getPets answer.tags',
      'since no type is given (z.unknown()): getPets answer.tags[]',
      'schemas that extend it are not told apart: its own fields are kept alone: getPets answer',
    ])
      expect(readme).toContain(line);
  });

  test('takes files beside the description along, but none of another folder', async () => {
    write('pets/pet.yaml', 'type: object\nrequired: [name]\nproperties: { name: { type: string } }');
    const inside = write('whole.yaml', OF('/pets', {}, { $ref: './pets/pet.yaml' }));
    await contract(tree, { name: 'pets', from: `openapi:${inside}` });
    const pets = await contractIn(tree, 'pets');
    expect(operationOf(pets, 'getPets').output.safeParse({ name: 'Rex' }).success).toBe(true);
    expect(operationOf(pets, 'getPets').output.safeParse({}).success).toBe(false);
    const outside = write('below/out.yaml', OF('/pets', {}, { $ref: '../pets/pet.yaml' }));
    await refused(outside, 'only files of its own folder and below are read');
    const away = write('away.yaml', OF('/pets', {}, { $ref: 'http://127.0.0.1:1/pet.yaml' }));
    await refused(away, 'refers to http://127.0.0.1:1/pet.yaml: only files of its own folder');
  });

  test('can be read from an address of this machine, and of no other', async () => {
    const text = readFileSync(`${descriptions}oai/petstore-expanded.yaml`, 'utf8');
    const server = createServer(({ url }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/openapi.yaml' }).end();
      else response.end(text);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await contract(tree, { name: 'petstore', from: `openapi:${origin}/openapi.yaml` });
      expect(contentOf(tree, 'libs/domain/petstore/src/petstore.ts')).toContain('findPets: query(');
      await refused(`${origin}/moved`, 'unexpected redirect');
      await refused('http://example.com/openapi.yaml', 'example.com is another machine');
      await refused('http://user:word@localhost/x.yaml', 'the URL of a description has no credentials');
    } finally {
      server.close();
    }
  });
});

const ID = '11111111-2222-3333-4444-555555555555';

const OF = (
  path: string,
  parameters: Record<string, unknown>,
  schema: unknown = { type: 'object', properties: {} },
) =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Some', version: '1' },
    paths: {
      [path]: {
        get: {
          parameters: Object.entries(parameters).map(([name, each]) => ({
            name,
            in: 'path',
            required: true,
            schema: each,
          })),
          responses: { 200: { description: 'good', content: { 'application/json': { schema } } } },
        },
      },
    },
  });

function write(name: string, text: string): string {
  const file = join(scratch, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const refused = (place: string, message: string) => expectRefused(tree, `openapi:${place}`, message);

describe('a description is refused in one line, and nothing is written', () => {
  const schema = (each: unknown) => OF('/a', {}, each);
  const deep = (levels: number): unknown =>
    levels === 0 ? { type: 'string' } : { type: 'array', items: deep(levels - 1) };
  const twice = JSON.parse(OF('/a', {})) as { paths: Record<string, { get: object; post?: object }> };
  for (const item of Object.values(twice.paths)) {
    Object.assign(item.get, { operationId: 'same' });
    item.post = item.get;
  }
  test.each([
    ['is not there', undefined, 'is no file'],
    ['is no YAML', 'a: [', 'is neither JSON nor YAML'],
    ['is no JSON', '{ "a": }', 'is neither JSON nor YAML'],
    ['has a key twice', 'openapi: 3.0.0\nopenapi: 3.0.1', 'Map keys must be unique'],
    ['is a list', '- a', 'has no "openapi"'],
    [
      'is of Swagger 2',
      'swagger: "2.0"',
      'is of version 2.0: descriptions of OpenAPI 3.0 and 3.1 can be read',
    ],
    ['is of a version to come', 'openapi: 4.0.0', 'is of version 4.0.0'],
    [
      'has no operation',
      JSON.stringify({ openapi: '3.0.0', info: { title: 'x', version: '1' }, paths: {} }),
      'it has no operation that can be called',
    ],
    [
      'has an operation under no method',
      'openapi: 3.0.0\ninfo: { title: x, version: "1" }\npaths: { /a: { fetch: { responses: {} } } }',
      'fetch',
    ],
    ['has a placeholder that no parameter fills', OF('/a/{id}', {}), 'missing path parameter(s) for `{id}`'],
    ['names an operation twice', JSON.stringify(twice), 'The operationId `same` is duplicated'],
    ['refers to what is not there', schema({ $ref: '#/components/schemas/No' }), 'No'],
    [
      'refers to itself alone',
      JSON.stringify({
        ...(JSON.parse(schema({ $ref: '#/components/schemas/A' })) as object),
        components: { schemas: { A: { oneOf: [{ $ref: '#/components/schemas/A' }, { type: 'string' }] } } },
      }),
      'refers to itself and to nothing else',
    ],
    ['is nested deeper than anything meant', schema(deep(80)), 'is nested deeper than 60 levels'],
    ['is nested deeper than the stack', schema(deep(3_000)), 'nested'],
  ])('that %s', async (_, text, message) => {
    await refused(text === undefined ? join(scratch, 'missing.yaml') : write('bad.yaml', text), message);
  });

  test('of a kind that is none, or for a name that is taken', async () => {
    const from = `openapi:${descriptions}oai/uspto.yaml`;
    await expect(contract(tree, { name: 'uspto', from: './uspto.yaml' })).rejects.toThrow(
      '--from="./uspto.yaml" names no description: it is like openapi:./users.yaml or nest:./path/to/service',
    );
    await expect(contract(tree, { name: 'catalog', from })).rejects.toThrow('"catalog" is taken');
  });
});

test('a description of five megabytes is read', async () => {
  const numbers = Array.from({ length: 250 }, (_, index) => index);
  const ref = (index: number) => ({ $ref: `#/components/schemas/Thing${index}` });
  const paths = numbers.map((index) => {
    const { paths } = JSON.parse(
      OF(`/things${index}/{thingId}`, { thingId: { type: 'string' } }, ref(index)),
    ) as {
      paths: object;
    };
    return paths;
  });
  // Rings of fifty that refer to each other.
  const next = (index: number) => ref(index - (index % 50) + ((index + 1) % 50));
  const schemas = numbers.map((index) => {
    const properties = { name: { type: 'string', description: 'x'.repeat(20_000) }, next: next(index) };
    return [`Thing${index}`, { type: 'object', properties }] as const;
  });
  const text = JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Big', version: '1' },
    paths: Object.assign({}, ...paths) as object,
    components: { schemas: Object.fromEntries(schemas) },
  });
  expect(text.length).toBeGreaterThan(5_000_000);
  await contract(tree, { name: 'big', from: `openapi:${write('big.json', text)}` });
  expect(contentOf(tree, 'libs/domain/big/src/big.ts').match(/: query\(/g)).toHaveLength(250);
});

test('a description that leads on and on is refused in one line', async () => {
  const schemas = Array.from({ length: 20_000 }, (_, index) => {
    const properties = { next: { $ref: `#/components/schemas/Thing${index + 1}` } };
    return [`Thing${index}`, index === 19_999 ? { type: 'string' } : { type: 'object', properties }] as const;
  });
  const whole = JSON.parse(OF('/things', {}, { $ref: '#/components/schemas/Thing0' })) as object;
  const text = JSON.stringify({ ...whole, components: { schemas: Object.fromEntries(schemas) } });
  await refused(write('long.json', text), 'nested too deep');
});
