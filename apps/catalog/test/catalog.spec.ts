import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import type { InputOf } from '@facet/contracts';
import { catalog, type Product } from '@facet/shop-catalog';
import { byPopularity, categories, products } from '@facet/shop-sample-data';
import { connectService, startWorld, type ServiceClient, type World } from '@facet/testing';
import pg from 'pg';

const caller = speakAs('catalog', { roles: ['operator'] });
let world: World;
let service: ServiceClient;

beforeAll(async () => {
  world = await startWorld({ services: ['catalog'] });
  service = await connectService(world.process('catalog').addresses['tcp'], { caller });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

async function all(): Promise<Product[]> {
  const items: Product[] = [];
  let cursor: string | undefined;
  do {
    const stretch = await service.call(catalog.feed, {
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...stretch.items);
    cursor = stretch.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}

describe('categories and the shop window', () => {
  test('lists twelve categories that count every product', async () => {
    const { items } = await service.call(catalog.categories, {});
    expect(idsOf(items)).toEqual(idsOf(categories()));
    expect(items.reduce((sum, { productCount }) => sum + productCount, 0)).toBe(products().length);
  });

  test('features as many products as asked for beside the one on top', async () => {
    const { hero, items } = await service.call(catalog.featured, { limit: 5 });
    expect(items).toHaveLength(5);
    expect(new Set([hero.product.id, ...idsOf(items)]).size).toBe(6);
    expect(hero.headline).not.toBe('');
  });
});

describe('one product and several', () => {
  test('gives a product as it was seeded, with its rating', async () => {
    const [known] = byPopularity();
    const product = await service.call(catalog.product, { id: known?.id ?? '' });
    const { kind: _kind, ...seeded } = known ?? { kind: '' };
    expect(product).toMatchObject(seeded);
    expect(product.rating.count).toBeGreaterThan(30);
    expect(catalog.product.output.safeParse(product).error).toBeUndefined();
  });

  test('says so where there is no such product', async () => {
    await expect(service.call(catalog.product, { id: 'prd_9999' })).rejects.toMatchObject({
      code: 'catalog.product-not-found',
      status: 404,
    });
  });

  test('leaves unknown ids out, and gives a product asked for twice once', async () => {
    const ids = ['prd_0003', 'prd_nobody', 'prd_0001', 'prd_0003'];
    const { items } = await service.call(catalog.productsByIds, { ids });
    expect(idsOf(items).sort()).toEqual(['prd_0001', 'prd_0003']);
  });

  test('answers with the fields asked for alone', async () => {
    const input = { ids: ['prd_0001'] };
    const fields = ['items.id', 'items.price.amount'];
    const answer = await service.call(catalog.productsByIds, input, { fields });
    expect(answer).toEqual({ items: [{ id: 'prd_0001', price: { amount: products()[0]?.price.amount } }] });
  });
});

describe('searching', () => {
  const search = (input: Parameters<typeof catalog.products.input.parse>[0]) =>
    service.callRaw(catalog.products.pattern, input) as Promise<{
      items: Product[];
      total: number;
      page: number;
    }>;

  test('pages through a category without gaps or repetitions', async () => {
    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => search({ category: 'lighting', page, pageSize: 30 })),
    );
    const found = pages.flatMap(({ items }) => idsOf(items));
    const lighting = categories().find(({ slug }) => slug === 'lighting');
    const expected = idsOf(products().filter(({ categoryId }) => categoryId === lighting?.id));
    expect([...found].sort()).toEqual(expected.sort());
    expect(pages.map(({ total, page }) => [total, page])).toEqual([1, 2, 3, 4].map((page) => [96, page]));
  });

  test('finds what has all the words, in any case, number and order, complete or not', async () => {
    const { items, total } = await search({ q: 'LAMPS desk', pageSize: 100 });
    const titles = products().filter(({ title }) => title.endsWith('Desk Lamp'));
    expect(total).toBe(titles.length);
    expect(idsOf(items).sort()).toEqual(idsOf(titles).sort());
    expect((await search({ q: 'des lam' })).total).toBe(titles.length);
  });

  test('puts a match in the title before one in the text', async () => {
    const { items } = await search({ q: 'kettle', pageSize: 100 });
    const isTitle = items.map(({ title }) => title.includes('Kettle'));
    expect(isTitle[0]).toBe(true);
    expect(isTitle.lastIndexOf(true)).toBe(isTitle.filter(Boolean).length - 1);
  });

  test.each([["'; drop table products; --"], ['&|!():*<->'], ['100%'], ['a & !b'], ['naïve ☃'], ['\\']])(
    'takes %p for words and nothing else',
    async (q) => {
      expect((await search({ q })).total).toBeLessThan(products().length);
    },
  );

  test('sorts by price, rating and age', async () => {
    const sorted = async (sort: string) => (await search({ sort: sort as 'newest', pageSize: 100 })).items;
    const isSorted = (values: (number | string)[], up: boolean) =>
      expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1)));
    isSorted(
      (await sorted('price-asc')).map(({ price }) => price.amount),
      true,
    );
    isSorted(
      (await sorted('price-desc')).map(({ price }) => price.amount),
      false,
    );
    isSorted(
      (await sorted('rating')).map(({ rating }) => rating.average),
      false,
    );
    isSorted(
      (await sorted('newest')).map(({ createdAt }) => createdAt),
      false,
    );
  });

  test('gives an empty page beyond the end, with the total', async () => {
    expect(await search({ category: 'audio', page: 500 })).toMatchObject({ items: [], total: 96, page: 500 });
  });

  test('refuses an unknown category', async () => {
    await expect(search({ category: 'spaceships' })).rejects.toMatchObject({
      code: 'catalog.category-not-found',
    });
  });

  test('names each field that it refuses', async () => {
    const fault = search({ page: 0, pageSize: 1_000, sort: 'cheap', colour: 'red' });
    await expect(fault).rejects.toMatchObject({ code: 'input.invalid', status: 400 });
    const { fields } = (await fault.catch((error: unknown) => error)) as { fields: { field: string }[] };
    expect(fields.map(({ field }) => field).sort()).toEqual(['colour', 'page', 'pageSize', 'sort']);
  });
});

