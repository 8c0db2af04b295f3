import type { Money, OutputOf } from '@facet/contracts';
import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { catalog, inventory } from '../test/contracts.js';
import { aggregate, type AnswerOf } from './index.js';
import type { PathOf, PickOf } from './fields.js';

const draft = aggregate('test.types', { input: z.strictObject({ id: z.string() }) });
const levels = (ids: string[]) => ({ ids });
type Levels = OutputOf<typeof inventory.levels>;

/** Declarations that must not compile are never carried out. */
const never = (_declaration: () => unknown): void => undefined;

describe('the types of an aggregation', () => {
  test('let fields be read that were asked for, and no others', () => {
    draft
      .required('product', catalog.product, {
        input: ({ input }) => ({ id: input.id }),
        fields: ['title', 'price.amount', 'images.sizes.url'],
      })
      .shape(({ product }) => {
        expectTypeOf(product).toEqualTypeOf<{
          title: string;
          price: { amount: number };
          images: { sizes: { url: string }[] }[];
        }>();
        // @ts-expect-error: the currency was not asked for
        never(() => product.price.currency);
        // @ts-expect-error: neither was the brand
        never(() => product.brand);
        return {};
      });
  });

  test('refuse a field that the output does not have', () => {
    never(() =>
      draft.required('product', catalog.product, {
        input: ({ input }) => ({ id: input.id }),
        // @ts-expect-error: a product has no colour
        fields: ['colour'],
      }),
    );
  });

  test('make an optional part without a default possibly undefined', () => {
    draft
      .optional('stock', inventory.levels, { input: ({ input }) => levels([input.id]) })
      .shape(({ stock }) => {
        expectTypeOf(stock).toEqualTypeOf<Levels | undefined>();
        // @ts-expect-error: it may be absent
        never(() => stock.items);
        return {};
      });
  });

  test('make an optional part with a default always there', () => {
    draft
      .optional('stock', inventory.levels, {
        input: ({ input }) => levels([input.id]),
        default: { items: [] },
      })
      .shape(({ stock }) => {
        expectTypeOf(stock).toEqualTypeOf<Levels>();
        return {};
      });
  });

  test('hold a default to the type of the part', () => {
    never(() =>
      draft.optional('stock', inventory.levels, {
        input: ({ input }) => levels([input.id]),
        // @ts-expect-error: items are a list
        default: { items: 'none' },
      }),
    );
  });

  test('let a part need parts that are declared before it, and no others: a circle cannot be written', () => {
    never(() =>
      draft.optional('stock', inventory.levels, {
        // @ts-expect-error: there is no such part yet
        needs: ['product'],
        input: () => undefined,
      }),
    );
    never(() =>
      draft
        .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }) })
        .optional('stock', inventory.levels, {
          // @ts-expect-error: it is there, but it was not named in `needs`
          input: ({ product }) => levels([(product as { id: string }).id]),
        }),
    );
  });

  test('do not let the first part of an answer need a deferred one', () => {
    const deferred = draft.deferred('product', catalog.product, { input: ({ input }) => ({ id: input.id }) });
    never(() =>
      deferred.optional('stock', inventory.levels, {
        // @ts-expect-error: the product arrives later
        needs: ['product'],
        input: () => undefined,
      }),
    );
    never(() =>
      // @ts-expect-error: the shape is made before it arrives
      deferred.shape(({ product }) => ({ product: product as unknown })),
    );
  });

  test('refuse a name that is taken', () => {
    never(() =>
      draft
        .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }) })
        // @ts-expect-error: twice the same name
        .optional('product', catalog.product, { input: () => undefined }),
    );
    never(() =>
      // @ts-expect-error: the request's own input has this name
      draft.required('input', catalog.product, { input: ({ input }) => ({ id: input.id }) }),
    );
  });

  test('refuse a command as a part, and an input that the operation does not take', () => {
    never(() =>
      // @ts-expect-error: parts never change anything
      draft.required('price', catalog.setPrice, { input: () => ({}) }),
    );
    never(() =>
      // @ts-expect-error: an id is text
      draft.required('product', catalog.product, { input: () => ({ id: 1 }) }),
    );
    never(() =>
      // @ts-expect-error: a required part always has something to ask
      draft.required('product', catalog.product, { input: () => undefined }),
    );
  });

  test('refuse to ask for one thing by the ids of another', () => {
    const page = draft.required('reviews', catalog.reviews, {
      input: ({ input }) => ({ productId: input.id }),
    });
    page.optional('product', catalog.product, {
      needs: ['reviews'],
      input: ({ reviews }) => reviews.items[0] && { id: reviews.items[0].productId },
    });
    never(() =>
      page.optional('product', catalog.product, {
        needs: ['reviews'],
        // @ts-expect-error: a review is no product
        input: ({ reviews }) => reviews.items[0] && { id: reviews.items[0].id },
      }),
    );
    never(() =>
      page.optional('stock', inventory.levels, {
        needs: ['reviews'],
        // @ts-expect-error: a review is no product, nor is a list of them
        input: ({ reviews }) => ({ ids: reviews.items.map(({ id }) => id) }),
      }),
    );
  });

  test('give the answer its deferred parts as fields, possibly absent without a default', () => {
    const page = draft
      .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }), fields: ['title'] })
      .deferred('reviews', catalog.reviews, {
        input: ({ input }) => ({ productId: input.id }),
        shape: ({ reviews, input }) => ({ of: input.id, count: reviews.total }),
      })
      .deferred('related', catalog.productsByIds, {
        needs: ['reviews'],
        input: ({ reviews }) => reviews && levels(reviews.items.map(({ productId }) => productId)),
        fields: ['items.price'],
        default: { items: [] },
      })
      .deferred('stock', inventory.levels, {
        needs: ['related'],
        input: () => undefined,
        hidden: true,
      })
      .shape(({ product }) => ({ title: product.title }));
    expect(page.parts.map(({ name }) => name)).toEqual(['product', 'reviews', 'related', 'stock']);
    expectTypeOf<AnswerOf<typeof page>>().toEqualTypeOf<{
      title: string;
      readonly reviews?: { of: string; count: number };
      readonly related: { items: { price: Money }[] };
    }>();
  });
});

