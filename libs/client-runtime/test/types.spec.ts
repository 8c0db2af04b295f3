import { describe, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import type { Answered, ProblemsOf } from '../src/index.js';
import type { ItemPiece, Shop } from './server.js';

type Value<T> = Extract<Awaited<T>, { ok: true }>;
type ProblemIn<T> =
  Awaited<T> extends infer R ? (R extends { ok: false; problem: infer P } ? P : never) : never;

describe('the types of a client', () => {
  test('are those of one input, whichever places its fields are sent in', () => {
    expectTypeOf<Parameters<Shop['item']>[0]>().toEqualTypeOf<{
      id: string;
      sizes?: number[];
      all?: boolean;
    }>();
    expectTypeOf<Parameters<Shop['order']>[0]>().toEqualTypeOf<{ lines: number[] }>();
  });

  test('name the parts that an answer may lack', () => {
    type Item = Value<ReturnType<Shop['item']>>;
    expectTypeOf<Item['degraded'][number]['part']>().toEqualTypeOf<'price' | 'stock'>();
    expectTypeOf<Answered<{ id: string }>['degraded'][number]>().toBeNever();
  });

  test('tell problems apart by their code, and leave room for codes that are not known yet', () => {
    type Refusal = ProblemIn<ReturnType<Shop['item']>>;
    expectTypeOf<Refusal>().toEqualTypeOf<ProblemsOf<{ 'item.gone': 410; 'overload.shed': 503 }>>();
    const told = (problem: Refusal) => {
      if (problem.code === 'item.gone') expectTypeOf(problem.status).toEqualTypeOf<410>();
      else if (problem.code === 'client.timeout') expectTypeOf(problem.status).toEqualTypeOf<number>();
      // @ts-expect-error there is no such code
      else if (problem.code === 'item.goen') return;
      else expectTypeOf(problem.code).extract<'client.undocumented'>().not.toBeNever();
    };
    expectTypeOf(told).toBeFunction();
  });

  test('are those of each piece of a stream', () => {
    type Piece = ReturnType<Shop['item']['stream']> extends AsyncIterable<infer P> ? P : never;
    expectTypeOf<Exclude<Piece, { event: 'error' }>>().toEqualTypeOf<ItemPiece>();
    expectTypeOf<Extract<Piece, { event: 'error' }>['problem']['code']>()
      .extract<'item.gone'>()
      .not.toBeNever();
    expectTypeOf<Shop['order']>().not.toHaveProperty('stream');
  });
});
