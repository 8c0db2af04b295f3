import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Product } from '@facet/shop-catalog';
import { categories, products } from '@facet/shop-sample-data';
import { startWorld, type World } from '@facet/testing';
import pg from 'pg';

type Image = Product['images'][number];

/** As the seed wrote it before pictures were drawn. */
const asItWas = (image: Image, path: string): Image => ({
  ...image,
  sizes: image.sizes.map((size) => ({
    ...size,
    url: `https://images.example.com/${path}-${size.name}.webp`,
  })),
});

let world: World;
let client: pg.Client;

beforeAll(async () => {
  world = await startWorld({ services: ['catalog'] });
  const url = new URL(world.database.url);
  url.pathname = `/${world.database.prefix}catalog`;
  client = new pg.Client({ connectionString: url.href });
  await client.connect();
}, 60_000);

afterAll(async () => {
  await client?.end();
  await world?.stop();
}, 60_000);

async function migrate(): Promise<void> {
  const file = new URL('../migrations/0003_pictures.sql', import.meta.url);
  for (const statement of (await readFile(file, 'utf8')).split('--> statement-breakpoint'))
    await client.query(statement);
}

async function imagesOf(table: 'products' | 'categories'): Promise<readonly unknown[]> {
  const column = table === 'products' ? 'images' : 'image';
  const { rows } = await client.query<{ value: unknown }>(
    `select ${column} as value from ${table} order by id`,
  );
  return rows.map(({ value }) => value);
}

test('a database that was seeded before has the pictures of one that is seeded now, and keeps those of its own', async () => {
  const own = [
    { alt: 'Ours', sizes: [{ name: 'small', width: 1, height: 1, url: 'https://cdn.test/1.webp' }] },
  ];
  await client.query('begin');
  const before = products().map(({ id, images }) => ({
    id,
    images: images.map((image, at) => asItWas(image, `products/${id}/${at + 1}`)),
  }));
  await client.query(
    'update products set images = old.images from jsonb_to_recordset($1) as old(id text, images jsonb) where products.id = old.id',
    [JSON.stringify(before)],
  );
  const first = categories()[0];
  if (first === undefined) throw new Error('there are no categories');
  await client.query('update categories set image = $1 where id = $2', [
    JSON.stringify(asItWas(first.image, `categories/${first.slug}`)),
    first.id,
  ]);
  await client.query("update products set images = $1 where id = 'prd_0002'", [JSON.stringify(own)]);
  await migrate();
  const expected = products().map(({ id, images }) => (id === 'prd_0002' ? own : images));
  expect(await imagesOf('products')).toEqual(expected);
  expect(await imagesOf('categories')).toEqual(categories().map(({ image }) => image));
  await client.query('rollback');
}, 60_000);
