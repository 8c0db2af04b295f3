import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** The table of docs/architecture.md, "Who may import whom". */
const boundaries = [
  // Two tools may be imported, for tests: by libs/testing alone, as the rows by scope and by lib see to.
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'tool:database', 'tool:dev'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool'] },
  // Of the libs, those alone whose row says so may import a contract: whoever deletes the sample shop has libs that work.
  {
    sourceTag: 'scope:bff',
    onlyDependOnLibsWithTags: ['scope:bff', 'scope:shared', 'scope:contract', 'scope:client', 'scope:test'],
  },
  {
    sourceTag: 'scope:service',
    onlyDependOnLibsWithTags: ['scope:service', 'scope:shared', 'scope:contract', 'scope:test'],
  },
  {
    sourceTag: 'scope:identity',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:test', 'shop:sample-data'],
  },
  { sourceTag: 'scope:contract', onlyDependOnLibsWithTags: ['scope:contract', 'lib:contracts'] },
  {
    sourceTag: 'scope:lab',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:bff', 'scope:contract', 'scope:test', 'tool:dev'],
  },
  { sourceTag: 'scope:tool', notDependOnLibsWithTags: ['scope:contract', 'scope:shop'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared', 'scope:test'] },
  {
    sourceTag: 'scope:test',
    onlyDependOnLibsWithTags: ['scope:shared', 'scope:contract', 'scope:test', 'tool:database', 'tool:dev'],
  },
  // What clients get: nothing of a gateway's. Its specs hold the credentials against what gateways check them with.
  {
    sourceTag: 'scope:client',
    onlyDependOnLibsWithTags: ['scope:client', 'lib:access', 'lib:auth', 'lib:testing'],
  },
  { sourceTag: 'lib:contracts', onlyDependOnLibsWithTags: ['scope:none'] },
  { sourceTag: 'lib:platform', onlyDependOnLibsWithTags: ['lib:contracts'] },
  { sourceTag: 'lib:reader', onlyDependOnLibsWithTags: ['lib:contracts'] },
  { sourceTag: 'lib:access', onlyDependOnLibsWithTags: ['lib:contracts', 'lib:platform'] },
  { sourceTag: 'lib:transport', onlyDependOnLibsWithTags: ['lib:contracts', 'lib:platform'] },
  { sourceTag: 'lib:aggregation', onlyDependOnLibsWithTags: ['lib:contracts'] },
  { sourceTag: 'lib:saga', onlyDependOnLibsWithTags: ['lib:contracts'] },
  {
    sourceTag: 'lib:routing',
    onlyDependOnLibsWithTags: ['lib:contracts', 'lib:reader', 'lib:transport', 'lib:platform', 'lib:testing'],
  },
  {
    sourceTag: 'lib:gateway',
    onlyDependOnLibsWithTags: [
      'lib:access',
      'lib:contracts',
      'lib:platform',
      'lib:transport',
      'lib:routing',
      'lib:aggregation',
      'lib:saga',
      'lib:testing',
    ],
  },
  {
    sourceTag: 'lib:console',
    onlyDependOnLibsWithTags: [
      'lib:aggregation',
      'lib:contracts',
      'lib:gateway',
      'lib:platform',
      'lib:routing',
      'lib:testing',
      'lib:transport',
    ],
  },
  {
    sourceTag: 'lib:service',
    onlyDependOnLibsWithTags: ['lib:access', 'lib:contracts', 'lib:platform', 'lib:transport', 'lib:testing'],
  },
  {
    sourceTag: 'lib:auth',
    onlyDependOnLibsWithTags: ['lib:access', 'lib:contracts', 'lib:platform', 'lib:testing'],
  },
  {
    sourceTag: 'lib:testing',
    onlyDependOnLibsWithTags: ['lib:contracts', 'lib:transport', 'lib:platform', 'tool:database', 'tool:dev'],
  },
  {
    sourceTag: 'shop:checkout',
    onlyDependOnLibsWithTags: ['scope:contract', 'lib:contracts', 'lib:saga'],
  },
  { sourceTag: 'shop:pictures', onlyDependOnLibsWithTags: ['scope:none'] },
  {
    sourceTag: 'shop:sample-data',
    onlyDependOnLibsWithTags: ['scope:contract', 'lib:contracts', 'shop:pictures'],
  },
  { sourceTag: 'shop:testing', onlyDependOnLibsWithTags: ['scope:contract', 'lib:contracts', 'lib:reader'] },
];

/**
 * A run over the whole workspace reads all types as one program: a program for each of its forty projects takes four
 * times as long and more than 4 GB. A run over one project, and an editor, read that project alone.
 */
const types = process.env.CI === 'true' ? { project: './tsconfig.lint.json' } : { projectService: true };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', '**/.nx/**', '**/.facet/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { ...types, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines-per-function': ['warn', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: boundaries,
          // Its registry and Redis entries are loaded by those alone who use one: they bring a Redis client.
          checkDynamicDependenciesExceptions: ['@facet/platform'],
        },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/**/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/testing/**', 'libs/shop/testing/**', 'libs/*/src/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@facet/testing', '@facet/testing/*', '@facet/shop-testing', '@facet/*/testing'],
              message: 'Only specs may use it.',
            },
          ],
        },
      ],
    },
  },
  // What npm run audit:routes finds too, with the same ids: docs/guides/audit.md.
  {
    files: ['apps/*-bff/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          "CallExpression[callee.name='fetch'][arguments.length=1]",
          "CallExpression[callee.name='fetch'] > ObjectExpression:not(:has(> Property[key.name='signal'], > SpreadElement))",
        ].map((selector) => ({ selector, message: 'call-without-deadline: give it a signal.' })),
        {
          selector: "Property[key.name='headers'] > MemberExpression.value[property.name='headers']",
          message: "forwarded-header: a client's headers are not handed on.",
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        setImmediate: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    files: ['apps/*/pages/*.js'],
    languageOptions: { globals: { document: 'readonly', fetch: 'readonly' } },
  },
  prettier,
);
