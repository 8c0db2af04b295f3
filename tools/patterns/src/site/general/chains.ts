import { aggregate, type Aggregation } from '@facet/aggregation';
import { route, type Route } from '@facet/gateway';
import { catalog, product } from '@facet/shop-catalog';
import { z } from 'zod';
import { chainId, chainLengths } from '../../clients/chain.js';

const answer = z.strictObject({ last: product });

/** `GET /v1/chains/3`: three calls, one after the other, and the last one's answer. */
export const chains: readonly Route[] = chainLengths.map((length) =>
  route(`GET /v1/chains/${length}`, chainOf(length), { access: 'public', answer: answer as never }),
);

function chainOf(length: number): Aggregation {
  let built = aggregate(`general.chain${length}`, { input: z.strictObject({}) }) as unknown as Chain;
  for (let place = 0; place < length; place += 1) {
    built = built.required(`p${place}`, catalog.product, {
      needs: place === 0 ? [] : [`p${place - 1}`],
      input: () => ({ id: chainId(place) }),
    });
  }
  return built.shape((parts) => ({ last: parts[`p${length - 1}`] }));
}

/** The builder as it is for a number of parts that only the run knows. */
interface Chain {
  required(name: string, operation: typeof catalog.product, options: object): Chain;
  shape(make: (parts: Readonly<Record<string, unknown>>) => object): Aggregation;
}
