/** Texts by their path in the workspace. */
export type Files = Readonly<Record<string, string>>;

export interface PackageOptions {
  /** `web-bff` */
  readonly gateway: string;
  /** The scope of the workspace's own packages, `@facet`. */
  readonly scope: string;
  /** The version of the package that all clients share. */
  readonly version: string;
  /** Whether that package is a project of the workspace. */
  readonly isRuntimeHere: boolean;
}

/** Where the client of a gateway is. */
export const clientFolder = (gateway: string): string => `libs/clients/${gateway}`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What a client's package has beside its sources. */
export function packageFiles({ gateway, scope, version, isRuntimeHere }: PackageOptions): Files {
  const folder = clientFolder(gateway);
  const runtime = isRuntimeHere ? [{ path: '../../client-runtime/tsconfig.lib.json' }] : [];
  const lib = { lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] };
  const files = {
    'package.json': json({
      name: `${scope}/${gateway}-client`,
      version: '0.1.0',
      description: `The client of ${gateway}: types and calls`,
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      exports: {
        '.': {
          [`${scope}/source`]: './src/index.ts',
          types: './dist/index.d.ts',
          default: './dist/index.js',
        },
        './package.json': './package.json',
      },
      files: ['dist', '!dist/.tsbuildinfo'],
      private: true,
      dependencies: { '@facet/client-runtime': version },
    }),
    'project.json': json({
      name: `${gateway}-client`,
      $schema: '../../../node_modules/nx/schemas/project-schema.json',
      projectType: 'library',
      sourceRoot: `${folder}/src`,
      tags: ['type:lib', 'scope:client'],
      targets: { build: {}, typecheck: {}, lint: {}, format: {} },
    }),
    'tsconfig.json': json({
      extends: '../../../tsconfig.base.json',
      files: [],
      include: [],
      references: [{ path: './tsconfig.lib.json' }, { path: './tsconfig.spec.json' }],
    }),
    'tsconfig.lib.json': json({
      extends: '../../../tsconfig.base.json',
      compilerOptions: {
        ...{ rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
        ...{ erasableSyntaxOnly: true, ...lib },
      },
      include: ['src/**/*.ts'],
      references: runtime,
    }),
    'tsconfig.spec.json': json({
      extends: '../../../tsconfig.base.json',
      compilerOptions: {
        ...{ composite: false, declaration: false, declarationMap: false, noEmit: true, ...lib },
      },
      include: ['src/**/*.ts'],
      references: [{ path: './tsconfig.lib.json' }],
    }),
    'README.md': readme(gateway, `${scope}/${gateway}-client`),
  };
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]));
}

const readme = (gateway: string, name: string): string => `# The client of ${gateway}

Made from the gateway's document by \`npm run clients -- ${gateway}\`; \`src\` is not edited by hand.

\`\`\`ts
import { createClient } from '${name}';

const client = createClient({ baseUrl: 'https://gateway.example.com' });
\`\`\`
`;
