import type { OutgoingRequest } from './credentials/credentials.js';
import type { Operation } from './operation.js';

interface Page {
  readonly location?: { readonly origin: string };
}

/** The base URL of a client, or where the page is from. */
export function baseOf(baseUrl = (globalThis as Page).location?.origin ?? ''): string {
  if (URL.canParse(baseUrl)) return baseUrl.replace(/\/$/, '');
  throw new TypeError(`baseUrl is "${baseUrl}", expected where the gateway is, https://…`);
}

/** What of an operation is the same for all attempts of a call. */
export interface RequestParts {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Puts each field of an input where it is sent: path, query, or body. */
export function requestOf(
  base: string,
  { method, path, query = [] }: Operation,
  input: Readonly<Record<string, unknown>>,
): RequestParts {
  const rest = { ...input };
  const take = (name: string): unknown => {
    const { [name]: value } = rest;
    delete rest[name];
    return value;
  };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(take(name))));
  const url = new URL(base + filled);
  for (const name of query) {
    for (const value of [take(name) ?? []].flat()) url.searchParams.append(name, textOf(value));
  }
  const hasBody = method !== 'GET' && method !== 'DELETE' && Object.keys(rest).length > 0;
  if (!hasBody) return { method, url, headers: {} };
  return { method, url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(rest) };
}

const textOf = (value: unknown): string => String(value);

/** One attempt of it. */
export function attemptOf({ headers, ...parts }: RequestParts, signal: AbortSignal): OutgoingRequest {
  return { ...parts, headers: new Headers(headers), signal };
}
