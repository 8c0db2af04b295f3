/** Import cycles, file by file; which project may import which is lint's business (eslint.config.mjs). */
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
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage|\\.nx|\\.facet)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { conditionNames: ['@facet/source', 'import', 'node', 'default'] },
  },
};
