import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { catalog } from '@facet/shop-catalog';
import { CatalogModule } from './catalog.module.js';
import { seed } from './seed.js';

await runService({
  name: 'catalog',
  contract: catalog,
  module: CatalogModule,
  port: 4020,
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  verifyCaller: verifyCallers('catalog'),
});
