import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export interface TokenOptions {
  /** Claims beside or instead of the usual ones; `undefined` leaves one out. */
  readonly claims?: Record<string, unknown>;
  /** Header fields beside or instead of the usual ones; `undefined` leaves one out. */
  readonly header?: Record<string, unknown>;
}

/** An authorisation server on a free port of 127.0.0.1: discovery, keys that rotate, and any token one asks it for. */
export interface Issuer {
  /** Its identifier, `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly jwksUri: string;
  /** How often its keys have been fetched. */
  readonly keyFetches: number;
  /** The private key that it signs with now, for hostile tokens that are signed well. */
  readonly key: { readonly kid: string; readonly privateKey: PrivateKey; readonly publicJwk: JWK };
  /** An access token as RFC 9068 has it, ES256, for `audience`, valid for five minutes. */
  token(audience: string, options?: TokenOptions): Promise<string>;
  /** Signs with a new key from now on; the old one stays published unless `forget` is set. */
  rotate(options?: { forget?: boolean }): Promise<void>;
  /** Answers its key requests with 503 until it is told to go on. */
  fail(failing: boolean): void;
  stop(): Promise<void>;
}

/** Starts one. Its starter stops it. */
export async function startIssuer(): Promise<Issuer> {
  let current = await makeKey();
  let published = [current.publicJwk];
  let fetches = 0;
  let failing = false;
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration')
      return answer(200, { issuer: url, jwks_uri: `${url}/jwks` });
    if (request.url !== '/jwks') return answer(404, {});
    fetches += 1;
    return failing ? answer(503, {}) : answer(200, { keys: published });
  });
  const url = await listen(server);

  return {
    url,
    jwksUri: `${url}/jwks`,
    get keyFetches() {
      return fetches;
    },
    get key() {
      return current;
    },
    token: (audience, options = {}) => sign(url, audience, { key: current, ...options }),
    async rotate({ forget = false } = {}) {
      current = await makeKey();
      published = forget ? [current.publicJwk] : [current.publicJwk, ...published];
    },
    fail(value) {
      failing = value;
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function sign(
  issuer: string,
  audience: string,
  options: TokenOptions & { key: Issuer['key'] },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims: JWTPayload = {
    iss: issuer,
    aud: audience,
    sub: 'user-1',
    client_id: 'app-1',
    scope: 'orders:read',
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
    ...options.claims,
  };
  const header = { alg: 'ES256', typ: 'at+jwt', kid: options.key.kid, ...options.header };
  return new SignJWT(claims).setProtectedHeader(header).sign(options.key.privateKey);
}

async function makeKey(): Promise<Issuer['key']> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = crypto.randomUUID();
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
