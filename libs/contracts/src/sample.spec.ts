import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { money, text, timestamp } from './common.js';
import { id } from './id.js';
import { sampleOf } from './sample.js';

const productId = id('product', { owner: 'nobody', schema: z.string().regex(/^[a-z0-9-]+$/) });

describe('a sample', () => {
  test('fits its schema, with an item in every list', () => {
    const schema = z.strictObject({
      id: productId,
      title: text(80),
      price: money,
      at: timestamp,
      kind: z.enum(['chair', 'lamp']),
      tags: z.array(z.string()).min(2),
      stars: z.number().min(3),
      note: z.string().optional(),
    });
    const sample = sampleOf(schema) as z.output<typeof schema>;
    expect(schema.parse(sample)).toEqual(sample);
    expect(sample.tags.length).toBe(2);
    expect(sample).not.toHaveProperty('note');
  });

  test('has the same id everywhere, so that two samples join', () => {
    const list = sampleOf(z.strictObject({ items: z.array(z.strictObject({ id: productId })) }));
    expect(list).toEqual({ items: [{ id: sampleOf(productId) }] });
  });

  test('of a schema that contains itself ends, and one of several that hold together has the fields of all', () => {
    const tree = z.object({
      name: z.string(),
      get branches(): z.ZodArray<typeof tree> {
        return z.array(tree);
      },
    });
    expect(tree.safeParse(sampleOf(tree)).success).toBe(true);
    const both = z.intersection(z.object({ a: z.string() }), z.object({ b: z.ipv4() }));
    expect(sampleOf(both)).toEqual({ a: 'sample-1', b: '192.0.2.1' });
    expect(sampleOf(z.undefined())).toBeUndefined();
  });

  test('that cannot be found is an error that names the field', () => {
    const schema = z.strictObject({ code: z.string().regex(/^XQ-\d{9}$/) });
    expect(() => sampleOf(schema)).toThrow(/no sample fits \(code: /);
  });
});
