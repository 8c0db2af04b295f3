import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';

/** The headers that carry a credential. */
export type Credential = Readonly<Record<string, string>>;

export interface AccessExpectations {
  /** The gateway's address, once it runs. */
  readonly url: () => string;
  /** The routes that everybody may use, `GET /v1/home` as OpenAPI writes it. Any other that is public fails. */
  readonly publicRoutes: readonly string[];
  /** What else belongs to the gateway's kind of client on every request, `x-csrf` for example. */
  readonly always?: Credential;
  /** Two customers' credentials, each of which may use every route. */
  readonly users: readonly [CredentialOf, CredentialOf];
  /** One of the same kind, without any scope, where one can be had. */
  readonly powerless?: CredentialOf;
  /** Credentials that this gateway must refuse, by what they are: those of the other kinds of client. */
  readonly foreign: Readonly<Record<string, CredentialOf>>;
  /**
   * An id of the first customer's and one of the second's, of whatever belongs to a customer and a route asks for: by what it
   * is (`order`) or, where a path does not say, by where it stands (`sessions/{id}`); by its name in a query or a body.
   */
  readonly ids: Readonly<Record<string, readonly [IdOf, IdOf]>>;
  /** What else is sent to a route that asks for such an id and takes a body. */
  readonly bodies?: Readonly<Record<string, object>>;
}

export type CredentialOf = () => Credential | Promise<Credential>;
export type IdOf = string | (() => string | Promise<string>);

export interface Reply {
  /** What was asked, so that a failed expectation shows it. */
  readonly route: string;
  readonly status: number;
  readonly body: string;
}

/** What is asked of a route. */
export interface Sent {
  readonly path: string;
  readonly body?: string;
}

/**
 * What a gateway is started with whose routes are walked: each request names an address of its own as a proxy would, as
 * all together are more than the plan of one visitor takes.
 */
export const manyVisitors = { TRUSTED_PROXIES: '127.0.0.1' };

let visitors = 0;

/** An address of 10.0.0.0/8 that was not given before. */
function nextVisitor(): string {
  visitors += 1;
  return `10.0.${visitors >> 8}.${visitors & 255}`;
}

/** Routes that change something may require one; those that do not pay no attention to it. */
export function keyFor(method: string): Credential {
  return method === 'GET' ? {} : { 'idempotency-key': randomUUID() };
}

export function pathOf(path: string): string {
  return path.replaceAll(/\{\w+\}/g, NOTHING);
}

/** An id of nothing. */
export const NOTHING = 'nothing-1';

interface Asked {
  readonly method: string;
  /** As it is written on the wire: no client corrects it. */
  readonly path: string;
  readonly headers: Credential;
  readonly body?: string;
}

export function send(url: string, asked: Asked): Promise<Reply> {
  const { method, path } = asked;
  const { hostname, port } = new URL(url);
  const type = asked.body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { 'x-forwarded-for': nextVisitor(), ...type, ...asked.headers };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          route: `${method} ${path}`,
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.once('error', reject);
    sent.setTimeout(20_000, () => sent.destroy(new Error(`${method} ${path} was not answered in 20 s`)));
    sent.end(asked.body);
  });
}
