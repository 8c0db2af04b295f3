import type { RequestContext } from './context.js';

/** That a step has answered the request itself. */
export const ANSWERED = Symbol('answered');

/** The error that a request ends in, that it is answered, or that it goes on. */
export type Verdict = Error | typeof ANSWERED | undefined;

/** One thing that is done for a request before it is answered. At once wherever nothing has to be waited for. */
export type Step = (context: RequestContext) => Verdict | Promise<Verdict>;

/** Takes one step after the other, until one does not let the request go on. */
export function runSteps(
  steps: readonly Step[],
  context: RequestContext,
  from = 0,
): Verdict | Promise<Verdict> {
  for (let index = from; index < steps.length; index += 1) {
    const verdict = (steps[index] as Step)(context);
    if (verdict === undefined) continue;
    if (!(verdict instanceof Promise)) return verdict;
    return verdict.then((late) => late ?? runSteps(steps, context, index + 1));
  }
  return undefined;
}
