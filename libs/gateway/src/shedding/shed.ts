import { Fault } from '@facet/platform';
import type { Shedder } from './shedder.js';
import type { RequestContext } from '../request/context.js';
import type { Step } from '../request/steps.js';

interface Parts {
  readonly shedder: Shedder;
  /** Told of what was turned away. */
  readonly onShed: (criticality: string) => void;
}

/** Turns requests away before anything of them is read, the least critical first. */
export function shed({ shedder, onShed }: Parts): Step {
  return (context) => {
    // What stands beside the API is a sign-in or a page: without them nobody gets in.
    const criticality = context.route?.criticality ?? 'high';
    if (shedder.admits(criticality)) {
      context.isAdmitted = true;
      return undefined;
    }
    onShed(criticality);
    const options = { retryAfterMs: 1_000, policy: 'shedding' };
    return new Fault('overload.shed', 503, 'Too much is asked at present.', options);
  };
}

/** Makes room again for one that was let in; for each request that is over, whether it was answered or its client has left. */
export function shedReleased(shedder: Shedder): (context: RequestContext) => void {
  return ({ isAdmitted }) => {
    if (isAdmitted) shedder.done();
  };
}
