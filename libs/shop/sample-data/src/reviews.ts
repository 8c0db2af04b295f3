import { customers } from './customers.js';
import { byPopularity } from './popularity.js';
import type { SampleProduct } from './products.js';
import { once, Random } from './random.js';
import { reviewTexts } from './texts/reviews.js';
import { DAY_MS, idOf, worldEnds } from './world.js';

export interface SampleReview {
  readonly id: string;
  readonly productId: string;
  readonly author: string;
  readonly stars: 1 | 2 | 3 | 4 | 5;
  readonly title: string;
  readonly text: string;
  readonly createdAt: string;
}

const REVIEWED = 30;
const REVIEWS = 300;

/** 300 reviews of the 30 best-known products: more of the better-known, at least three of each. */
export const reviews = once((): readonly SampleReview[] => {
  const random = new Random('reviews');
  const reviewed = byPopularity().slice(0, REVIEWED);
  return Array.from({ length: REVIEWS }, (_, index) => {
    const at = index < REVIEWED * 3 ? index % REVIEWED : Math.floor(random.next() ** 1.8 * REVIEWED);
    return write(reviewed[at] as SampleProduct, index + 1, random);
  });
});

function write(product: SampleProduct, number: number, random: Random): SampleReview {
  const stars = random.pick([5, 5, 5, 5, 4, 4, 4, 3, 2, 1] as const);
  const { titles, sentences } = reviewTexts[stars];
  const names = random.pick(customers()).name.split(' ');
  const kind = product.kind.toLowerCase();
  return {
    id: idOf('rev', number, 4),
    productId: product.id,
    author: `${names[0]} ${names.at(-1)?.charAt(0)}.`,
    stars,
    title: random.pick(titles),
    text: random
      .sample(sentences, random.int(2, 4))
      .map((sentence) => sentence.replace('{brand}', product.brand).replace('{kind}', kind))
      .join(' '),
    createdAt: new Date(worldEnds.getTime() - Math.floor(random.next() ** 1.5 * 600 * DAY_MS)).toISOString(),
  };
}
