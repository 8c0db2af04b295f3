import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually, startWorld, type World } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { homeAnswer } from '../src/home/home.aggregation.js';
import { productAnswer } from '../src/product/product.aggregation.js';
import { productsAnswer } from '../src/products/products.aggregation.js';
import { searchAnswer } from '../src/search/search.aggregation.js';

jest.setTimeout(60_000);

let world: World;
let web: AxiosInstance;

beforeAll(async () => {
  world = await startWorld({
    services: ['catalog', 'inventory', 'recommendations', 'reviews'],
    gateways: ['web-bff'],
  });
  web = axios.create({ baseURL: world.url('web-bff'), validateStatus: () => true });
}, 120_000);

afterAll(() => world?.stop());

interface Degraded {
  readonly meta?: { readonly degraded: { readonly part: string; readonly reason: string }[] };
}

async function get<T>(url: string, accept = 'application/json') {
  return web.get<T>(url, { headers: { accept, 'x-csrf': '1' } });
}

async function anyProduct(): Promise<string> {
  return homeAnswer.parse((await get<unknown>('/api/home')).data).hero.product.id;
}

describe('the front page', () => {
  test('is rich: hero, products with all text and pictures, categories with counts, recommendations, stock', async () => {
    const { status, data } = await get<unknown>('/api/home');
    expect(status).toBe(200);
    const { hero, featured, recommended, categories } = homeAnswer.parse(data);
    expect(hero.product.description.length).toBeGreaterThan(500);
    expect([featured.length, recommended.length, categories.length]).toEqual([12, 8, 12]);
    for (const { images, stock } of [...featured, ...recommended]) {
      expect(images[0]?.sizes).toHaveLength(5);
      expect(stock?.status).toMatch(/^(in-stock|low|out)$/);
    }
    expect(categories.reduce((sum, { productCount }) => sum + productCount, 0)).toBeGreaterThanOrEqual(1_000);
  });
});

describe('the list of products', () => {
  test('is filtered, sorted and a page at a time, each with its stock', async () => {
    const { categories } = homeAnswer.parse((await get<unknown>('/api/home')).data);
    const [{ id, slug } = { id: '', slug: '' }] = categories;
    const { data } = await get<unknown>(
      `/api/products?category=${slug}&q=&sort=price-asc&page=2&pageSize=10`,
    );
    const { items, page, total } = productsAnswer.parse(data);
    expect([items.length, page, total > 20]).toEqual([10, 2, true]);
    expect(items.every((item) => item.categoryId === id && item.stock !== undefined)).toBe(true);
    const prices = items.map(({ price }) => price.amount);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
  });

  test.each([
    ['page=0', 'page'],
    ['page=two', 'page'],
    ['pageSize=101', 'pageSize'],
    ['sort=cheapest', 'sort'],
    [`q=${'x'.repeat(101)}`, 'q'],
    ['category=%00', 'category'],
    ['q=a%0Ab', 'q'],
    ['owner=me', 'owner'],
  ])('Z6 refuses %s and names the field', async (search, field) => {
    const { status, data } = await get<unknown>(`/api/products?${search}`);
    expect([status, data]).toMatchObject([400, { code: 'input.invalid', fields: [{ field }] }]);
  });

  test('of a category that does not exist is a 404', async () => {
    const { status, data } = await get<unknown>('/api/products?category=no-such-category');
    expect([status, data]).toMatchObject([404, { code: 'catalog.category-not-found' }]);
  });
});

describe("a product's page", () => {
  test('has the stock of each warehouse, reviews and related products, closest first', async () => {
    const id = await anyProduct();
    const page = productAnswer.parse((await get<unknown>(`/api/products/${id}`)).data);
    expect(page.product.id).toBe(id);
    expect(page.stock?.warehouses.length).toBeGreaterThan(1);
    expect(page.reviews?.histogram).toHaveLength(5);
    expect(page.related?.length).toBeGreaterThan(0);
  });

  test('comes in pieces for who asks: first the product, then reviews and related products', async () => {
    const { data } = await get<string>(`/api/products/${await anyProduct()}`, 'application/x-ndjson');
    const pieces = data
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; part?: string; value?: object });
    expect(pieces.map(({ event }) => event)).toEqual(['first', 'part', 'part', 'end']);
    expect(pieces[0]?.value).toMatchObject({ product: { id: expect.any(String) as unknown } });
    expect(
      pieces
        .map(({ part }) => part)
        .filter(Boolean)
        .sort(),
    ).toEqual(['related', 'reviews']);
  });
});

