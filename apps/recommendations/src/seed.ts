import { insertAll, type Seed } from '@facet/service';
import * as sample from '@facet/shop-sample-data';
import { popular, related } from './schema.js';

/** Worked out from the orders of the sample world. */
export const seed: Seed = {
  name: 'sample world 1',
  run: async (tx) => {
    await insertAll(
      tx,
      popular,
      sample.popular().map(({ productId, score }, rank) => ({ productId, score, rank })),
    );
    await insertAll(
      tx,
      related,
      [...sample.related()].flatMap(([productId, others]) =>
        others.map(({ productId: otherId, score, reason }, rank) => ({
          productId,
          rank,
          otherId,
          score,
          reason,
        })),
      ),
    );
  },
};
