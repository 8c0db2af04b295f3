import { type Audit, auditedCaller, type AuditEvent } from '@facet/access';
import { parseTraceparent } from '@facet/platform';
import type { ServiceContext } from './context.js';

type Happened = Pick<AuditEvent, 'type' | 'target'>;

/** The record of changes to a caller's rights, as a provider. */
export class AuditLog {
  constructor(private readonly audit: Audit) {}

  /** Notes that a caller has brought something about. */
  done(happened: Happened, { caller, traceparent }: ServiceContext): void {
    const trace = traceparent === undefined ? undefined : parseTraceparent(traceparent);
    this.audit({
      ...happened,
      outcome: 'success',
      ...auditedCaller(caller),
      ...(trace === undefined ? {} : { traceId: trace.traceId }),
    });
  }
}
