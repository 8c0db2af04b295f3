import { posix } from 'node:path';
import { NAME, SCOPE } from '../src/create.js';

/** Texts by their path in the workspace. */
export type Files = Readonly<Record<string, string>>;

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly [field: string]: unknown;
}

/** What the tools of a workspace are made of that has the libs as packages; what its own code imports comes on top. */
const TOOLS = [
  ...['@eslint/js', '@jest/globals', '@nx/devkit', '@nx/eslint-plugin', '@nx/js', '@swc/core', '@swc/jest'],
  ...[
    '@types/node',
    '@typescript-eslint/parser',
    'drizzle-kit',
    'eslint',
    'eslint-config-prettier',
    'jest',
    'node',
  ],
  ...['nx', 'prettier', 'reflect-metadata', 'typescript', 'typescript-eslint'],
];
/** The peer dependencies of the libs. */
const PEERS = [
  ...['@nestjs/common', '@nestjs/core', '@nestjs/microservices', '@nestjs/platform-fastify'],
  ...['drizzle-orm', 'fastify', 'reflect-metadata', 'rxjs', 'zod'],
];
/** Types of what apps import. */
const TYPES = ['@types/oidc-provider'];

/** The files of a workspace of its own, from those of this one: the libs and the tools are packages there. */
export function transform(files: Files): Files {
  const own = namesIn(files);
  const paths = new Set(Object.keys(files));
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => {
      const made = SPECIAL[file]?.(text, files) ?? withoutReferences(file, text, paths);
      const changed = file.endsWith('.md') ? withoutLinks(file, made, paths) : made;
      return [file, withScope(changed, own)];
    }),
  );
}

/** The packages of the workspace itself. */
const namesIn = (files: Files): readonly string[] =>
  Object.entries(files).flatMap(([file, text]) =>
    file.endsWith('/package.json') ? [String((JSON.parse(text) as Manifest).name)] : [],
  );

function withScope(text: string, own: readonly string[]): string {
  const renamed = own.reduce(
    (found, name) => found.replaceAll(new RegExp(`${name}(?![\\w-])`, 'g'), `${SCOPE}/${name.split('/')[1]}`),
    text,
  );
  return renamed
    .replaceAll('@facet/source', `${SCOPE}/source`)
    .replaceAll('./tools/dev/register.mjs', '@facet/dev/register');
}

/** No project of the workspace is built before another that is installed. */
function withoutReferences(file: string, text: string, paths: ReadonlySet<string>): string {
  if (!/(?:^|\/)tsconfig(?:\.\w+)?\.json$/.test(file)) return text;
  const folder = posix.dirname(file);
  const config = JSON.parse(text) as { references?: readonly { path: string }[] };
  if (config.references === undefined) return text;
  const isThere = (path: string) => {
    const at = posix.join(folder, path);
    return paths.has(at) || paths.has(`${at}/tsconfig.json`);
  };
  return jsonOf({ ...config, references: config.references.filter(({ path }) => isThere(path)) });
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const SPECIAL: Readonly<Record<string, (text: string, files: Files) => string>> = {
  'package.json': manifestOf,
  'nx.json': nxOf,
  'jest.preset.mjs': () => "export { default } from '@facet/dev/jest-preset';\n",
  'eslint.config.mjs': lintOf,
  Dockerfile: (text) =>
    text
      .replace('COPY tools tools\n', '')
      .replace('npx node --import ./tools/dev/register.mjs tools/dev/src/supply/ship.ts', 'npx facet ship'),
  'README.md': (text) => readmeOf(text),
  '.prettierignore': (text) => text.replaceAll(/^(?:tools|libs|deploy|docs)\/.*\n/gm, ''),
  'tsconfig.lint.json': (text) => text.replace(', "tools/**/*.ts"', ''),
};

function manifestOf(text: string, files: Files): string {
  const whole = JSON.parse(text) as Manifest & {
    readonly dependencies: Record<string, string>;
    readonly devDependencies: Record<string, string>;
    readonly scripts: Record<string, string>;
    readonly workspaces: readonly string[];
  };
  const pinned = { ...whole.dependencies, ...whole.devDependencies };
  const imported = importedBy(files);
  const wanted = (names: readonly string[]): Readonly<Record<string, string>> =>
    sorted(
      Object.fromEntries(
        names.map((name) => [name, pinned[name] ?? ''] as const).filter(([, at]) => at !== ''),
      ),
    );
  const own = namesIn(files);
  const isShipped = (name: string) => whole.dependencies[name] !== undefined;
  const libs = imported.filter((name) => name.startsWith('@facet/') && !own.includes(name));
  const versions = Object.fromEntries(
    [...libs, '@facet/clients', '@facet/dev', '@facet/nx-plugin'].map((name) => [name, whole.version ?? '']),
  );
  const hasSamples = whole.workspaces.includes('libs/shop/*');
  return jsonOf({
    name: NAME,
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: whole['engines'],
    workspaces: [
      'apps/*',
      'libs/*',
      'libs/clients/*',
      ...(hasSamples ? ['libs/shop/*'] : []),
      'libs/domain/*',
    ],
    scripts: scriptsOf(whole.scripts),
    nx: whole['nx'],
    allowScripts: whole['allowScripts'],
    dependencies: sorted({ ...versions, ...wanted([...imported, ...PEERS].filter(isShipped)) }),
    devDependencies: wanted(
      [
        ...new Set([
          ...TOOLS,
          ...TYPES,
          ...imported.filter((name) => whole.devDependencies[name] !== undefined),
        ]),
      ].filter((name) => whole.dependencies[name] === undefined),
    ),
  });
}

const sorted = (of: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));

