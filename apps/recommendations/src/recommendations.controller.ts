import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { recommendations } from '@facet/shop-recommendations';
import { Recommender } from './recommender.js';

@Controller()
export class RecommendationsController {
  constructor(private readonly recommender: Recommender) {}

  @Implements(recommendations.popular)
  popular({ limit }: ParsedInputOf<typeof recommendations.popular>) {
    return this.recommender.popular(limit);
  }

  @Implements(recommendations.related)
  related({ productId, limit }: ParsedInputOf<typeof recommendations.related>) {
    return this.recommender.related(productId, limit);
  }
}
