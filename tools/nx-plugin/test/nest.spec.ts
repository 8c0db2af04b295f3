import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { contract } from '../src/index.js';
import { contractIn, expectRefused, operationOf, sourcesOf, type Contract } from './described.js';
import { contentOf, workspaceTree } from './tree.js';
import { typeErrors } from './type-check.js';

jest.setTimeout(180_000);

const sample = fileURLToPath(new URL('descriptions/nest/users', import.meta.url));

let tree: Tree;
beforeEach(async () => {
  tree = await workspaceTree();
});

/** The sources of a service, beside the packages of the workspace; class-validator is not among them. */
function users({ root }: Tree): string {
  const folder = join(root, 'services/users');
  rmSync(folder, { recursive: true, force: true });
  cpSync(sample, folder, { recursive: true });
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.template'))
      renameSync(join(folder, file), join(folder, file.replace('.template', '')));
  }
  return './services/users';
}

function serviceOf(text: string): string {
  const folder = join(tree.root, 'services/one');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const imports = "import { MessagePattern, Payload } from '@nestjs/microservices';\n";
  writeFileSync(join(folder, 'one.controller.ts'), imports + text);
  return 'nest:./services/one';
}

describe('the contract of a Nest service', () => {
  let made: Contract;
  let written: Tree;
  beforeAll(async () => {
    written = await workspaceTree();
    await contract(written, { name: 'users', from: `nest:${users(written)}` });
    made = await contractIn(written, 'users');
  });

  test('compiles', () => {
    expect(typeErrors(written.root, sourcesOf(written, 'users'))).toEqual([]);
  });

  test('has every handler under its pattern, of texts and of objects, also where a constant or an enum has it', () => {
    expect(Object.values(made).map(({ kind, name, message }) => [kind, name, message])).toEqual([
      ['query', 'findOne', undefined],
      ['query', 'find', { cmd: 'users.find', v: 2 }],
      ['command', 'create', 'users_create'],
      ['command', 'updateUser', 'update_user'],
      ['command', 'removeUser', 'remove-user'],
      ['command', 'settings', undefined],
      ['query', 'getRole', undefined],
    ]);
  });

  test('takes what classes, generics, enums, dates and unions say', () => {
    const user = {
      id: 'u-1',
      email: 'a',
      name: null,
      roles: ['admin'],
      createdAt: '2026-01-31T12:00:00.000Z',
      friends: [],
    };
    const page = operationOf(made, 'find').output;
    expect(page.parse({ items: [{ ...user, friends: [user], secret: 's' }], total: 1 })).toEqual({
      items: [{ ...user, friends: [user] }],
      total: 1,
    });
    for (const wrong of [
      { roles: ['king'] },
      { createdAt: 'now' },
      { level: 4 },
      { name: undefined },
      { friends: [{}] },
    ])
      expect([wrong, page.safeParse({ items: [{ ...user, ...wrong }], total: 1 }).success]).toEqual([
        wrong,
        false,
      ]);
    expect(operationOf(made, 'getRole').output.safeParse(null).success).toBe(true);
    const settings = { theme: 'dark', flags: { a: true }, raw: [1], position: [1, 2] };
    expect(operationOf(made, 'settings').output.safeParse(settings).success).toBe(true);
    expect(operationOf(made, 'settings').output.safeParse({ ...settings, position: [1] }).success).toBe(
      false,
    );
  });

  test('takes what class-validator says plainly', () => {
    const { input } = operationOf(made, 'create');
    const user = {
      email: 'ada@example.com',
      name: 'Ada',
      handle: 'ada/1'.replace('1', 'x'),
      tags: ['a'],
      role: 'admin',
    };
    expect(input.safeParse(user).error).toBeUndefined();
    for (const wrong of [
      { email: 'ada' },
      { name: 'A' },
      { handle: 'Ada' },
      { tags: ['c'] },
      { tags: Array(6).fill('a') },
    ])
      expect([wrong, input.safeParse({ ...user, ...wrong }).success]).toEqual([wrong, false]);
    const find = operationOf(made, 'find').input;
    expect(find.safeParse({}).success).toBe(true);
    expect(find.safeParse({ limit: 1.5 }).success).toBe(false);
    expect(find.safeParse({ limit: 101 }).success).toBe(false);
  });

  test('says what has no type, what is left out and what its author has to decide', () => {
    const readme = contentOf(written, 'libs/domain/users/README.md');
    for (const line of [
      'it takes an event, which has no answer: UsersController.created (user.created)',
      'no type is given (z.unknown()): Settings.raw',
      'is a query, by its name: it may be repeated: findOne, find, getRole',
      'answers with an Observable: its first value is the answer',
      '@IsPhoneNumber is not taken over: CreateUserDto.phone',
      'its payload is no object with fields, which the input of a command is: UsersController.tag, UsersController.import',
      'No client may ask for any of it yet',
    ])
      expect(readme.replaceAll(/\s+/g, ' ')).toContain(line);
    expect(contentOf(written, 'libs/domain/users/src/users.ts').match(/access: closed/g)).toHaveLength(7);
  });
});

describe('sources are refused in one line, and nothing is written', () => {
  const controller = (members: string) => `export class One { ${members} }`;
  test.each([
    ['that are not there', () => 'nest:./nowhere', './nowhere is not there'],
    ['without TypeScript', () => `nest:./docs/guides`, './docs/guides has no TypeScript'],
    [
      'without a handler',
      () => serviceOf(controller('')),
      'has no handler that answers: a method with @MessagePattern',
    ],
    [
      'with a pattern that two handlers have',
      () =>
        serviceOf(
          controller(`
            @MessagePattern({ cmd: 'a', v: 1 }) one() { return 1; }
            @MessagePattern({ v: 1, cmd: 'a' }) two() { return 2; }`),
        ),
      'has two handlers: One.one and One.two',
    ],
  ])('%s', async (_, from, message) => {
    await expectRefused(tree, from(), message);
  });
});

test('what no package of the service says is anything, and is named', async () => {
  const from = serviceOf(`
    import type { Thing, Wide } from 'not-installed';
    export class One {
      @MessagePattern('one.get') get(@Payload() data: { thingId: string }): Promise<Thing> { throw new Error(data.thingId); }
      @MessagePattern('one.wide') getWide(): Observable<Wide[]> { throw new Error(); }
    }`);
  await contract(tree, { name: 'one', from });
  const made = await contractIn(tree, 'one');
  expect(operationOf(made, 'get').input.safeParse({ thingId: 't' }).success).toBe(true);
  expect(operationOf(made, 'wide').output.safeParse([1]).success).toBe(true);
  expect(operationOf(made, 'wide').output.safeParse(1).success).toBe(false);
  expect(contentOf(tree, 'libs/domain/one/README.md')).toContain('get answer');
});
