/**
 * Where Nx comes in: it loads generators with `require`. Ours are TypeScript, which Node runs as it stands once
 * tools/dev/register.mjs is there.
 */
const load = (name) => async (tree, options) => {
  await import('../dev/register.mjs');
  const generators = await import('./src/index.ts');
  return generators[name](tree, options);
};

module.exports = {
  bff: load('bff'),
  aggregation: load('aggregation'),
  service: load('service'),
  remove: load('remove'),
};
