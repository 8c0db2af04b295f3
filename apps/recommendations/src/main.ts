import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { recommendations } from '@facet/shop-recommendations';
import { RecommendationsModule } from './recommendations.module.js';
import { seed } from './seed.js';

await runService({
  name: 'recommendations',
  contract: recommendations,
  module: RecommendationsModule,
  port: 4060,
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  verifyCaller: verifyCallers('recommendations'),
});
