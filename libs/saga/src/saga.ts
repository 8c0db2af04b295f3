import type { ClientRequest, InputOf, Operation, OutputOf } from '@facet/contracts';
import type { z } from 'zod';

/** A command that may be repeated: its input carries an `idempotencyKey`, which the saga fills in. */
export type Command = Operation<z.ZodType, z.ZodType, 'command'>;

/** What inputs and results are handed: the request, and the answers of steps by their names. */
export type Context = Readonly<Record<string, unknown>>;

type WithoutKey<O extends Command> = Omit<InputOf<O>, 'idempotencyKey'>;

/** How a step is undone. */
export interface Compensation<C extends Command, Given> {
  readonly by: C;
  readonly input: (context: Given) => WithoutKey<C>;
  /**
   * Codes of refusals that mean that a later step has taken over what there was to undo, each with that step. Nothing is
   * left of this one where the later one is undone, or cannot be undone and is reported itself.
   */
  readonly supersededBy?: Readonly<Record<string, string>>;
  /**
   * True where this bars the way forward: once it is undone, a later step of the same key refuses. It is undone before
   * all others, so that a run that dies while it undoes is never finished with something undone already.
   */
  readonly first?: boolean;
}

interface StepOptions<O extends Command, C extends Command, Given, Own> {
  /** What to send, without its `idempotencyKey`. */
  readonly input: (context: Given) => WithoutKey<O>;
  /** Absent for a step that cannot be undone: it is reported when a later one fails. Put such steps last. */
  readonly compensate?: Compensation<C, Given & Own>;
  /** True for a step that changes nothing for anybody (it fixes a price for its key): there is nothing to undo. */
  readonly harmless?: boolean;
  /** Milliseconds for one attempt. */
  readonly timeoutMs?: number;
  /** How often the step is tried before the saga is given up. A refusal is never tried again. */
  readonly attempts?: number;
}

/** One step as the run sees it. */
export interface Step {
  readonly name: string;
  readonly operation: Command;
  readonly input: (context: Context) => object;
  readonly compensate?: Compensation<Command, Context>;
  readonly harmless: boolean;
  readonly timeoutMs: number;
  readonly attempts: number;
}

/** Past such a step there is no way back. */
export function isFinal({ compensate, harmless }: Step): boolean {
  return compensate === undefined && !harmless;
}

/** Several commands as one unit of work. */
export interface Saga<Input extends z.ZodType = z.ZodType, Result = unknown> {
  readonly name: string;
  readonly input: Input;
  /** Milliseconds for all steps together. */
  readonly deadlineMs: number;
  /** Milliseconds for undoing, from the moment that a step has failed. */
  readonly undoMs: number;
  readonly steps: readonly Step[];
  readonly result: (context: Context) => Result;
}

export interface SagaOptions<Input extends z.ZodType> {
  readonly input: Input;
  readonly deadlineMs?: number;
  readonly undoMs?: number;
}

type Fresh<Name extends string, Taken> = Name extends Taken | 'input' | 'caller' ? never : Name;

export interface SagaBuilder<Input extends z.ZodType, Values> {
  /** The next command, made from the request and the answers of the steps before it. */
  step<Name extends string, O extends Command, C extends Command = Command>(
    name: Fresh<Name, keyof Values>,
    operation: O,
    options: StepOptions<
      O,
      C,
      ClientRequest<z.output<Input>> & Values,
      { readonly [K in Name]: OutputOf<O> }
    >,
  ): SagaBuilder<Input, Values & { readonly [K in Name]: OutputOf<O> }>;

  /** Ends the declaration: the answer from all steps. */
  result<Result>(result: (context: ClientRequest<z.output<Input>> & Values) => Result): Saga<Input, Result>;
}

/** Begins a saga. Throws where an option is out of range, a name is taken or a command cannot be repeated. */
export function saga<Input extends z.ZodType>(
  name: string,
  options: SagaOptions<Input>,
): SagaBuilder<Input, unknown> {
  const { input, deadlineMs = 15_000, undoMs = 15_000 } = options;
  checkName(name, name);
  checkAbove0(name, { deadlineMs, undoMs });
  return builder({ name, input, deadlineMs, undoMs, steps: [] });
}

type Draft<Input extends z.ZodType> = Omit<Saga<Input>, 'result'>;

function builder<Input extends z.ZodType>(draft: Draft<Input>): SagaBuilder<Input, unknown> {
  const stages = {
    step: (name: string, operation: Command, options: Partial<Step> & Pick<Step, 'input'>) =>
      builder({ ...draft, steps: [...draft.steps, stepOf(draft, { ...options, name, operation })] }),
    result: (result: (context: Context) => unknown) => finish(draft, result),
  };
  // The one place where the checked types meet their loose form.
  return stages as unknown as SagaBuilder<Input, unknown>;
}

type Declared = Partial<Step> & Pick<Step, 'name' | 'operation' | 'input'>;

function stepOf(draft: Draft<z.ZodType>, declared: Declared): Step {
  const { name, operation, compensate, harmless = false, timeoutMs = 3_000, attempts = 2 } = declared;
  const where = `${draft.name}, step "${name}"`;
  checkName(where, name);
  if (name === 'input' || name === 'caller' || draft.steps.some((step) => step.name === name)) {
    throw new Error(`${where}: the name is taken`);
  }
  checkCommand(where, operation);
  if (compensate !== undefined) checkCommand(where, compensate.by);
  if (compensate !== undefined && harmless) {
    throw new Error(`${where}: a harmless step has nothing to undo; leave out "compensate" or "harmless"`);
  }
  checkAbove0(where, { timeoutMs, attempts });
  return Object.freeze({ ...declared, harmless, timeoutMs, attempts });
}

function checkCommand(where: string, operation: Operation): void {
  if (operation.kind !== 'command' || !operation.repeatable) {
    throw new Error(`${where}: ${operation.pattern} is not a command with an idempotencyKey`);
  }
}

/** Names are part of idempotency keys, which are at most 200 characters. */
function checkName(where: string, name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,59}$/.test(name)) {
    throw new Error(`${where}: a name is a letter followed by at most 59 letters, digits or ._-`);
  }
}

function checkAbove0(where: string, options: Record<string, number>): void {
  for (const [option, value] of Object.entries(options)) {
    if (!(value > 0)) throw new RangeError(`${where}: ${option} must be above 0, got ${value}`);
  }
}

function checkSuperseding({ name, steps }: Draft<z.ZodType>): void {
  for (const [index, step] of steps.entries()) {
    for (const superseding of Object.values(step.compensate?.supersededBy ?? {})) {
      if (steps.slice(index + 1).some((later) => later.name === superseding)) continue;
      throw new Error(
        `${name}, step "${step.name}": supersededBy names "${superseding}", which is no later step`,
      );
    }
  }
}

function finish(draft: Draft<z.ZodType>, result: (context: Context) => unknown): Saga {
  if (draft.steps.length === 0) throw new Error(`${draft.name}: a saga has at least one step`);
  checkSuperseding(draft);
  return Object.freeze({ ...draft, result });
}
