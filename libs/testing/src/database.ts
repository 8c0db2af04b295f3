import { startTestDatabase, type TestDatabase } from '@facet/database';

export { startTestDatabase, type TestDatabase };

/** The variables that put a service's databases on the test's server. */
export function databaseEnv({ url, prefix }: Pick<TestDatabase, 'url' | 'prefix'>): Record<string, string> {
  return { DATABASE_URL: url, DATABASE_PREFIX: prefix };
}
