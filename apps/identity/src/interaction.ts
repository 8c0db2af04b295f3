import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@facet/platform';
import { errors, type Provider } from 'oidc-provider';
import { errorPage, signInPage } from './pages.js';
import { verifyPassword } from './users.js';

const FORM_LIMIT_BYTES = 4_096;

/** The part of the sign-in that is ours: the page, the password, the way back. Answers everything below /interaction/. */
export async function answerInteraction(
  { provider, logger }: { provider: Provider; logger: Logger },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { params, prompt, uid } = await provider.interactionDetails(request, response);
    if (prompt.name !== 'login')
      throw new errors.SessionNotFound(`nobody can be asked for ${prompt.name} here`);
    const client = await provider.Client.find(String(params['client_id']));
    const path = `/interaction/${uid}`;
    const page = { path, client: client?.clientName ?? 'an application' };
    const goOn = client?.redirectUris ?? [];
    if (request.method === 'GET') return send(response, { status: 200, html: signInPage(page), goOn });
    if (request.url?.split('?')[0] === `${path}/cancel`) {
      const result = { error: 'access_denied', error_description: 'the user did not sign in' };
      return await provider.interactionFinished(request, response, result, {
        mergeWithLastSubmission: false,
      });
    }
    const form = await readForm(request);
    const username = form.get('username') ?? '';
    const user = verifyPassword(username, form.get('password') ?? '');
    if (user === undefined) {
      logger.info({ client: client?.clientId }, 'sign-in failed');
      const html = signInPage({ ...page, username, failed: true });
      return send(response, { status: 401, html, goOn });
    }
    const result = { login: { accountId: user.subject } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error;
    send(response, { status: 400, html: errorPage(error.error_description ?? error.error), goOn: [] });
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > FORM_LIMIT_BYTES) throw new errors.InvalidRequest('the form is too large');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** `goOn`: where a browser may be sent on to after the form; browsers hold `form-action` against redirects too. */
function send(
  response: ServerResponse,
  { status, html, goOn }: { status: number; html: string; goOn: readonly string[] },
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...pageHeaders(goOn),
  });
  response.end(html);
}

/** Nothing from elsewhere, in nobody's frame. */
export function pageHeaders(goOn: readonly string[]): Record<string, string> {
  const targets = ["'self'", ...new Set(goOn.map(originPattern))].join(' ');
  return {
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

/** A native client listens on a loopback port of its own choice. */
function originPattern(uri: string): string {
  const { origin, hostname, port } = new URL(uri);
  return hostname === '127.0.0.1' && port === '' ? `${origin}:*` : origin;
}
