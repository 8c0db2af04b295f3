import { Fault } from '@facet/platform';
import type { Shedder } from '@facet/policy';
import type { Step } from '../exchange/steps.js';

interface Parts {
  readonly shedder: Shedder;
  /** Told of what was turned away. */
  readonly onShed: (criticality: string) => void;
}

/** Turns requests away before anything of them is read, the least critical first. */
export function shed({ shedder, onShed }: Parts): Step {
  return ({ route, reply }) => {
    // What stands beside the API is a sign-in or a page: without them nobody gets in.
    const criticality = route?.criticality ?? 'high';
    if (shedder.admits(criticality)) {
      // Also of one whose client has left, which Fastify does not tell of as a response.
      reply.raw.once('close', () => shedder.done());
      return undefined;
    }
    onShed(criticality);
    const options = { retryAfterMs: 1_000, policy: 'shedding' };
    return new Fault('overload.shed', 503, 'Too much is asked at present.', options);
  };
}
