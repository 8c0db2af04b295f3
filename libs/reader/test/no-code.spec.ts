import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function run(...flags: string[]): { description: { way: string; leftToZod: unknown[] }; answers: unknown[] } {
  const args = [
    '--conditions=@facet/source',
    '--import',
    './tools/dev/register.mjs',
    'libs/reader/test/fixtures/reads.ts',
  ];
  return JSON.parse(
    execFileSync(process.execPath, [...flags, ...args], { cwd: root, encoding: 'utf8' }),
  ) as ReturnType<typeof run>;
}

test('a process that may not make code of text reads the same, by zod, and says so', () => {
  const without = run('--disallow-code-generation-from-strings');
  const usual = run();
  expect(without.description).toMatchObject({
    way: 'zod',
    leftToZod: [{ field: '', reason: 'this process may not make code of text' }],
  });
  expect(usual.description).toMatchObject({ way: 'compiled', leftToZod: [] });
  expect(without.answers.map(sorted)).toEqual(usual.answers.map(sorted));
  expect(usual.answers[1]).toBe('id too_small');
});

/** The order of keys is the service's where an answer was walked, and the contract's where zod read it. */
function sorted(answer: unknown): unknown {
  const text = String(answer);
  return text.startsWith('{') ? JSON.parse(text) : text;
}
