import type { Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Api, Show } from '../api.js';
import type { Card, PhoneHome } from './screen.js';

interface Products {
  readonly items: readonly Product[];
}
interface Featured extends Products {
  readonly hero: { readonly headline: string; readonly product: Product };
}
interface Popular {
  readonly items: readonly { readonly productId: string }[];
}
interface Categories {
  readonly items: readonly { readonly slug: string; readonly name: string }[];
}
interface Levels {
  readonly items: readonly StockLevel[];
}

/** What may be missing is not waited for longer than this. */
const optional = { timeoutMs: 1_500 };

export async function phoneHome(api: Api, show: Show): Promise<PhoneHome> {
  const asked = api.get<Featured>('/catalog/featured?limit=6');
  asked.catch(() => undefined);
  const categories = api
    .get<Categories>('/catalog/categories', optional)
    .catch((): Categories => ({ items: [] }));
  const popular = await api
    .get<Popular>('/recommendations/popular?limit=6', optional)
    .catch((): Popular => ({ items: [] }));
  const popularIds = popular.items.map(({ productId }) => productId);
  const forYou =
    popularIds.length === 0
      ? Promise.resolve<Products>({ items: [] })
      : api
          .get<Products>(`/catalog/productsByIds?ids=${popularIds.join(',')}`, optional)
          .catch((): Products => ({ items: [] }));
  const { hero, items } = await asked;
  show('hero and featured products, without stock');
  const ids = [hero.product, ...items].map(({ id }) => id).concat(popularIds);
  const levels = await api
    .get<Levels>(`/inventory/levels?ids=${[...new Set(ids)].join(',')}`, optional)
    .catch((): Levels => ({ items: [] }));
  const stockOf = new Map(levels.items.map(({ id, status }) => [id, status]));
  const shown = (product: Product): Card => toCard(product, stockOf.get(product.id));
  return {
    hero: { headline: hero.headline, product: shown(hero.product) },
    featured: items.map(shown),
    forYou: inOrder(popularIds, (await forYou).items).map(shown),
    categories: (await categories).items.map(({ slug, name }) => ({ slug, name })),
  };
}

/** Services answer by ids in any order. */
function inOrder(ids: readonly string[], products: readonly Product[]): readonly Product[] {
  const byId = new Map(products.map((product) => [product.id as string, product]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function toCard({ id, title, price, rating, images }: Product, stock: string | undefined): Card {
  const sizes = images.flatMap((image) => image.sizes);
  const image = (sizes.find(({ name }) => name === 'small') ?? sizes[0])?.url ?? '';
  return { id, title, price, stars: rating.average, image, stock };
}