describe('the feed', () => {
  test('gives every product once, in the same order each time', async () => {
    const items = await all();
    expect(idsOf(items)).toEqual(idsOf(products()));
    expect(catalog.feed.output.safeParse({ items, next: null }).error).toBeUndefined();
  });

  test.each([
    'nonsense',
    Buffer.from('["prices",4]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuses the cursor %p', async (cursor) => {
    await expect(service.call(catalog.feed, { cursor })).rejects.toMatchObject({
      code: 'catalog.bad-cursor',
      status: 400,
    });
  });
});

describe('prices', () => {
  const price = (amount: number) => ({ amount, currency: 'EUR' });
  const now = async () => (await service.call(catalog.priceChanges, {})).next;

  test('change, and the change is seen once by a caller that asks from before', async () => {
    const since = await now();
    const set = { idempotencyKey: 'price-test-1', id: 'prd_0010', price: price(4_242) };
    const changed = await service.call(catalog.setPrice, set);
    expect((await service.call(catalog.product, { id: 'prd_0010' })).price).toEqual(price(4_242));
    const changes = await service.call(catalog.priceChanges, { since });
    expect(changes).toMatchObject({ items: [changed], more: false });
    expect((await service.call(catalog.priceChanges, { since: changes.next })).items).toEqual([]);
  });

  test('give the first answer to a repetition, and refuse a key that comes with another input', async () => {
    const set = { idempotencyKey: 'price-test-2', id: 'prd_0011', price: price(1_000) };
    const first = await service.call(catalog.setPrice, set);
    await service.call(catalog.setPrice, { ...set, idempotencyKey: 'price-test-3', price: price(2_000) });
    expect(await service.call(catalog.setPrice, set)).toEqual(first);
    expect((await service.call(catalog.product, { id: 'prd_0011' })).price.amount).toBe(2_000);
    await expect(service.call(catalog.setPrice, { ...set, price: price(3_000) })).rejects.toMatchObject({
      code: 'idempotency.key-reused',
      status: 422,
    });
  });

  test('are never skipped by a reader while many change at once', async () => {
    const since = await now();
    const changed = Array.from({ length: 40 }, (_, index) => `prd_${String(100 + index).padStart(4, '0')}`);
    const writes = changed.map((id) =>
      service.call(catalog.setPrice, { idempotencyKey: `price-many-${id}`, id, price: price(777) }),
    );
    const seen = new Set<string>();
    let cursor = since;
    let isWriting = true;
    const written = Promise.all(writes).finally(() => (isWriting = false));
    for (let isLast = false; !isLast;) {
      isLast = !isWriting;
      const { items, next } = await service.call(catalog.priceChanges, { since: cursor, limit: 3 });
      for (const { id } of items) seen.add(id);
      cursor = next;
      if (items.length > 0) isLast = false;
    }
    await written;
    expect([...seen].sort()).toEqual(changed);
  });

  test('stay in the currency that the product is sold in', async () => {
    const set = { idempotencyKey: 'price-test-4', id: 'prd_0012', price: { amount: 1, currency: 'USD' } };
    await expect(service.call(catalog.setPrice, set)).rejects.toMatchObject({
      code: 'catalog.currency-mismatch',
    });
  });
});

describe('a quote', () => {
  const buyer = speakAs('catalog', { scopes: ['orders:write'] });
  const price = (amount: number) => ({ amount, currency: 'EUR' });
  const set = (id: string, amount: number, key: string) =>
    service.call(catalog.setPrice, { idempotencyKey: `quote-price-${key}`, id, price: price(amount) });
  const quote = (input: InputOf<typeof catalog.quote>) =>
    service.call(catalog.quote, input, { caller: buyer() });
  const lines = [
    { productId: 'prd_0031', quantity: 2 },
    { productId: 'prd_0030', quantity: 1 },
  ];

  beforeAll(async () => {
    await set('prd_0030', 1_000, 'first-30');
    await set('prd_0031', 250, 'first-31');
  });

  test('says what each line and all of them cost, in the order that was asked in', async () => {
    const { title } = await service.call(catalog.product, { id: 'prd_0031' });
    const answer = await quote({ idempotencyKey: 'quote-one', lines, expectedTotal: price(1_500) });
    expect(answer.total).toEqual(price(1_500));
    expect(answer.lines.map(({ productId }) => productId)).toEqual(['prd_0031', 'prd_0030']);
    expect(answer.lines[0]).toEqual({ productId: 'prd_0031', title, quantity: 2, unitPrice: price(250) });
  });

  test('holds for its key when the price changes, and another key sees the new one', async () => {
    const first = await quote({ idempotencyKey: 'quote-held', lines });
    await set('prd_0031', 300, 'later-31');
    expect(await quote({ idempotencyKey: 'quote-held', lines })).toEqual(first);
    expect((await quote({ idempotencyKey: 'quote-new', lines })).total).toEqual(price(1_600));
    await expect(
      quote({ idempotencyKey: 'quote-late', lines, expectedTotal: first.total }),
    ).rejects.toMatchObject({
      code: 'catalog.price-changed',
      status: 409,
      fields: [{ field: 'expectedTotal', message: 'is 1600 EUR now' }],
    });
  });

  test('is refused for a product that does not exist, naming the line', async () => {
    const unknown = [...lines, { productId: 'no-such-product', quantity: 1 }];
    await expect(quote({ idempotencyKey: 'quote-unknown', lines: unknown })).rejects.toMatchObject({
      code: 'catalog.product-not-found',
      status: 404,
      fields: [{ field: 'lines.2.productId' }],
    });
  });

  test('is refused for products in several currencies', async () => {
    const url = new URL(world.database.url);
    url.pathname = `/${world.database.prefix}catalog`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client
      .query("update products set price_currency = 'USD' where id = 'prd_0032'")
      .finally(() => client.end());
    const mixed = [...lines, { productId: 'prd_0032', quantity: 1 }];
    await expect(quote({ idempotencyKey: 'quote-mixed', lines: mixed })).rejects.toMatchObject({
      code: 'catalog.mixed-currencies',
      status: 422,
      fields: [{ field: 'lines', message: 'are in EUR and USD' }],
    });
  });

  test('is for callers that may buy', async () => {
    await expect(service.call(catalog.quote, { idempotencyKey: 'quote-no', lines })).rejects.toMatchObject({
      code: 'access.denied',
      status: 403,
    });
  });
});

test('keeps its data over a restart, and does not seed twice', async () => {
  await service.call(catalog.setPrice, {
    idempotencyKey: 'price-restart',
    id: 'prd_0020',
    price: { amount: 55, currency: 'EUR' },
  });
  const restarted = await world.restart('catalog');
  service = await connectService(restarted.addresses['tcp'], { caller });
  expect((await service.call(catalog.product, { id: 'prd_0020' })).price.amount).toBe(55);
  expect((await all()).length).toBe(products().length);
}, 60_000);
