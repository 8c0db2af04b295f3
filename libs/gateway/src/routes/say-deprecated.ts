import type { Step } from '../request/steps.js';
import { deprecationsOf, fieldsFor } from './deprecations.js';
import type { Route } from './route.js';

/** Has the answers to requests say so that send fields that are to go; nothing for a route that takes none. */
export function sayDeprecated(route: Route): readonly Step[] {
  const { isRoute, inputs, answers } = deprecationsOf(route);
  if (isRoute || inputs.length === 0) return [];
  return [
    (context) => {
      const sent = inputs.filter(({ isSent }) => isSent(context));
      for (const [name, value] of Object.entries(fieldsFor([...sent, ...answers])))
        context.setField(name, value);
      return undefined;
    },
  ];
}
