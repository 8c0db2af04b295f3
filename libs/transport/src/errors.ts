/** Every way in which the transport itself fails. Stable: callers decide by these. */
export type TransportCode =
  | 'transport.connect-failed'
  | 'transport.connect-timeout'
  | 'transport.handshake-timeout'
  | 'transport.closed'
  | 'transport.draining'
  | 'transport.frame-too-large'
  | 'transport.pending-full'
  | 'transport.queue-full'
  | 'transport.corrupt-frame'
  | 'transport.redirected'
  | 'transport.deadline'
  | 'transport.cancelled'
  | 'transport.no-handler'
  | 'transport.not-served'
  | 'transport.overloaded'
  | 'transport.unserialisable';

export interface TransportErrorOptions {
  /** Whether a byte of the request may have reached the socket. */
  readonly written?: boolean;
  /** Whether the request was lost with a connection that ended because of something else. */
  readonly collateral?: boolean;
  readonly cause?: unknown;
}

/** The transport failed, not the service: the connection, a bound, the time, or nobody there to answer. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** False: no byte of the request reached the socket, so repeating it is safe whatever it does. */
  readonly written: boolean;
  /**
   * True: the request was lost with its connection, which ended because of another. Of all that one end of a connection
   * costs, one error is not collateral, so that a count of failures has it once.
   */
  readonly collateral: boolean;

  constructor(
    readonly code: TransportCode,
    message: string,
    options: TransportErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.written = options.written ?? false;
    this.collateral = options.collateral ?? false;
  }
}

/** The service answered with an error. `payload` is what it said: a string, or an object. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  /** Whether it says that the instance cannot serve at all, as HTTP's 502, 503 and 504 do. */
  readonly isOutage: boolean;

  constructor(
    readonly payload: unknown,
    { isOutage = false }: { readonly isOutage?: boolean } = {},
  ) {
    super(messageOf(payload));
    this.isOutage = isOutage;
  }
}

function messageOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  const message = (payload as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : 'The service answered with an error';
}
