import type { Product } from '@facet/shop-catalog';
import { pathOfProduct, views } from '@facet/shop-pictures';
import { categories } from './categories.js';
import { describeProduct, type Draft } from './descriptions.js';
import { imageAt } from './images.js';
import { once, Random } from './random.js';
import { categoryTexts } from './texts/all.js';
import { models } from './texts/names.js';
import type { CategoryText } from './texts/text.js';
import { CURRENCY, DAY_MS, idOf, PRODUCTS_PER_KIND, worldBegins, worldEnds } from './world.js';

/** A product without what follows from ratings. */
export interface SampleProduct extends Omit<Product, 'rating'> {
  /** What it is, to find what goes with it: `Desk Lamp`. */
  readonly kind: string;
}

/** Every product, by id. Twelve of each kind, eight kinds in each category. */
export const products = once((): readonly SampleProduct[] =>
  categoryTexts.flatMap((category, index) => productsOf(category, index)),
);

function productsOf(category: CategoryText, categoryIndex: number): SampleProduct[] {
  const random = new Random(`products of ${category.slug}`);
  const names = random.sample(models, models.length);
  return names.map((model, index) => {
    const kind = category.kinds[Math.floor(index / PRODUCTS_PER_KIND)];
    if (kind === undefined) throw new RangeError(`${category.slug} has too few kinds`);
    const draft: Draft = {
      category,
      kind,
      brand: random.pick(category.brands),
      model,
      material: random.pick(kind.materials),
      colour: random.pick(category.colours),
      facts: Object.fromEntries(
        Object.entries(kind.facts).map(([name, values]) => [name, random.pick(values)]),
      ),
    };
    return productFrom(draft, { number: categoryIndex * models.length + index + 1, categoryIndex }, random);
  });
}

function productFrom(
  draft: Draft,
  { number, categoryIndex }: { number: number; categoryIndex: number },
  random: Random,
): SampleProduct {
  const { category, kind, brand, model, material, colour } = draft;
  const id = idOf('prd', number, 4);
  const title = `${brand} ${model} ${kind.name}`;
  const isOld = random.chance(0.6);
  const [from, to] = isOld
    ? [worldBegins.getTime() - 365 * DAY_MS, worldBegins.getTime()]
    : [worldBegins.getTime(), worldEnds.getTime() - 14 * DAY_MS];
  const createdAt = dayBetween(from, to, random);
  return {
    id,
    sku: `${category.slug.slice(0, 3).toUpperCase()}-${model.slice(0, 3).toUpperCase()}-${String(number).padStart(4, '0')}`,
    title,
    brand,
    kind: kind.name,
    categoryId: categories()[categoryIndex]?.id ?? '',
    summary: `${kind.what.charAt(0).toUpperCase()}${kind.what.slice(1)} that ${kind.does}.`,
    description: describeProduct(draft, random),
    price: { amount: priceIn(kind.price, random), currency: CURRENCY },
    images: views
      .slice(0, random.int(2, 4))
      .map((view) =>
        imageAt(pathOfProduct({ kind: kind.name, colour, material, view }), `${title}, ${view}`),
      ),
    attributes: [
      ...Object.entries(draft.facts).map(([name, value]) => ({ name, value })),
      { name: 'Material', value: material },
      { name: 'Colour', value: colour },
      { name: 'Guarantee', value: `${random.pick([2, 3, 5, 10])} years` },
    ],
    createdAt: createdAt.toISOString(),
    updatedAt: dayBetween(createdAt.getTime(), worldEnds.getTime(), random).toISOString(),
  };
}

/** More often near the cheap end, and ending as prices do. */
function priceIn([cheapest, dearest]: readonly [number, number], random: Random): number {
  const euros = cheapest + (dearest - cheapest) * random.next() ** 1.7;
  const rounded = euros < 100 ? Math.round(euros) : Math.round(euros / 5) * 5;
  return rounded * 100 - (euros < 100 ? random.pick([5, 10, 50]) : random.pick([0, 100]));
}

function dayBetween(from: number, to: number, random: Random): Date {
  return new Date(from + Math.floor(random.next() * (to - from)));
}
