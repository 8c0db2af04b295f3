/**
 * Lets Node run the workspace's TypeScript as it stands: `node --import ./tools/dev/register.mjs apps/web-bff/src/main.ts`.
 * Packages of the workspace are taken from their source too. Node's own type stripping knows no decorators, which Nest needs; see
 * docs/decisions/0002-run-from-source.md for what was compared.
 */
import { readFileSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';
import { refuseIncompleteInstall } from './installed.mjs';
import { root, sourceCondition } from './root.mjs';

refuseIncompleteInstall();
const { transformSync } = await import('@swc/core');

// What V8 compiled is kept from one start to the next: a sixth of a gateway's start.
module.enableCompileCache(fileURLToPath(new URL('.facet/compile-cache', root)));

const options = {
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, verbatimModuleSyntax: true },
  },
};

/**
 * Node parses a module's package.json anew for each module that it resolves, and this package's has 180 KB: a third
 * of a service's start. Its .js files are ESM, all of them.
 */
const LARGE = '/node_modules/drizzle-orm/';

/** How the names of the workspace's packages begin. */
const SCOPE = `${sourceCondition.split('/')[0]}/`;

module.registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '', conditions } = context;
    if (specifier.startsWith(SCOPE))
      return next(specifier, { ...context, conditions: [sourceCondition, ...conditions] });
    const isRelative = specifier.startsWith('./') || specifier.startsWith('../');
    if (!isRelative || !specifier.endsWith('.js')) return next(specifier, context);
    if (parentURL.endsWith('.ts')) return next(`${specifier.slice(0, -3)}.ts`, context);
    if (!parentURL.includes(LARGE) || !parentURL.endsWith('.js')) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
