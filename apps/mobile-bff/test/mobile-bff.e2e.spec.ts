import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually, startWorld, type World } from '@facet/testing';
import axios, { type AxiosInstance } from 'axios';
import { homeAnswer } from '../src/home/home.aggregation.js';
import { productAnswer } from '../src/product/product.aggregation.js';

jest.setTimeout(60_000);

let world: World;
let mobile: AxiosInstance;
let web: AxiosInstance;

beforeAll(async () => {
  world = await startWorld({
    services: ['catalog', 'inventory', 'orders', 'recommendations'],
    gateways: ['mobile-bff', 'web-bff'],
  });
  mobile = axios.create({ baseURL: world.url('mobile-bff'), validateStatus: () => true });
  web = axios.create({ baseURL: world.url('web-bff'), validateStatus: () => true });
}, 120_000);

afterAll(() => world?.stop());

interface Degraded {
  readonly meta?: { readonly degraded: { readonly part: string; readonly reason: string }[] };
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('the home screen', () => {
  test('is made from three services, as its schema says', async () => {
    const { status, data, headers } = await mobile.get<unknown>('/v1/home');
    expect(status).toBe(200);
    const home = homeAnswer.parse(data);
    expect(home.featured).toHaveLength(6);
    expect(home.forYou).toHaveLength(6);
    expect(home.categories).toHaveLength(12);
    expect(home.featured.every(({ stock }) => stock !== undefined)).toBe(true);
    expect(headers['server-timing']).toMatch(/featured;dur=[\d.]+;desc="fresh".*stock;dur=/);
    expect(headers['cache-control']).toMatch(/^public, max-age=5/);
  });

  test("is at most a third of the web's in bytes", async () => {
    const [small, rich] = await Promise.all([mobile.get('/v1/home'), web.get('/api/home')]);
    expect(bytesOf(small.data) * 3).toBeLessThanOrEqual(bytesOf(rich.data));
  });

  test('has pictures that this gateway draws', async () => {
    const { hero, featured } = homeAnswer.parse((await mobile.get<unknown>('/v1/home')).data);
    for (const { image } of [hero.product, ...featured]) {
      const { status, headers } = await mobile.get(image);
      expect([image, status, headers['content-type']]).toEqual([image, 200, 'image/svg+xml; charset=utf-8']);
    }
  });

  test('is not sent again to who has it', async () => {
    const first = await mobile.get('/v1/home');
    const again = await mobile.get('/v1/home', {
      headers: { 'if-none-match': String(first.headers['etag']) },
    });
    expect([again.status, again.data]).toEqual([304, '']);
  });
});

describe("a product's screen", () => {
  test('has one picture, no long text, and at most a third of the bytes of the page on the web', async () => {
    const { data } = await mobile.get<{ featured: { id: string }[] }>('/v1/home');
    const id = data.featured[0]?.id ?? '';
    const [small, rich] = await Promise.all([
      mobile.get<unknown>(`/v1/products/${id}`),
      web.get(`/api/products/${id}`),
    ]);
    const screen = productAnswer.parse(small.data);
    expect(screen).toMatchObject({ id, stock: expect.any(String) as unknown });
    expect(bytesOf(small.data) * 3).toBeLessThanOrEqual(bytesOf(rich.data));
  });

  test('of a product that does not exist is a 404 in the words of the service', async () => {
    const { status, data } = await mobile.get<unknown>('/v1/products/no-such-product');
    expect(status).toBe(404);
    expect(data).toMatchObject({ code: 'catalog.product-not-found', status: 404 });
  });
});

describe('without a service that was asked before', () => {
  test('the screen is made from what is kept, and the gateway says what it does not reach', async () => {
    const { data: before } = await mobile.get<unknown>('/v1/home');
    await world.killApp('catalog');
    await eventually(async () => (await missing()).includes('catalog'));
    const { status, data, headers } = await mobile.get<unknown>('/v1/home');
    expect([status, data]).toEqual([200, before]);
    expect(headers['server-timing']).toMatch(/featured;dur=[\d.]+;desc="(cached|stale)"/);
    expect((await mobile.get('/v1/products/never-asked-for')).status).toBe(503);
    await world.startApp('catalog');
    await eventually(async () => !(await missing()).includes('catalog'));
  });
});

describe('without a service, and nothing kept of it', () => {
  beforeAll(() => world.restart('mobile-bff', { ANSWER_CACHE: 'false' }), 60_000);

  test('that is optional, the screen is whole but for what it says is missing, and heals by itself', async () => {
    await world.stopApp('recommendations');
    const without = await eventually(async () => {
      const { status, data } = await mobile.get<Degraded>('/v1/home');
      return data.meta !== undefined && { status, data };
    });
    expect(without.status).toBe(200);
    expect(without.data.meta?.degraded.map(({ part }) => part)).toContain('popular');
    expect(homeAnswer.omit({ forYou: true }).loose().parse(without.data)).toMatchObject({ forYou: [] });

    await world.startApp('recommendations');
    await eventually(async () => (await mobile.get<Degraded>('/v1/home')).data.meta === undefined);
  });

  test('that is required, there is a 503 that names it, the gateway shows it, and both heal', async () => {
    await world.killApp('catalog');
    const refused = await eventually(async () => {
      const answer = await mobile.get<Record<string, unknown>>('/v1/home');
      return answer.status === 503 && answer;
    });
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.data).toMatchObject({ status: 503, service: 'catalog', code: 'upstream.unavailable' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await eventually(async () => (await missing()).includes('catalog'));

    await world.startApp('catalog');
    await eventually(async () => (await mobile.get('/v1/home')).status === 200);
    await eventually(async () => !(await missing()).includes('catalog'));
  });
});

/** The services that the gateway does not reach. It is ready all the same: nothing of its own is missing. */
async function missing(): Promise<string[]> {
  const url = `${world.adminUrl('mobile-bff')}/health/ready`;
  const { data } = await axios.get<{ services: Record<string, { state: string }> }>(url);
  return Object.keys(data.services).filter((name) => data.services[name]?.state === 'down');
}
