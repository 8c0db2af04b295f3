import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { customer } from '@facet/shop-accounts';
import { imageUrl } from '@facet/shop-catalog';
import { pictureAt, PICTURES } from '@facet/shop-pictures';
import { review } from '@facet/shop-reviews';
import { order } from '@facet/shop-orders';
import * as world from './index.js';

const { byPopularity, categories, customers, orders, popular, products, ratings, related, reviews, stock } =
  world;
const ids = <T extends { id: string }>(items: readonly T[]) => new Set(items.map(({ id }) => id));

describe('the sample world', () => {
  test('has the size of a small shop', () => {
    expect(categories()).toHaveLength(12);
    expect(products().length).toBeGreaterThanOrEqual(1_000);
    expect(reviews()).toHaveLength(300);
    expect(customers()).toHaveLength(200);
    expect(orders()).toHaveLength(5_000);
    expect(world.warehouses).toHaveLength(4);
  });

  test('gives every thing an id of its own', () => {
    for (const list of [categories(), products(), reviews(), customers(), orders()]) {
      expect(ids<{ id: string }>(list).size).toBe(list.length);
    }
    expect(new Set(products().map(({ title }) => title)).size).toBe(products().length);
    expect(new Set(products().map(({ sku }) => sku)).size).toBe(products().length);
    expect(new Set(customers().map(({ email }) => email)).size).toBe(200);
  });

  test('describes products in several paragraphs and sums them up in one sentence', () => {
    for (const { description, summary, images, categoryId } of products()) {
      expect(description.length).toBeGreaterThanOrEqual(600);
      expect(description.length).toBeLessThanOrEqual(1_500);
      expect(description.split('\n\n').length).toBeGreaterThan(2);
      expect(summary.length).toBeLessThanOrEqual(120);
      expect(images.every(({ sizes }) => sizes.length === 5)).toBe(true);
      expect(ids(categories()).has(categoryId)).toBe(true);
    }
  });

  test('has a picture for each category, and for each product in each of its views', () => {
    const addresses = [
      ...categories().map(({ image: only }) => only),
      ...products().flatMap(({ images }) => images),
    ]
      .flatMap(({ sizes }) => sizes)
      .map(({ url }) => url);
    expect(addresses.filter((url) => !imageUrl.safeParse(url).success)).toEqual([]);
    const missing = [...new Set(addresses)].filter(
      (url) => pictureAt(url.slice(PICTURES.length + 1)) === undefined,
    );
    expect(missing).toEqual([]);
  });

  test('keeps customers, orders and reviews to the contracts', () => {
    for (const each of customers()) expect(customer.safeParse(each).error).toBeUndefined();
    for (const each of orders()) expect(order.safeParse(each).error).toBeUndefined();
    for (const each of reviews()) expect(review.safeParse(each).error).toBeUndefined();
  });

  test('has orders of real customers for real products at their titles and prices, that add up', () => {
    const byId = new Map(products().map((product) => [product.id, product]));
    for (const { customerId, lines, total, createdAt } of orders()) {
      expect(ids(customers()).has(customerId)).toBe(true);
      for (const { productId, title, unitPrice } of lines) {
        expect({ title, price: unitPrice }).toEqual({
          title: byId.get(productId)?.title,
          price: byId.get(productId)?.price,
        });
        expect(byId.get(productId)?.createdAt.localeCompare(createdAt)).toBe(-1);
      }
      expect(total.amount).toBe(lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.amount, 0));
    }
  });

  test('has its orders in two years before a fixed day, in the order of their ids', () => {
    const moments = orders().map(({ createdAt }) => Date.parse(createdAt));
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(Math.max(...moments)).toBeLessThanOrEqual(world.worldEnds.getTime());
    expect(world.worldEnds.getTime() - Math.min(...moments)).toBeLessThanOrEqual(730 * 86_400_000);
  });

  test('reviews the best-known products, and counts each review among the stars', () => {
    const known = ids(byPopularity().slice(0, 30));
    expect(new Set(reviews().map(({ productId }) => productId))).toEqual(known);
    for (const id of known) {
      const written = [0, 0, 0, 0, 0];
      for (const { productId, stars } of reviews()) if (productId === id) written[stars - 1]! += 1;
      written.forEach((count, at) => expect(ratings().get(id)?.[at]).toBeGreaterThanOrEqual(count));
    }
  });

  test('relates each product to twelve others, closest first', () => {
    expect(related().size).toBe(products().length);
    for (const [id, others] of related()) {
      expect(new Set(others.map(({ productId }) => productId)).size).toBe(12);
      expect(others.some(({ productId }) => productId === id)).toBe(false);
      const scores = others.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
    expect(popular()[0]?.score).toBe(1);
  });

  test('has stock of every product in four warehouses, and some products that are sold out', () => {
    const onHand = new Map<string, number>();
    for (const each of stock()) onHand.set(each.productId, (onHand.get(each.productId) ?? 0) + each.onHand);
    expect(onHand.size).toBe(products().length);
    const soldOut = [...onHand.values()].filter((total) => total === 0).length;
    expect(soldOut).toBeGreaterThan(20);
    expect(soldOut).toBeLessThan(products().length / 5);
  });

  test('is the same in every process', () => {
    const here = digest();
    const script = `import * as w from '@facet/shop-sample-data'; import { createHash } from 'node:crypto';
      process.stdout.write(createHash('sha256').update(JSON.stringify([w.products(), w.customers(), w.orders(), w.stock(), [...w.related()]])).digest('hex'))`;
    const there = execFileSync(
      process.execPath,
      [
        '--conditions=@facet/source',
        '--import',
        new URL('../../../../tools/dev/register.mjs', import.meta.url).href,
        '--input-type=module',
        '-e',
        script,
      ],
      {
        cwd: import.meta.dirname,
        encoding: 'utf8',
        env: { ...process.env, TZ: 'Pacific/Auckland', NODE_OPTIONS: '' },
      },
    );
    expect(there).toBe(here);
  });
});

function digest(): string {
  const all = [products(), customers(), orders(), stock(), [...related()]];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
