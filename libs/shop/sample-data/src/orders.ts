import type { Order } from '@facet/shop-orders';
import { customers, type SampleCustomer } from './customers.js';
import { byPopularity, shelves, weightOfRank } from './popularity.js';
import type { SampleProduct } from './products.js';
import { once, Random, weighted } from './random.js';
import { CURRENCY, DAY_MS, idOf, worldBegins, worldEnds } from './world.js';

export type SampleOrder = Order & { readonly paymentId: string };

const ORDERS = 5_000;

/** 5,000 orders over the two years that the world lasts, oldest first and denser towards its end. All are paid. */
export const orders = once((): readonly SampleOrder[] => {
  const random = new Random('orders');
  const draw = drawProducts();
  const drawCustomer = weighted(customers().map((_, index) => 1 / (index + 20)));
  return momentsOf(random).map((createdAt, index) => {
    const customer = customers()[drawCustomer(random)] as SampleCustomer;
    const lines = draw(random, createdAt.toISOString()).map(({ id, title, price }) => ({
      productId: id,
      title,
      quantity: random.pick([1, 1, 1, 1, 1, 1, 2, 2, 3]),
      unitPrice: price,
    }));
    return {
      id: idOf('ord', index + 1, 6),
      customerId: customer.id,
      reference: null,
      ...progressOf(createdAt, random),
      lines,
      total: {
        amount: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0),
        currency: CURRENCY,
      },
      shippingAddress: shippingAddressOf(customer),
      paymentId: idOf('pay', index + 1, 6),
      reservationId: null,
      createdAt: createdAt.toISOString(),
    };
  });
});

function momentsOf(random: Random): Date[] {
  const length = worldEnds.getTime() - worldBegins.getTime();
  return Array.from({ length: ORDERS }, () => Math.floor(random.next() ** 0.7 * length))
    .sort((a, b) => a - b)
    .map((offset) => new Date(worldBegins.getTime() + offset));
}

/** What a basket is filled with: something well-known, and things that go with it. */
function drawProducts(): (random: Random, at: string) => SampleProduct[] {
  const known = byPopularity();
  const drawAny = weighted(known.map((_, rank) => weightOfRank(rank)));
  const drawNear = weighted(Array.from({ length: 24 }, (_, rank) => 1 / (rank + 3)));
  return (random, at) => {
    const basket = new Map<string, SampleProduct>();
    const size = random.pick([1, 1, 1, 2, 2, 2, 3, 3, 4, 5]);
    while (basket.size < size) {
      const [first] = basket.values();
      const near = shelves().get(first?.categoryId ?? '');
      const isNear = near !== undefined && random.chance(0.65);
      const next = isNear ? near[drawNear(random)] : known[drawAny(random)];
      if (next !== undefined && next.createdAt < at) basket.set(next.id, next);
    }
    return [...basket.values()];
  };
}

function progressOf(createdAt: Date, random: Random): Pick<Order, 'status' | 'updatedAt'> {
  const age = (worldEnds.getTime() - createdAt.getTime()) / DAY_MS;
  const after = (days: number) =>
    new Date(Math.min(createdAt.getTime() + days * DAY_MS, worldEnds.getTime())).toISOString();
  if (random.chance(0.03)) return { status: 'cancelled', updatedAt: after(0.5 * random.next()) };
  if (age < 1.5) return { status: 'confirmed', updatedAt: after(0.001) };
  if (age < 5) return { status: 'shipped', updatedAt: after(1 + 0.5 * random.next()) };
  return { status: 'delivered', updatedAt: after(2 + 3 * random.next()) };
}

function shippingAddressOf({ addresses: [home] }: SampleCustomer): Order['shippingAddress'] {
  if (home === undefined) throw new RangeError('a customer without an address cannot order');
  const { recipient, street, postalCode, city, country } = home;
  return { recipient, street, postalCode, city, country };
}
