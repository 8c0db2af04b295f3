import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import type { Card, PhoneHome } from './screen.js';

type Item = Product & { readonly stock?: StockLevel };
interface Items {
  readonly items: readonly Item[];
}
interface Featured extends Items {
  readonly hero: { readonly headline: string; readonly product: Item };
}
interface Categories {
  readonly items: readonly { readonly slug: string; readonly name: string }[];
}

export async function phoneHome(api: Api, show: Show): Promise<PhoneHome> {
  const categories = api.get<Categories>('/v1/categories').catch(() => ({ items: [] }));
  const popular = api.get<Items>('/v1/popular?limit=6').catch(() => ({ items: [] }));
  const { hero, items } = await api.get<Featured>('/v1/featured?limit=6');
  show('hero and featured products');
  return {
    hero: { headline: hero.headline, product: toCard(hero.product) },
    featured: items.map(toCard),
    forYou: (await popular).items.map(toCard),
    categories: (await categories).items.map(({ slug, name }) => ({ slug, name })),
  };
}

function toCard({ id, title, price, rating, images, stock }: Item): Card {
  const sizes = images.flatMap((image) => image.sizes);
  const image = (sizes.find(({ name }) => name === 'small') ?? sizes[0])?.url ?? '';
  return { id, title, price, stars: rating.average, image, stock: stock?.status };
}
