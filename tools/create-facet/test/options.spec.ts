import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { create } from '../src/create.js';
import { readArguments } from '../src/options.js';
import { complete } from '../src/questions.js';

describe('npm create facet', () => {
  test.each([
    [['Shop'], '"Shop" cannot be the name of a workspace: use lower-case words'],
    [['../shop'], '"../shop" cannot be the name of a workspace'],
    [['shop', 'more'], '"more" is too much: npm create facet@latest shop'],
    [['shop', '--gateways=web,fridge'], '--gateways is of web, mobile, partner, not "fridge"'],
    [['shop', '--gateways='], 'say which gateways: --gateways=web,mobile,partner'],
    [['shop', '--scope=@Acme'], '"@Acme" cannot be a scope'],
    [['shop', '--scope=facet'], '"facet" is the scope of other packages'],
    [['shop', '--fast'], "Unknown option '--fast'; npm create facet@latest -- --help lists the options"],
  ])('refuses %j in one line', (args, message) => {
    const read = () => readArguments(args);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]*$/);
  });

  test('asks for what was not given, where somebody can be asked', async () => {
    const answers = ['My Shop', 'shop', 'partner, web', 'y'];
    const ask = () => Promise.resolve(answers.shift() ?? '');
    expect(await complete({ install: true }, ask)).toEqual({
      ...{ name: 'shop', scope: 'shop', gateways: ['web', 'partner'], samples: true },
    });
    expect(await complete({ name: 'shop', install: true }, ask)).toMatchObject({ samples: false });
    await expect(complete({ install: true })).rejects.toThrow('say what the workspace is called');
  });

  test('writes nothing where its place is taken', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-taken-'));
    mkdirSync(join(folder, 'shop'));
    writeFileSync(join(folder, 'shop/mine.txt'), 'mine');
    const options = { name: 'shop', scope: 'shop', gateways: ['web'] as const, samples: false };
    expect(() => create(options, folder)).toThrow('shop is there already and not empty: choose another name');
    expect(readdirSync(folder)).toEqual(['shop']);
    expect(readdirSync(join(folder, 'shop'))).toEqual(['mine.txt']);
    rmSync(folder, { recursive: true });
  });
});
