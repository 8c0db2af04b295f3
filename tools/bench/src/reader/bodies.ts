import type { Operation } from '@facet/contracts';
import { shelf } from './contract.js';

/** One part of a screen: the operation, the fields that the screen shows, and an answer as its service writes it. */
export interface Part {
  readonly operation: Operation;
  readonly fields: readonly string[];
  readonly body: Buffer;
  /** The same from a service that writes fields which the contract does not know, in every element. */
  readonly surplus: Buffer;
}

const card = ['id', 'title', 'price', 'images.sizes.name', 'images.sizes.url', 'rating.average'];
const cards = card.map((field) => `items.${field}`);

/** The parts of a phone's first screen. */
export function homeParts(): readonly Part[] {
  const [hero, ...items] = Array.from({ length: 9 }, (_, index) => productOf(index));
  return [
    partOf(shelf.featured, ['hero.headline', ...card.map((field) => `hero.product.${field}`), ...cards], {
      hero: { headline: 'The lamp for long evenings', text: 'Warm light, and no glare.', product: hero },
      items: items.slice(0, 4),
    }),
    partOf(shelf.products, cards, { items: items.slice(4) }),
    partOf(shelf.levels, ['items.id', 'items.status'], {
      items: Array.from({ length: 9 }, (_, index) => levelOf(index)),
    }),
    partOf(shelf.orders, ['items.id', 'items.status', 'items.total'], {
      items: Array.from({ length: 6 }, (_, index) => orderOf(index)),
      page: 1,
      total: 6,
    }),
  ];
}

function partOf(
  operation: Operation,
  fields: readonly string[],
  answer: Readonly<Record<string, unknown>> & { items: readonly object[] },
): Part {
  const odd = {
    ...answer,
    items: answer.items.map((item) => ({ ...item, _v: 1, meta: { by: ['a', 'b'] } })),
  };
  return {
    operation,
    fields,
    body: Buffer.from(JSON.stringify(answer)),
    surplus: Buffer.from(JSON.stringify(odd)),
  };
}

const numberOf = (index: number): string => String(index).padStart(4, '0');
const priceOf = (index: number) => ({ amount: 1_990 + index * 250, currency: 'EUR' });
const sizes = { thumb: 96, small: 240, medium: 480, large: 960, original: 2_000 };

function productOf(index: number) {
  const id = `prd_${numberOf(index)}`;
  const title = `Hollow & Oak Reading Lamp No. ${String(index)}`;
  const pictures = Object.entries(sizes).map(([name, width]) => ({
    name,
    width,
    height: (width * 3) / 4,
    url: `https://images.example.com/products/${id}/1-${name}.webp`,
  }));
  return {
    id,
    sku: `LIG-REA-${numberOf(index)}`,
    title,
    brand: 'Hollow & Oak',
    categoryId: 'cat_01',
    summary: 'A lamp that lights the page and not the room, and folds away.',
    description: 'It is turned from one piece of ash and oiled by hand, twice. '.repeat(12).trim(),
    price: priceOf(index),
    images: [{ alt: title, sizes: pictures }],
    attributes: [
      { name: 'Material', value: 'Ash' },
      { name: 'Height', value: '42 cm' },
      { name: 'Guarantee', value: '5 years' },
    ],
    rating: { average: 4.3, count: 128 + index },
    createdAt: '2025-01-10T08:00:00.000Z',
    updatedAt: '2025-06-01T08:00:00.000Z',
  };
}

function levelOf(index: number) {
  const warehouses = ['Berlin', 'Bergamo', 'Lyon'].map((name) => ({
    code: name.slice(0, 3),
    name,
    available: 14,
  }));
  return { id: `prd_${numberOf(index)}`, status: 'in-stock', available: 42, warehouses };
}

function orderOf(index: number) {
  const lines = Array.from({ length: 3 }, (_, line) => ({
    productId: `prd_${numberOf(line)}`,
    title: `Hollow & Oak Reading Lamp No. ${String(line)}`,
    quantity: 1,
    unitPrice: priceOf(line),
  }));
  return {
    id: `ord_${numberOf(index)}`,
    status: 'confirmed',
    reference: null,
    lines,
    total: priceOf(index),
    createdAt: '2025-06-01T08:00:00.000Z',
  };
}
