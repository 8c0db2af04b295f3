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

  /**
   * Undefined where `value` is not a fault of ours (a stock service's error, a string, nothing). It comes from a peer, and
   * what is taken over may be shown and logged: every part of it is bounded, and a field that is none is left out.
   */
  static fromWire(value: unknown, service?: string): Fault | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    const { code, status, message, fields, retryAfterMs } = value as Partial<
      Record<keyof WireFault, unknown>
    >;
    if (!isCode(code) || typeof message !== 'string' || !isErrorStatus(status)) return undefined;
    return new Fault(code, status, message.slice(0, MAX_TEXT), {
      ...(Array.isArray(fields) ? { fields: fields.slice(0, MAX_FIELDS).flatMap(fieldOf) } : {}),
      ...(isWait(retryAfterMs) ? { retryAfterMs } : {}),
      ...(service === undefined ? {} : { service }),
    });
  }
}

const MAX_TEXT = 1_000;
const MAX_FIELDS = 100;
const MAX_WAIT_MS = 24 * 60 * 60 * 1_000;

/** A code is part of a URN, of log lines and of metrics' labels. */
function isCode(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 100 && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i.test(value);
}

function fieldOf(value: unknown): FieldFault[] {
  const { field, message } = (value ?? {}) as Partial<Record<keyof FieldFault, unknown>>;
  if (typeof field !== 'string' || typeof message !== 'string') return [];
  return [{ field: field.slice(0, MAX_TEXT), message: message.slice(0, MAX_TEXT) }];
}

function isWait(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_WAIT_MS;
}

function isErrorStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599;
}