describe('the search page', () => {
  test('finds products by words, with their categories and stock', async () => {
    const { data } = await get<unknown>('/api/search?q=lamp');
    const { items, stock, total } = searchAnswer.parse(data);
    expect(total).toBeGreaterThan(0);
    expect(items.every(({ title, brand, summary }) => /lamp/i.test(`${title} ${brand} ${summary}`))).toBe(
      true,
    );
    expect(stock).toHaveLength(items.length);
  });
});

describe('the pictures', () => {
  async function addresses(): Promise<readonly string[]> {
    const { hero, featured, categories } = homeAnswer.parse((await get<unknown>('/api/home')).data);
    const images = [hero.product, ...featured].flatMap((each) => each.images);
    return [...images, ...categories.map(({ image }) => image)].map(({ sizes }) => sizes[0]?.url ?? '');
  }

  test('that its answers name are drawn here, for good, and compressed for who takes them so', async () => {
    for (const url of await addresses()) {
      const { status, headers, data } = await web.get<string>(url, { headers: { 'accept-encoding': 'br' } });
      expect([url, status, headers['content-type']]).toEqual([url, 200, 'image/svg+xml; charset=utf-8']);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['vary']).toMatch(/accept-encoding/i);
      expect(data).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 400 300"/);
    }
  });

  test('are the same in each size, and have a header without a body for who asks for that', async () => {
    const [url = ''] = await addresses();
    const { data } = await web.get<string>(url);
    const { status, headers } = await web.head(url);
    expect([status, headers['content-length']]).toEqual([200, String(Buffer.byteLength(data))]);
    expect((await web.post(url, {})).status).toBe(405);
  });

  test.each([
    '/pictures/1/products/desk-lamp/octarine/oak/front.svg',
    '/pictures/1/..%2f..%2fpackage.svg',
    '/pictures/1/',
    '/pictures/2/categories/lighting.svg',
  ])('that are none are a problem that nothing keeps: %s', async (url) => {
    const { status, data, headers } = await web.get<unknown>(url);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(data).toMatchObject({ code: 'http.not-found' });
    expect(headers['cache-control'] ?? 'no-store').toBe('no-store');
  });

  test('are not counted against the limits of a visitor', async () => {
    const [url = ''] = await addresses();
    const left = async () => {
      const { headers } = await get<unknown>('/api/home');
      return Number(/"sustained";r=(\d+)/.exec(String(headers['ratelimit']))?.[1]);
    };
    const before = await left();
    for (let index = 0; index < 5; index += 1)
      expect((await web.get(url)).headers['ratelimit']).toBeUndefined();
    expect(await left()).toBe(before - 1);
  });
});

describe('what is passed through', () => {
  test('are the categories and the reviews, and nothing else', async () => {
    expect((await get<{ items: unknown[] }>('/api/categories')).data.items).toHaveLength(12);
    const { data } = await get(`/api/products/${await anyProduct()}/reviews?pageSize=2`);
    expect(data).toMatchObject({ page: 1, pageSize: 2 });
    for (const url of ['/api/setPrice', '/api/catalog/setPrice', '/api/catalog.featured', '/catalog']) {
      expect((await get(url)).status).toBe(404);
    }
  });
});

describe.each(['inventory', 'recommendations'])('without %s, and nothing kept of it', (service) => {
  beforeAll(() => world.restart('web-bff', { ANSWER_CACHE: 'false' }), 60_000);

  test('the front page is whole but for what it says is missing, and heals by itself', async () => {
    await world.killApp(service);
    const { status, data, headers } = await eventually(async () => {
      const answer = await get<Degraded>('/api/home');
      return answer.data.meta !== undefined && answer;
    });
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(data.meta?.degraded.map(({ part }) => part)).toEqual([
      service === 'inventory' ? 'stock' : 'popular',
    ]);
    expect(homeAnswer.loose().safeParse(data).success).toBe(true);
    await world.startApp(service);
    await eventually(async () => (await get<Degraded>('/api/home')).data.meta === undefined);
  });
});

describe('without the catalog, and nothing kept of it', () => {
  beforeAll(() => world.restart('web-bff', { ANSWER_CACHE: 'false' }), 60_000);

  test('there is a 503 that names it, and the page comes back when it does', async () => {
    await world.killApp('catalog');
    const refused = await eventually(async () => {
      const answer = await get<unknown>('/api/home');
      return answer.status === 503 && answer;
    });
    expect(refused.data).toMatchObject({ code: 'upstream.unavailable', service: 'catalog' });
    await world.startApp('catalog');
    await eventually(async () => (await get('/api/home')).status === 200);
  });
});
