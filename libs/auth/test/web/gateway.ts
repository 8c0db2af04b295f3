import type { AuditEvent } from '@facet/access';
import { Fault } from '@facet/platform';
import { fastify } from 'fastify';
import { createWebSessions, sessionRoutes, type WebSessionsOptions } from '../../src/session/index.js';
import { client } from './issuer.js';

export const origin = 'http://localhost:3000';

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** A gateway with sign-in, and one API route that tells its caller who it is. */
export async function startGateway(issuer: string, options: Partial<WebSessionsOptions> = {}) {
  const events: AuditEvent[] = [];
  const troubles: (string | undefined)[] = [];
  const sessions = createWebSessions({
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    scope: 'openid orders:read',
    publicOrigin: origin,
    audit: (event) => events.push(event),
    onIssuerTrouble: ({ reason }) => troubles.push(reason),
    ...options,
  });
  const app = fastify();
  app.setErrorHandler((error, _, reply) => {
    const status =
      error instanceof Fault ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
    return reply.status(status).send({ code: error instanceof Fault ? error.code : 'other', status });
  });
  // As CORS says of every answer that it may say something of.
  app.addHook('onRequest', (_, reply, done) => void done(void reply.header('vary', 'Origin')));
  const { endpoints } = sessions;
  const audit = (event: AuditEvent) => events.push(event);
  await app.register(sessionRoutes({ endpoints, publicOrigin: origin, audit }));
  app.get('/v1/mine', async (request, reply) => {
    const authRequest = {
      method: request.method,
      url: new URL(request.url, origin),
      target: request.url,
      headers: pairs(request.raw.rawHeaders),
      remoteAddress: request.ip,
      requestId: 'r',
      body: () => Promise.resolve(new Uint8Array()),
    };
    const caller = await Promise.resolve(sessions.authenticator.authenticate(authRequest)).catch(
      (error: unknown) => {
        if (error instanceof Fault) reply.headers(sessions.authenticator.challenge(error, authRequest));
        throw error;
      },
    );
    if (caller === undefined) throw new Fault('auth.sign-in-required', 401, 'Sign in first.');
    return caller;
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${address}${path}`, { redirect: 'manual', ...init });
  return {
    events,
    /** What was wrong at the issuer: with this gateway's configuration, or undefined where it was away. */
    troubles,
    call,
    async stop() {
      await app.close();
      await sessions.close();
    },
  };
}

export const csrf = { 'x-csrf': '1' };

/** A browser's jar, as far as these tests need one. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly setCookies: string[] = [];

  async visit(gateway: Gateway, path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const answer = await gateway.call(path, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  /** From /auth/login through the issuer to the callback's answer. */
  async signIn(gateway: Gateway, query = ''): Promise<Response> {
    return this.visit(gateway, await this.callbackOf(gateway, query));
  }

  /** As far as the issuer's answer: the path of the callback, not yet called. */
  async callbackOf(gateway: Gateway, query = ''): Promise<string> {
    const login = await this.visit(gateway, `/auth/login${query}`);
    const back = await fetch(login.headers.get('location') ?? '', { redirect: 'manual' });
    const { pathname, search } = new URL(back.headers.get('location') ?? '');
    return `${pathname}${search}`;
  }

  /** Of the sign-ins under way, as a request carries them. */
  get loginCookies(): string {
    const named = [...this.cookies].filter(([name]) => name.startsWith('__Host-facet-login-'));
    return named.map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get session(): string {
    return this.cookies.get('__Host-facet-session') ?? '';
  }

  #keep(line: string): void {
    this.setCookies.push(line);
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    (raw[index * 2] ?? '').toLowerCase(),
    raw[index * 2 + 1] ?? '',
  ]);
}
