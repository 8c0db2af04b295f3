import { definePolicy } from '@facet/policy';

/** What this gateway promises and what it refuses; docs/guides/policy.md explains each line. */
export const policy = definePolicy({});
