import { createHash, randomBytes } from 'node:crypto';
import axios, { type AxiosResponse } from 'axios';
import { appRedirect, secretOf } from './clients.js';
import { partnerScopes, userScopes } from './scopes.js';

/** What the token endpoint answers, RFC 6749 section 5.1. */
export interface Tokens {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

export interface SignInOptions {
  readonly issuer: string;
  /** The app's client, e.g. `mobile-bff`. */
  readonly client: string;
  readonly username: string;
  readonly password: string;
  readonly scope?: string;
}

/** Whatever the status is, it is looked at; what does not answer at all is given up. */
const http = axios.create({ validateStatus: () => true, timeout: 10_000 });

const appScope = ['openid', 'profile', 'email', ...userScopes].join(' ');

/**
 * Signs a user in as an app does: code flow with PKCE, through the provider's own page, over HTTP.
 *
 * @throws Error saying at which step the provider refused, and why
 */
export async function signInToApp(options: SignInOptions): Promise<Tokens> {
  const { issuer, client, username, password, scope = appScope } = options;
  await refuseStranger(issuer);
  const visit = browser();
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const query = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    redirect_uri: appRedirect,
    scope,
    state,
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const page = await visit(`${issuer}/auth?${query.toString()}`);
  if (page.status !== 200) throw new Error(`the provider shows no sign-in page: ${page.status}`);
  const form = new URLSearchParams({ username, password });
  const landed = await visit(pageAddress(page), form);
  if (landed.status === 401) throw new Error(`the provider does not know ${username} by that password`);
  const callback = new URL(String(landed.headers['location'] ?? 'none:'));
  const code = callback.searchParams.get('code');
  if (code === null || callback.searchParams.get('state') !== state) {
    throw new Error(`the provider gave no code: ${callback.searchParams.get('error') ?? landed.status}`);
  }
  return requestTokens(issuer, {
    grant_type: 'authorization_code',
    client_id: client,
    code,
    redirect_uri: appRedirect,
    code_verifier: verifier,
  });
}

/** A token for a client that acts for itself: client credentials. */
export async function clientToken(issuer: string, client: string, scope?: string): Promise<Tokens> {
  await refuseStranger(issuer);
  return requestTokens(issuer, {
    grant_type: 'client_credentials',
    client_id: client,
    client_secret: secretOf(client),
    scope: scope ?? partnerScopes.join(' '),
  });
}

async function requestTokens(issuer: string, form: Record<string, string>): Promise<Tokens> {
  const { status, data } = await http.post<(Partial<Tokens> & { error_description?: string }) | null>(
    `${issuer}/token`,
    new URLSearchParams(form),
  );
  if (status === 200 && typeof data?.access_token === 'string') return data as Tokens;
  throw new Error(`the provider gave no token: ${data?.error_description ?? status}`);
}

/**
 * @throws Error naming the address where something else than the provider answers there: it would be sent a secret
 */
async function refuseStranger(issuer: string): Promise<void> {
  const url = `${issuer}/.well-known/openid-configuration`;
  const { data } = await http.get<{ issuer?: unknown } | null>(url);
  if (data?.issuer === issuer) return;
  throw new Error(`what answers at ${issuer} is not the provider of that name: is its port somebody else's?`);
}

/** Goes where it is sent within one issuer and keeps its cookies; stops at a redirect to anywhere else. */
function browser() {
  const cookies = new Map<string, string>();
  return async function visit(url: string, form?: URLSearchParams): Promise<AxiosResponse<string>> {
    const answer = await http.request<string>({
      url,
      method: form === undefined ? 'GET' : 'POST',
      data: form,
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      maxRedirects: 0,
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const next = answer.headers['location'] as string | undefined;
    if (next === undefined) return answer;
    const target = new URL(next, url);
    return target.origin === new URL(url).origin ? visit(target.href) : answer;
  };
}

/** Where the page that was answered stands, and so where its form goes. */
function pageAddress(page: AxiosResponse<string>): string {
  return new URL(String((page.request as { path: string }).path), page.config.url).href;
}