function scriptsOf(scripts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const keys = scripts['keys']?.includes('libs/shop') === true;
  return {
    start: 'facet start',
    build: 'nx run-many -t build',
    lint: 'nx run-many -t lint',
    format: 'prettier --write .',
    typecheck: 'nx run-many -t typecheck',
    test: 'facet test',
    token: 'node --import @facet/dev/register apps/identity/src/token.ts',
    'db:reset': 'facet db:reset',
    keys: keys ? 'node --import @facet/dev/register libs/shop/keys/src/main.ts' : 'facet-keys',
    clients: 'facet-clients',
    sbom: 'facet sbom',
    audit: 'facet audit',
  };
}

/** The packages that the code of a workspace imports, in whichever way. */
function importedBy(files: Files): readonly string[] {
  const found = Object.entries(files)
    .filter(([file]) => /\.(?:ts|mjs|js)$/.test(file))
    .flatMap(([, text]) =>
      [...text.matchAll(/(?:from|import|import\()\s*'([^'.\n][^'\n]*)'/g)].map(([, name = '']) => name),
    );
  const packages = found
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].sort();
}

function nxOf(text: string): string {
  const config = JSON.parse(text) as {
    namedInputs: Record<string, string[]>;
    targetDefaults: Record<string, { command?: string; inputs?: unknown[] }>;
    release?: unknown;
  };
  const { release: _, ...kept } = config;
  const isOwn = (input: unknown) => typeof input !== 'string' || !input.includes('/tools/');
  const targets = Object.entries(config.targetDefaults).map(
    ([name, target]) =>
      [
        name,
        {
          ...target,
          ...(name === 'serve' ? { command: 'facet serve {projectName}' } : {}),
          ...(target.inputs === undefined ? {} : { inputs: target.inputs.filter(isOwn) }),
        },
      ] as const,
  );
  const inputs = Object.entries(config.namedInputs).map(
    ([name, list]) => [name, list.filter(isOwn)] as const,
  );
  return jsonOf({
    ...kept,
    namedInputs: Object.fromEntries(inputs),
    targetDefaults: Object.fromEntries(targets),
  });
}

/** The rules of the libs and of the tools are theirs. */
function lintOf(text: string): string {
  return text
    .replaceAll(/^ {2}\/\/ (?:Two tools|Of the libs).*\n/gm, '')
    .replaceAll(
      /^ {2}\{\s*sourceTag: '(?:lib:|scope:(?:tool|shared|test)|type:(?:lib|tool))[^]*?\},\n(?= {2}\{| {2}\/\/|\])/gm,
      '',
    )
    .replaceAll(/, 'tool:\w+'/g, '');
}

/** The one of this workspace is about the libs; the one that start-fresh writes says where things go, and has its links. */
const readmeOf = (text: string): string =>
  (text.startsWith('# Facet\n') ? SAMPLES_README : text)
    .replaceAll('npm ci', 'npm install')
    .replace(/^- `npm test` runs.*$/m, '- `npm test` runs all tests');

const SAMPLES_README = `# A workspace of gateways, with a sample shop

One NestJS gateway for each kind of client, over the same services. \`npm start\` starts everything and prints addresses, and calls
to copy. \`npm test\` runs all tests.

| folder             | what it is                                                                   |
| ------------------ | ---------------------------------------------------------------------------- |
| \`apps/*-bff\`       | the gateways: \`src/routes.ts\`, aggregations, policies                      |
| \`apps/<service>\`   | the sample services, each with a database; take them out as you bring your own |
| \`apps/identity\`    | an OpenID provider for development                                           |
| \`libs/shop\`        | the contracts of the sample services, the checkout, the sample data          |
| \`libs/clients\`     | the typed client of each gateway, made by \`npm run clients\`                   |
| \`libs/domain\`      | the contracts of your own services; the generator makes this folder          |

| command                                                                          | what it does                       |
| -------------------------------------------------------------------------------- | ---------------------------------- |
| \`npx nx serve web-bff\`                                                         | one gateway with what it needs     |
| \`npx nx g @facet/nx-plugin:bff kiosk\`                                          | one more gateway                   |
| \`npx nx g @facet/nx-plugin:service bookings\`                                   | one more service with its contract |
| \`npx nx g @facet/nx-plugin:start-fresh\`                                        | takes out the sample shop          |
| \`npx nx migrate @facet/nx-plugin\`                                              | the next version of Facet          |
`;

const LINK = /(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g;

/** A link to what only the workspace of the libs has becomes plain text. */
function withoutLinks(file: string, text: string, paths: ReadonlySet<string>): string {
  const isThere = (target: string) => {
    const at = posix.join(posix.dirname(file), target.split('#')[0] ?? '');
    return (
      /^(?:[a-z]+:|#)/.test(target) || [...paths].some((path) => path === at || path.startsWith(`${at}/`))
    );
  };
  return text.replaceAll(LINK, (link: string, shown: string, target: string) =>
    isThere(target) ? link : shown,
  );
}
