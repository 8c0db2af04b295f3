import type { OutputOf } from '@facet/contracts';
import type { catalog, Product } from '@facet/shop-catalog';
import type { StockLevel } from '@facet/shop-inventory';
import type { Order } from '@facet/shop-orders';
import type { recommendations } from '@facet/shop-recommendations';
import type { reviews } from '@facet/shop-reviews';

/**
 * Valid values of the sample contracts, as heavy as real ones, so that budgets in bytes mean something. Each takes an
 * id; what a spec cares about it sets itself.
 */
const SIZES = { thumb: 96, small: 320, medium: 640, large: 1_280, original: 2_400 } as const;

function image(id: string) {
  const sizes = Object.entries(SIZES).map(([name, width]) => ({
    name: name as keyof typeof SIZES,
    width,
    height: width,
    url: `/pictures/1/products/${id}/brass/brushed-aluminium/front.svg`,
  }));
  return { alt: `Picture of ${id}`, sizes };
}

export function sampleProduct(id: string): Product {
  return {
    id,
    sku: `SKU-${id.toUpperCase()}`,
    title: `A well-made thing, ${id}`,
    brand: 'Hollow & Oak',
    categoryId: 'lighting',
    summary: 'A lamp that lights the page and not the room, and folds away.',
    description: 'It is turned from one piece of ash and oiled by hand, twice. '.repeat(16).trim(),
    price: { amount: 8_400, currency: 'EUR' },
    images: [image(id)],
    attributes: [
      { name: 'Material', value: 'Ash' },
      { name: 'Height', value: '42 cm' },
    ],
    rating: { average: 4.3, count: 128 },
    createdAt: '2025-01-10T08:00:00.000Z',
    updatedAt: '2025-06-01T08:00:00.000Z',
  };
}

export function sampleCategory(slug: string): OutputOf<typeof catalog.categories>['items'][number] {
  const text = 'What is needed for it, chosen with care.';
  return { id: slug, slug, name: `All of ${slug}`, description: text, productCount: 84, image: image(slug) };
}

export function sampleReviews(productId: string): OutputOf<typeof reviews.ofProduct> {
  const items = ['first', 'second'].map((id) => ({
    id,
    productId,
    author: 'Jonas H.',
    stars: 4,
    title: 'Happy with it',
    text: 'It does what it should, and looks well while it does it. '.repeat(4).trim(),
    createdAt: '2025-03-01T08:00:00.000Z',
  }));
  const rating = { average: 4.3, count: 128 };
  return { rating, histogram: [2, 4, 12, 40, 70], items, page: 1, pageSize: 10, total: 128 };
}

export function sampleStock(id: string): StockLevel {
  const warehouses = [
    { code: 'HAM', name: 'Hamburg', available: 30 },
    { code: 'LYS', name: 'Lyon', available: 12 },
  ];
  return { id, status: 'in-stock', available: 42, warehouses };
}

export function sampleRecommendations(...ids: string[]): OutputOf<typeof recommendations.related> {
  return { items: ids.map((productId) => ({ productId, score: 0.8, reason: 'bought-together' })) };
}

/** A confirmed order of these products, two of each. */
export function sampleOrder(id: string, ...productIds: string[]): Order {
  const unitPrice = { amount: 8_400, currency: 'EUR' };
  return {
    id,
    customerId: 'cus_0001',
    reference: null,
    status: 'confirmed',
    lines: productIds.map((productId) => ({
      productId,
      title: `A well-made thing, ${productId}`,
      quantity: 2,
      unitPrice,
    })),
    total: { amount: productIds.length * 2 * unitPrice.amount, currency: unitPrice.currency },
    shippingAddress: {
      recipient: 'Ada Byron',
      street: 'Lindenweg 4',
      postalCode: '20095',
      city: 'Hamburg',
      country: 'DE',
    },
    paymentId: 'pay_1',
    reservationId: 'rsv_1',
    createdAt: '2025-06-01T08:00:00.000Z',
    updatedAt: '2025-06-01T08:00:01.000Z',
  };
}
