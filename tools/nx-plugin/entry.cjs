const { existsSync } = require('node:fs');
const { registerHooks } = require('node:module');
const path = require('node:path');
const process = require('node:process');

/**
 * Where Nx comes in: it loads generators with `require`. Ours are TypeScript, which Node runs as it stands once
 * @facet/dev/register is there. An editor or a global `nx` may run on a Node that is too old for that.
 */
const load = (name) => async (tree, options) => {
  const generators = await generatorsOfThis();
  const complete = generators.complete[name];
  return generators[name](tree, await complete(tree, options, generators.terminal()));
};

async function generatorsOfThis() {
  if (registerHooks === undefined) {
    throw new Error(
      `The generators need Node 22.15 or later, and this is ${process.version}: npx nx brings its own`,
    );
  }
  await import('@facet/dev/register');
  // Installed as a package it is built; in the workspace that it is developed in it runs from its source.
  const isSource = existsSync(path.join(module.path, 'src/index.ts'));
  return import(isSource ? './src/index.ts' : './dist/index.js');
}

/** A migration is given the options of Nx alone. */
const migrate = (name) => async (tree) => {
  const generators = await generatorsOfThis();
  return generators[name](tree);
};

module.exports = {
  bff: load('bff'),
  aggregation: load('aggregation'),
  service: load('service'),
  contract: load('contract'),
  renameScope: load('renameScope'),
  startFresh: load('startFresh'),
  remove: load('remove'),
  gatewayRequest: migrate('gatewayRequest'),
  gatewayPolicy: migrate('gatewayPolicy'),
};
