/** Import cycles, file by file; which project may import which is lint's business (eslint.config.mjs). */
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle hides who depends on whom: move what both need to a file of its own.',
      from: {},
      // A circle that a type closes exists for the compiler alone: nothing is loaded by it.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
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
