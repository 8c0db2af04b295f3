import type { RequestContext } from './context.js';

/** That a step has answered the request itself. */
export const ANSWERED = Symbol('answered');

/** The error that a request ends in, that it is answered, or that it goes on. */
export type StepResult = Error | typeof ANSWERED | undefined;

/** One thing that is done for a request before it is answered. At once wherever nothing has to be waited for. */
export type Step = (context: RequestContext) => StepResult | Promise<StepResult>;

/** Takes one step after the other, until one does not let the request go on. */
export function runSteps(
  steps: readonly Step[],
  context: RequestContext,
  from = 0,
): StepResult | Promise<StepResult> {
  for (let index = from; index < steps.length; index += 1) {
    const refusal = (steps[index] as Step)(context);
    if (refusal === undefined) continue;
    if (!(refusal instanceof Promise)) return refusal;
    return refusal.then((late) => late ?? runSteps(steps, context, index + 1));
  }
  return undefined;
}
