import { StartError } from '@facet/platform';

/** What a developer has to put right is one line, and no stack. */
export function orNoStart<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new StartError(error.message, { cause: error }) : error;
  }
}
