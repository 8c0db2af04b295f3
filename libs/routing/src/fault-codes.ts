/** Every code that routing itself answers with: its HTTP status and what a client may read. */
export const faultCodes = {
  'input.invalid': { status: 400, message: 'The input is not as the operation expects it' },
  'request.cancelled': { status: 499, message: 'The request was cancelled' },
  'upstream.unavailable': { status: 503, message: 'A service that is needed cannot be reached' },
  'upstream.overloaded': { status: 503, message: 'A service that is needed has too much to do' },
  'upstream.timeout': { status: 504, message: 'A service that is needed did not answer in time' },
  'upstream.bad-reply': { status: 502, message: 'A service answered with something that cannot be used' },
  'upstream.no-handler': { status: 502, message: 'A service does not know the operation' },
  'upstream.error': { status: 502, message: 'A service failed' },
} as const;

export type FaultCode = keyof typeof faultCodes;
