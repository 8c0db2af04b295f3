import type { Caller } from '@facet/contracts';
import type { Logger } from '@facet/platform';

/** Something that happened to somebody's right to call, for the record. Carries no secret and no personal datum. */
export interface AuditEvent {
  /** `sign-in`, `access`, `key.issued`… */
  readonly type: string;
  readonly outcome: 'success' | 'failure' | 'denied';
  readonly subject?: string;
  readonly client?: string;
  /** How the caller was proven. Not under the name `credential`, which the log takes for a secret's. */
  readonly authenticatedAs?: Caller['credential'];
  readonly requestId?: string;
  readonly traceId?: string;
  /** The stable code of the fault that it ended in. */
  readonly code?: string;
  /** What it concerned: a route, a key's id. */
  readonly target?: string;
}

export type Audit = (event: AuditEvent) => void;

/**
 * Writes audit events to the log, one line each, all under `audit` so that they can be told from the rest; `counted` is told
 * of each too.
 */
export function auditTo(logger: Logger, counted: Audit = () => undefined): Audit {
  return (event) => {
    logger.info({ audit: event }, `audit: ${event.type} ${event.outcome}`);
    counted(event);
  };
}

/** What an event says of the caller. */
export function auditedCaller(
  caller: Caller | undefined,
): Pick<AuditEvent, 'subject' | 'client' | 'authenticatedAs'> {
  if (caller === undefined) return {};
  const { subject, client, credential } = caller;
  return { subject, client, authenticatedAs: credential };
}
