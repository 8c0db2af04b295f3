import type { Call, ClientRequest, Operation, Signal } from '@facet/contracts';
import type { z } from 'zod';
import type { Saga } from './saga.js';

/** What a preparation is made from. */
export interface Preparing<Input> extends ClientRequest<Input> {
  readonly call: Call;
  readonly signal: Signal;
  readonly deadline: number;
}

/** How what one kind of client sends becomes the input of a saga that several kinds share. */
export interface Preparation<Input extends z.ZodType = z.ZodType, S extends Saga = Saga> {
  /** What the client sends. */
  readonly input: Input;
  /** The queries that it makes: all of them before the first command. */
  readonly reads?: readonly Operation<z.ZodType, z.ZodType, 'query'>[];
  /** Codes of its own refusals, each with its HTTP status. */
  readonly problems?: Readonly<Record<string, number>>;
  /** For the same key it must give the same, or the services refuse the key as reused. */
  readonly prepare: (context: Preparing<z.output<Input>>) => InputOfSaga<S> | Promise<InputOfSaga<S>>;
}

export type InputOfSaga<S extends Saga> = S extends Saga<infer Input> ? z.output<Input> : never;
