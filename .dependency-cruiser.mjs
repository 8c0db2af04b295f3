/** What a gateway does for its requests, each by itself. */
const features = 'access|cache|idempotency|rate-limit|sagas|shedding';

/**
 * Import cycles, file by file, and the features of the gateway; which project may import which is lint's business
 * (eslint.config.mjs).
 */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle hides who depends on whom: move what both need to a file of its own.',
      from: {},
      // A cycle that a type closes counts too: whoever reads one of its files has to read them all.
      to: { circular: true },
    },
    {
      name: 'gateway-features-apart',
      severity: 'error',
      comment:
        'A feature of the gateway is changed in its own folder alone: what two of them need belongs to http/ or request/.',
      from: { path: `^libs/gateway/src/(${features})/` },
      to: { path: `^libs/gateway/src/(${features})/`, pathNot: '^libs/gateway/src/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.nx|\\.facet)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { conditionNames: ['@facet/source', 'import', 'node', 'default'] },
  },
};
