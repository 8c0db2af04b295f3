const { registerHooks } = require('node:module');
const process = require('node:process');

/**
 * Where Nx comes in: it loads generators with `require`. Ours are TypeScript, which Node runs as it stands once
 * tools/dev/register.mjs is there. An editor or a global `nx` may run on a Node that is too old for that.
 */
const load = (name) => async (tree, options) => {
  if (registerHooks === undefined) {
    throw new Error(
      `The generators need Node 22.15 or later, and this is ${process.version}: npx nx brings its own`,
    );
  }
  await import('../dev/register.mjs');
  const generators = await import('./src/index.ts');
  const complete = generators.complete[name];
  return generators[name](tree, await complete(tree, options, generators.terminal()));
};

module.exports = {
  bff: load('bff'),
  aggregation: load('aggregation'),
  service: load('service'),
  contract: load('contract'),
  remove: load('remove'),
};
