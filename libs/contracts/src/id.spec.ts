import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';
import { customerId, id, idsIn } from './id.js';
import { command, query, service, type InputOf, type OperationAccess, type OutputOf } from './operation.js';

const articleId = id('article', { owner: 'nobody' });
const parcelId = id('parcel', { owner: 'customer' });
const output = z.strictObject({ id: parcelId });

/** Declarations that must not compile are not carried out: what they throw otherwise is another test's. */
const never = (_declaration: () => unknown): void => undefined;

/** A declaration as JavaScript writes it: nothing is checked before it runs. */
const loose = (definition: object): never => definition as never;

/** As JavaScript, or a schema whose type is not known, would declare it. */
const declare = (input: z.ZodObject, access?: OperationAccess) => () =>
  query(loose({ summary: 'One', input, output, ...(access === undefined ? {} : { access }) }));

describe('an id', () => {
  test('is short, printable and safe in a path', () => {
    expect(['prd_1', 'a', '0.1:x-y'].map((each) => articleId.safeParse(each).success)).toEqual([
      true,
      true,
      true,
    ]);
    for (const bad of ['', '../x', 'a b', '-a', 'a'.repeat(65), 7])
      expect(articleId.safeParse(bad).success).toBe(false);
  });

  test('may have another schema, such as a number', () => {
    const number = id('invoice', { owner: 'customer', schema: z.int().positive() });
    expect([number.safeParse(7).success, number.safeParse('7').success]).toEqual([true, false]);
    expect(idsIn(z.strictObject({ number }))).toEqual([
      { at: 'number', entity: 'invoice', owner: 'customer' },
    ]);
  });

  test('belongs to the same owner wherever it is declared', () => {
    expect(() => id('parcel', { owner: 'nobody' })).toThrow(
      'the ids of "parcel" cannot be of nobody: elsewhere they are of customer',
    );
  });

  test('is found at any depth of a schema, also where only its name says that it is an id', () => {
    const line = z.strictObject({ articleId, note: z.string() });
    const input = z.strictObject({
      id: parcelId.nullable().describe('which'),
      lines: z.array(line).min(1),
      by: z.union([z.strictObject({ customerId }), z.strictObject({ guestId: z.string() })]).optional(),
      ids: z.array(z.int()),
      named: z.record(z.string(), articleId),
      idempotencyKey: z.string(),
      paid: z.string(),
    });
    const nobody = { owner: 'nobody' };
    expect(idsIn(input)).toEqual([
      { at: 'id', entity: 'parcel', owner: 'customer' },
      { at: 'lines[].articleId', entity: 'article', ...nobody },
      { at: 'by.customerId', entity: 'customer', owner: 'customer' },
      { at: 'by.guestId' },
      { at: 'ids[]' },
      { at: 'named.*', entity: 'article', ...nobody },
    ]);
  });

  test('is given as text, and an id of another entity does not compile', () => {
    const parcels = service('parcels', {
      read: query({
        summary: 'One',
        access: { owner: 'customerId' },
        input: z.strictObject({ id: parcelId, customerId }),
        output: z.strictObject({ articleId }),
      }),
    });
    expect(parcels.read.pattern).toBe('parcels.read');
    const take = (_input: InputOf<typeof parcels.read>) => undefined;
    take({ id: 'text', customerId: 'text' });
    const answer: OutputOf<typeof parcels.read> = { articleId: 'a' };
    expectTypeOf<typeof answer.articleId>().toExtend<string>();
    // @ts-expect-error: an article is no parcel
    never(() => take({ id: answer.articleId, customerId: 'text' }));
  });
});

describe('an operation that asks for an id of something that belongs to a customer', () => {
  const input = z.strictObject({ id: parcelId });
  const lines = z.strictObject({ lines: z.array(z.strictObject({ parcelId: parcelId.optional() })) });
  const unnamed = z.strictObject({ orderId: z.string() });

  test('has an owner, or does not compile', () => {
    // @ts-expect-error: whose is it?
    never(() => query({ summary: 'One', input, output }));
    // @ts-expect-error: scopes say nothing of whose it is
    never(() => query({ summary: 'One', access: { scopes: ['parcels:read'] }, input, output }));
    // @ts-expect-error: however deep it is, and whether or not it has to be given
    never(() => command({ summary: 'Some', input: lines, output }));
    // @ts-expect-error: an id of which nobody knows what it is
    never(() => command({ summary: 'One', input: unnamed, output }));
    query({ summary: 'One', input: z.strictObject({ articleId, q: z.string().optional() }), output });
  });

  test.each([
    [input, '"id", an id of parcel, which a customer owns'],
    [lines, '"lines[].parcelId", an id of parcel'],
    [unnamed, '"orderId", an id that names no entity'],
    [z.strictObject({ ids: z.array(z.int()) }), '"ids[]", an id that names no entity'],
  ])('is refused without one where types say nothing', (asked, message) => {
    expect(declare(asked)).toThrow(message);
    expect(declare(asked, { scopes: ['parcels:read'] })).toThrow(message);
    expect(() => command(loose({ summary: 'One', input: asked, output }))).toThrow(message);
    expect(declare(asked.extend({ customerId }), { owner: 'customerId' })).not.toThrow();
  });

  test('is refused without one where it contains itself', () => {
    const tree = z.object({
      parcelId,
      get branches(): z.ZodArray<typeof tree> {
        return z.array(tree);
      },
    });
    // @ts-expect-error: whose is it?
    const asking = () => command({ summary: 'One', input: tree, output });
    expect(asking).toThrow('an id of parcel');
  });

  test("has an owner that states in words why any customer's may be asked for", () => {
    expect(declare(input, { owner: { anybody: 'operators look after all parcels' } })).not.toThrow();
    expect(declare(input, { owner: { anybody: ' ' } })).toThrow('access.owner.anybody says why, in words');
  });

  test('needs no owner where no customer owns any of its ids', () => {
    expect(declare(z.strictObject({ id: articleId, q: z.string() }))).not.toThrow();
  });
});

test('a query by ids answers with ids of the same entity', () => {
  const byIds = { ids: 'ids', items: 'items', key: 'id', max: 10 };
  const asking = (key: z.ZodType) => () =>
    query({
      summary: 'Articles',
      input: z.strictObject({ ids: z.array(articleId) }),
      output: z.strictObject({ items: z.array(z.strictObject({ id: key })) }),
      byIds,
    });
  expect(asking(articleId)).not.toThrow();
  expect(asking(parcelId)).toThrow('it is asked by ids of article and answers with ids of parcel');
});
