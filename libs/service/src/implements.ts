import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { Caller, Operation, OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { z } from 'zod';
import { checkOperationAccess } from '@facet/access';
import { withOwnKey } from './caller-key.js';
import { contextOf, type ServiceContext, type WireContext } from './context.js';
import { pickAsked } from './fields.js';
import { reportingTo } from './handler-times.js';

export type Handler<O extends Operation> = (
  input: ParsedInputOf<O>,
  context: ServiceContext,
) => Promise<OutputOf<O>>;

/**
 * Makes a controller's method the handler of an operation. Its input has passed the contract's schema (else the
 * caller gets `input.invalid`, 400, naming the fields); its answer is held to the contract before it leaves. A
 * command's `idempotencyKey` reaches the handler as its caller's own.
 */
export function Implements<O extends Operation>(operation: O) {
  return <H extends Handler<O>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    const handler = descriptor.value as Handler<O>;
    const compiled = withCompiledSchemas(operation);
    const checked = async function (this: unknown, data: unknown, wire: WireContext): Promise<unknown> {
      const context = contextOf(wire);
      const input = inputFor(operation, parseInput(compiled, data), context.caller);
      const answered = reportingTo(wire.times, () => handler.call(this, input, context));
      const answer = checkOutput(compiled, await answered);
      return pickAsked(answer, wire);
    };
    descriptor.value = checked as unknown as H;
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    MessagePattern(operation.message ?? operation.pattern)(target, key, descriptor);
  };
}

/** The same operation; its schemas are code, where this process may make code of text: a fifth of the time for each answer. */
function withCompiledSchemas<O extends Operation>(operation: O): O {
  return { ...operation, input: z.compile(operation.input), output: z.compile(operation.output) };
}

/** What the handler gets, once the caller has been held against the contract. */
function inputFor<O extends Operation>(
  operation: O,
  input: ParsedInputOf<O>,
  caller: Caller | undefined,
): ParsedInputOf<O> {
  if (caller === undefined) return input;
  checkOperationAccess(operation, input, caller);
  return operation.kind === 'command' ? withOwnKey(input, caller) : input;
}

function parseInput<O extends Operation>(operation: O, data: unknown): ParsedInputOf<O> {
  const parsed = operation.input.safeParse(data ?? {});
  if (parsed.success) return parsed.data as ParsedInputOf<O>;
  throw new Fault('input.invalid', 400, `invalid input for ${operation.pattern}`, {
    fields: parsed.error.issues.flatMap(fieldsOf),
  });
}

/** An unknown key is reported by zod on the object that has it: name the key instead. */
function fieldsOf(issue: z.core.$ZodIssue) {
  const names = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
  return names.map((name) => ({
    field: [...issue.path, ...(name === undefined ? [] : [name])].map(String).join('.'),
    message: name === undefined ? issue.message : 'is not known here',
  }));
}

function checkOutput<O extends Operation>(operation: O, answer: unknown): OutputOf<O> {
  const parsed = operation.output.safeParse(answer);
  if (parsed.success) return parsed.data as OutputOf<O>;
  throw new Error(`${operation.pattern} broke its contract: ${describe(parsed.error)}`);
}

/** Where and what kind; never the values. */
function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`)
    .join('; ');
}
