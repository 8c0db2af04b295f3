/** One field of an input that was refused. */
export interface FieldFault {
  /** The field's path, `lines.0.quantity`; empty for the input as a whole. */
  readonly field: string;
  readonly message: string;
}

export interface FaultOptions {
  readonly fields?: readonly FieldFault[];
  /** How long to wait before a repetition can help, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The service that failed. */
  readonly service?: string;
  /** The policy that refused: `timeout`, `breaker`, `bulkhead`, `retry-budget`… */
  readonly policy?: string;
  readonly cause?: unknown;
}

/** A fault as it travels between our processes: nothing in it but what a caller may see. */
export interface WireFault {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly fields?: readonly FieldFault[];
  readonly retryAfterMs?: number;
}

/**
 * Every error that has a meaning for a caller. `code` is stable and documented, `status` is the HTTP status it
 * becomes at a gateway, `message` is safe to show. Anything else that is thrown is a defect and becomes a bare 500.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly fields?: readonly FieldFault[];
  readonly retryAfterMs?: number;
  readonly service?: string;
  readonly policy?: string;

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    options: FaultOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { fields, retryAfterMs, service, policy } = options;
    if (fields !== undefined) this.fields = fields;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (service !== undefined) this.service = service;
    if (policy !== undefined) this.policy = policy;
  }

  toWire(): WireFault {
    const { code, status, message, fields, retryAfterMs } = this;
    return {
      code,
      status,
      message,
      ...(fields === undefined ? {} : { fields }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  /** Undefined where `value` is not a fault of ours (a stock service's error, a string, nothing). */
  static fromWire(value: unknown, service?: string): Fault | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const { code, status, message, fields, retryAfterMs } = value as Partial<WireFault>;
    if (typeof code !== 'string' || typeof message !== 'string' || !isErrorStatus(status)) return undefined;
    return new Fault(code, status, message, {
      ...(Array.isArray(fields) ? { fields } : {}),
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
      ...(service === undefined ? {} : { service }),
    });
  }
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}
