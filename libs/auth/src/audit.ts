import type { Audit, Logger } from '@facet/platform';

/** Writes audit events to the log, one line each, all under `audit` so that they can be told from the rest. */
export function auditTo(logger: Logger): Audit {
  return (event) => logger.info({ audit: event }, `audit: ${event.type} ${event.outcome}`);
}
