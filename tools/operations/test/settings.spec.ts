import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@facet/dev';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { z } from 'zod';
import { commandVariables } from '../src/settings/commands.js';
import { REFERENCE, settingsReference } from '../src/settings/document.js';
import { processSettings, variablesOf } from '../src/settings/processes.js';
import { settingsOf } from '../src/settings/setting.js';

const isWritten = existsSync(join(workspaceRoot, REFERENCE));
const read = (file: string) => readFileSync(join(workspaceRoot, file), 'utf8');

describe('the reference of settings', () => {
  (isWritten ? test : test.skip)(
    `is what \`npm run settings\` writes${isWritten ? '' : ' (skipped: it has not been run)'}`,
    async () => {
      expect(read(REFERENCE)).toBe(await settingsReference());
    },
    240_000,
  );

  test('has every variable that a schema names, with what it takes and its default', () => {
    const variables = {
      WORKERS: z
        .string()
        .regex(/^\d+$/, 'expected a whole number')
        .transform(Number)
        .default(2)
        .describe('How many'),
      AT: z.url('expected an address').meta({ description: 'Where', secret: true }),
      NAME: { description: 'Who', byDefault: 'me' },
    };
    expect(settingsOf(variables)).toEqual([
      {
        variable: 'WORKERS',
        description: 'How many',
        takes: 'a whole number',
        byDefault: '2',
        required: false,
        secret: false,
      },
      { variable: 'AT', description: 'Where', takes: 'an address', required: true, secret: true },
      {
        variable: 'NAME',
        description: 'Who',
        takes: 'a text',
        byDefault: 'me',
        required: false,
        secret: false,
      },
    ]);
  });

  test('has the default and the range of an option from the code that checks it', async () => {
    const reference = await settingsReference();
    expect(reference).toMatch(/`limits\.bodyBytes` +\| `262144` +\| a whole number from 1 /);
    expect(reference).toMatch(/`retry\.maxAttempts` +\| `3` +\| a whole number from 1 /);
  }, 240_000);

  (isWritten ? test : test.skip)('names no secret that the guide does not say how to rotate', async () => {
    const guide = read('docs/guides/operate.md');
    const secrets = (await processSettings()).flatMap(({ settings }) =>
      settings.filter(({ secret }) => secret),
    );
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.map(({ variable }) => variable).filter((each) => !guide.includes(`\`${each}\``))).toEqual(
      [],
    );
  });

  test('is refused where a variable has no description', () => {
    expect(() => settingsOf({ WORKERS: z.string() })).toThrow('WORKERS has no description');
  });
});

/** Where an app or a lib takes the environment as a whole, and for what. */
const WHOLE: Readonly<Record<string, string>> = {
  'libs/platform/src/config.ts': 'loadConfig',
  'apps/identity/src/identity.config.ts': 'loadConfig',
  'apps/identity/src/clients.ts': 'secrets of clients, by their names, in development',
  'apps/reviews/src/config.ts': 'its own table of variables',
  'libs/gateway/src/describe.ts': 'loadConfig, for a gateway that is not started',
};

/** Read before a configuration is, so that its errors can be logged; the schema has it too. */
const EARLY: Readonly<Record<string, string>> = { 'libs/platform/src/process.ts': 'LOG_LEVEL' };

describe('process.env', () => {
  const reads = sources().flatMap(readsIn);
  const shipped = reads.filter(({ file }) => /^(?:apps|libs)\//.test(file));

  test('is taken as a whole by an app or a lib in few places, each for a reason', () => {
    const files = shipped.filter(({ variable }) => variable === undefined).map(({ file }) => file);
    expect(files.length).toBeGreaterThan(0);
    expect([...new Set(files)].filter((file) => WHOLE[file] === undefined)).toEqual([]);
  });

  test('is read by an app or a lib through what it declares alone', () => {
    const undeclared = shipped.filter(
      ({ file, variable }) =>
        variable !== undefined &&
        EARLY[file] !== variable &&
        !commandVariables.some((each) => each.variable === variable),
    );
    expect(undeclared).toEqual([]);
  });

  test('is read for every variable that the reference lists for commands', () => {
    const names = reads.map(({ variable }) => variable);
    expect(commandVariables.filter(({ variable }) => !names.includes(variable))).toEqual([]);
  });

  test('is loaded by schemas alone whose variables are in the reference', async () => {
    const known = (await processSettings()).flatMap(({ settings }) =>
      settings.map(({ variable }) => variable),
    );
    const loaders = sources().filter((file) => /\bloadConfig\(/.test(withoutDefinition(read(file))));
    const own = loaders.filter((file) => !LIBRARIES.includes(file));
    expect(loaders.length).toBeGreaterThan(own.length);
    for (const file of own)
      for (const variable of Object.keys(await variablesOf(file)))
        expect({ file, variable, isKnown: known.includes(variable) }).toEqual({
          file,
          variable,
          isKnown: true,
        });
  });
});

/** Theirs are asked for by name: `gatewayConfig`, `serviceVariables`, `verifyingVariables`. */
const LIBRARIES = [
  'libs/gateway/src/config.ts',
  'libs/service/src/config.ts',
  'libs/auth/src/assertion/config.ts',
];

const withoutDefinition = (text: string) => text.replace(/function loadConfig\b/, '');

/** What runs outside of tests. */
function sources(): readonly string[] {
  return globSync(['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts', 'tools/*/{src,build}/**/*.ts'], {
    cwd: workspaceRoot,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  }).filter((file) => !/\.spec\.ts$|^libs\/testing\/|\/testing\//.test(file));
}

interface Read {
  readonly file: string;
  /** Undefined where the environment is taken as a whole. */
  readonly variable?: string;
}

function readsIn(file: string): readonly Read[] {
  const text = read(file);
  if (!text.includes('process')) return [];
  const found: Read[] = [];
  const visit = (node: ts.Node): void => {
    if (isEnvironment(node)) found.push(...readsAt(node, file));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** `process.env`, `process['env']`, and `env` taken out of `process`. */
function isEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.getText() === 'process.env';
  if (ts.isElementAccessExpression(node)) return /^process\[.env.\]$/.test(node.getText());
  return (
    ts.isImportSpecifier(node) &&
    (node.propertyName ?? node.name).text === 'env' &&
    /process'$/.test(node.parent.parent.parent.moduleSpecifier.getText().replaceAll('"', "'"))
  );
}

function readsAt({ parent }: ts.Node, file: string): readonly Read[] {
  if (ts.isPropertyAccessExpression(parent)) return [{ file, variable: parent.name.text }];
  if (ts.isElementAccessExpression(parent) && ts.isStringLiteral(parent.argumentExpression))
    return [{ file, variable: parent.argumentExpression.text }];
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
    return parent.name.elements.map((each) =>
      each.dotDotDotToken === undefined
        ? { file, variable: (each.propertyName ?? each.name).getText() }
        : { file },
    );
  return [{ file }];
}
