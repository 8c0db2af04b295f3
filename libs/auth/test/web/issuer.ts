import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** What a test makes this issuer do otherwise. */
export interface Tricks {
  /** Changes the parameters that go back to the callback. */
  callback?: (parameters: URLSearchParams) => void;
  /** Claims of the ID token beside or instead of the usual ones. */
  idToken?: Record<string, unknown>;
  /** How long access tokens last, in seconds. */
  expiresIn?: number;
  /** The token endpoint has done its work, and says so when this has come true. */
  hold?: Promise<void>;
  /** The token endpoint is out of order. */
  failing?: boolean;
  /** The one way in which clients may prove themselves. Default `client_secret_basic`. */
  clientAuth?: 'client_secret_basic' | 'client_secret_post';
  /** What the metadata say of that; nothing by default. */
  named?: readonly string[];
  /** What the metadata call the issuer. */
  issuer?: string;
  /** The token endpoint refuses with this error. */
  refusal?: { readonly error: string; readonly error_description?: string };
}

interface Code {
  readonly parameters: URLSearchParams;
}

export const client = { id: 'web-bff', secret: 'a-secret-of-the-web-client' };

/** An OpenID provider that signs everybody in at once: code, PKCE, rotating refresh tokens, revocation. */
export async function startWebIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const subject = `user-${randomUUID()}`;
  const codes = new Map<string, Code>();
  const used = new Map<string, Code>();
  const live = new Set<string>();
  const seen = {
    authorizations: [] as URLSearchParams[],
    grants: [] as string[],
    revoked: [] as string[],
    secrets: [] as string[],
  };
  const tricks: Tricks = {};

  const sign = (claims: JWTPayload, header: Record<string, unknown> = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(privateKey);
  const tokens = async (nonce: string | null) => {
    const now = Math.floor(Date.now() / 1_000);
    const refreshToken = `refresh-${randomUUID()}`;
    const accessToken = `access-${randomUUID()}`;
    const idToken = await sign({
      iss: url,
      aud: client.id,
      sub: subject,
      sid: `sid-of-${subject}`,
      iat: now,
      exp: now + 300,
      name: 'Ada Byron',
      customer_id: 'cus_0001',
      roles: ['customer'],
      ...(nonce === null ? {} : { nonce }),
      ...tricks.idToken,
    });
    live.add(refreshToken);
    seen.secrets.push(refreshToken, accessToken, idToken);
    return {
      access_token: accessToken,
      refresh_token: refreshToken,
      id_token: idToken,
      token_type: 'Bearer',
      expires_in: tricks.expiresIn ?? 600,
      scope: 'openid orders:read',
    };
  };

  const isProven = (form: URLSearchParams, authorization = ''): boolean => {
    if (tricks.clientAuth === 'client_secret_post') return form.get('client_secret') === client.secret;
    const [, encoded = ''] = /^Basic (.+)$/.exec(authorization) ?? [];
    const [id, secret] = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent);
    return id === client.id && secret === client.secret;
  };
  const grant = async (form: URLSearchParams, authorization?: string): Promise<object | string> => {
    if (!isProven(form, authorization)) return 'invalid_client';
    if (form.get('grant_type') === 'refresh_token') {
      if (live.delete(form.get('refresh_token') ?? '')) return tokens(null);
      live.clear();
      return 'invalid_grant';
    }
    const code = codes.get(form.get('code') ?? '');
    if (code !== undefined) used.set(form.get('code') ?? '', code);
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code?.parameters.get('code_challenge') !== challenge) return 'invalid_grant';
    return tokens(code.parameters.get('nonce'));
  };

  const server = createServer((request, response) => {
    void handle(request, response);
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (pathname === '/.well-known/openid-configuration') return void json(200, metadata(url, tricks));
    if (pathname === '/jwks') return void json(200, { keys: [jwk] });
    if (pathname === '/authorize') {
      seen.authorizations.push(searchParams);
      const code = randomUUID();
      codes.set(code, { parameters: searchParams });
      const back = new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: url });
      tricks.callback?.(back);
      const location = `${searchParams.get('redirect_uri')}?${back.toString()}`;
      return void response.writeHead(302, { location }).end();
    }
    const form = await readForm(request);
    if (pathname === '/revoke') {
      seen.revoked.push(form.get('token') ?? '');
      live.delete(form.get('token') ?? '');
      return void response.writeHead(200).end();
    }
    if (pathname !== '/token') return void json(404, {});
    seen.grants.push(form.get('grant_type') ?? '');
    if (tricks.failing) return void json(503, {});
    if (tricks.refusal) return void json(400, tricks.refusal);
    const outcome = await grant(form, request.headers.authorization);
    await tricks.hold;
    if (outcome === 'invalid_client' && tricks.clientAuth !== 'client_secret_post') {
      response.setHeader('www-authenticate', 'Basic realm="tokens"');
      return void json(401, { error: outcome });
    }
    if (typeof outcome === 'string') return void json(400, { error: outcome });
    json(200, outcome);
  }
  const url = await listen(server);

  return {
    url,
    subject,
    seen,
    tricks,
    sign,
    /** Takes a code once more that was used, as a good issuer never does. */
    giveAgain(code: string) {
      const known = used.get(code);
      if (known !== undefined) codes.set(code, known);
    },
    /** A good logout token, but for what `claims` and `header` say otherwise; `undefined` leaves one out. */
    logoutToken(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const usual = {
        iss: url,
        aud: client.id,
        sub: subject,
        iat: now,
        exp: now + 120,
        jti: randomUUID(),
        events,
      };
      return sign({ ...usual, ...claims }, { typ: 'logout+jwt', ...header });
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type WebIssuer = Awaited<ReturnType<typeof startWebIssuer>>;

function metadata(issuer: string, { named, issuer: said = issuer }: Tricks) {
  return {
    issuer: said,
    ...(named === undefined ? {} : { token_endpoint_auth_methods_supported: named }),
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    end_session_endpoint: `${issuer}/end`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return new URLSearchParams(text);
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