describe('the types of a part that is opaque', () => {
  test('let it be placed and not be read, and show a client what the service promises', () => {
    const page = draft
      .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }), opaque: true })
      .optional('reviews', catalog.reviews, {
        input: ({ input }) => ({ productId: input.id }),
        fields: ['total'],
        opaque: true,
      })
      .deferred('again', catalog.product, { input: ({ input }) => ({ id: input.id }), opaque: true })
      .shape(({ product, reviews }) => {
        // @ts-expect-error: nobody looks into it
        never(() => product.title);
        // @ts-expect-error: nor into one that may be absent
        never(() => reviews?.total);
        return { product, reviews, list: [product] };
      });
    type Product = OutputOf<typeof catalog.product>;
    expect(page.parts.map(({ opaque }) => opaque)).toEqual([true, true, true]);
    expectTypeOf<AnswerOf<typeof page>>().toEqualTypeOf<{
      product: Product;
      reviews: { total: number } | undefined;
      list: Product[];
      readonly again?: Product;
    }>();
  });

  test('let one field of it be placed', () => {
    const _page = draft
      .required('reviews', catalog.reviews, {
        input: ({ input }) => ({ productId: input.id }),
        opaque: 'total',
      })
      .optional('again', catalog.reviews, {
        input: ({ input }) => ({ productId: input.id }),
        opaque: 'total',
        default: 0,
      })
      .shape(({ reviews, again }) => {
        // @ts-expect-error: nobody looks into it
        never((): number => reviews);
        return { reviews, again };
      });
    never(() =>
      draft.required('reviews', catalog.reviews, {
        input: ({ input }) => ({ productId: input.id }),
        // @ts-expect-error: no field of it
        opaque: 'no',
      }),
    );
    expectTypeOf<AnswerOf<typeof _page>>().toEqualTypeOf<{ reviews: number; again: number }>();
  });

  test('keep it from making the input of another', () => {
    draft
      .required('product', catalog.product, { input: ({ input }) => ({ id: input.id }), opaque: true })
      .required('reviews', catalog.reviews, {
        needs: ['product'],
        // @ts-expect-error: its id is not to be had
        input: ({ product }) => ({ productId: product.id as string }),
      });
  });
});

describe('paths', () => {
  interface Tree {
    id: string;
    leaf?: { size: number } | null;
    list: { name: string }[];
  }

  test('go through lists, and through what may be absent', () => {
    expectTypeOf<PathOf<Tree>>().toEqualTypeOf<'id' | 'leaf' | 'leaf.size' | 'list' | 'list.name'>();
    expectTypeOf<PickOf<Tree, 'leaf.size' | 'list.name'>>().toEqualTypeOf<{
      leaf?: { size: number } | null;
      list: { name: string }[];
    }>();
  });
});
