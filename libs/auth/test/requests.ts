import type { AuthRequest } from '@facet/access';

export interface FakeRequest {
  readonly method?: string;
  readonly url?: string;
  /** As it arrived; default: path and query of the URL. */
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
}

/** A request as a gateway hands it to an authenticator. */
export function requestOf({
  method = 'GET',
  url = '/v1/orders',
  headers = [],
  body = '',
  ...request
}: FakeRequest): AuthRequest {
  const parsed = new URL(url, 'https://mobile.example.com');
  return {
    method,
    url: parsed,
    target: request.target ?? parsed.pathname + parsed.search,
    headers,
    remoteAddress: '127.0.0.1',
    requestId: 'request-1',
    body: () => Promise.resolve(Buffer.from(body)),
  };
}
