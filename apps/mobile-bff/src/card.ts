import { imageUrl, product, type Product } from '@facet/shop-catalog';
import { stockStatus, type StockLevel } from '@facet/shop-inventory';
import { z } from 'zod';

/** A product as a list on a phone shows it. */
export const card = z
  .strictObject({
    ...product.pick({ id: true, title: true, price: true }).shape,
    /** Stars, 0 to 5. */
    stars: z.number(),
    image: imageUrl,
    stock: stockStatus.optional(),
  })
  .meta({ title: 'Card' });

/** What a card is made from. */
export const cardFields = [
  'id',
  'title',
  'price',
  'rating.average',
  'images.sizes.name',
  'images.sizes.url',
] as const;

type Size = Product['images'][number]['sizes'][number];
interface CardSource extends Pick<Product, 'id' | 'title' | 'price'> {
  readonly rating: Pick<Product['rating'], 'average'>;
  readonly images: readonly { readonly sizes: readonly Pick<Size, 'name' | 'url'>[] }[];
}

export function toCard(from: CardSource, stock?: Pick<StockLevel, 'status'>): z.input<typeof card> {
  const { id, title, price, rating } = from;
  return { id, title, price, stars: rating.average, image: imageOf(from, 'small'), stock: stock?.status };
}

/** The first picture in one size, or in the smallest that there is. */
export function imageOf({ images }: Pick<CardSource, 'images'>, name: Size['name']): string {
  const sizes = images.flatMap((image) => image.sizes);
  return (sizes.find((size) => size.name === name) ?? sizes[0])?.url ?? '';
}
