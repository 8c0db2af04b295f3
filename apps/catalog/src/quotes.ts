import { Injectable } from '@nestjs/common';
import type { Money, OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, type Transaction } from '@facet/service';
import { catalog } from '@facet/shop-catalog';
import { inArray } from 'drizzle-orm';
import { products } from './schema.js';

type Input = ParsedInputOf<typeof catalog.quote>;
type Quote = OutputOf<typeof catalog.quote>;

/** Says what a basket costs, once per key: what was said is kept with the key. */
@Injectable()
export class Quotes {
  constructor(private readonly commands: Commands) {}

  quote(input: Input): Promise<Quote> {
    return this.commands.once(catalog.quote, input, async (tx) => {
      const lines = await priced(tx, input.lines);
      const total = totalOf(lines);
      const { expectedTotal } = input;
      if (expectedTotal !== undefined && !isSame(expectedTotal, total)) {
        throw new Fault('catalog.price-changed', 409, 'this costs another amount than was expected', {
          fields: [{ field: 'expectedTotal', message: `is ${total.amount} ${total.currency} now` }],
        });
      }
      return { lines, total };
    });
  }
}

async function priced(tx: Transaction, asked: Input['lines']): Promise<Quote['lines']> {
  const { id, title, priceAmount: amount, priceCurrency: currency } = products;
  const ids = [...new Set(asked.map(({ productId }) => productId))];
  const rows = await tx.select({ id, title, amount, currency }).from(products).where(inArray(id, ids));
  const known = new Map(rows.map((row) => [row.id, row]));
  refuseUnknown(asked.flatMap(({ productId }, index) => (known.has(productId) ? [] : [index])));
  return asked.flatMap(({ productId, quantity }) => {
    const product = known.get(productId);
    if (product === undefined) return [];
    const unitPrice = { amount: product.amount, currency: product.currency };
    return [{ productId, title: product.title, quantity, unitPrice }];
  });
}

function refuseUnknown(indices: readonly number[]): void {
  if (indices.length === 0) return;
  throw new Fault('catalog.product-not-found', 404, 'there is no such product', {
    fields: indices.map((index) => ({
      field: `lines.${index}.productId`,
      message: 'There is no such product.',
    })),
  });
}

function totalOf(lines: Quote['lines']): Money {
  const [currency = '', ...others] = new Set(lines.map(({ unitPrice }) => unitPrice.currency));
  if (others.length > 0) {
    throw new Fault('catalog.mixed-currencies', 422, 'what is bought together is sold in one currency', {
      fields: [{ field: 'lines', message: `are in ${[currency, ...others].join(' and ')}` }],
    });
  }
  return {
    amount: lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0),
    currency,
  };
}

function isSame(one: Money, other: Money): boolean {
  return one.amount === other.amount && one.currency === other.currency;
}
