import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Fault } from '@facet/platform';
import { Webhook } from 'standardwebhooks';
import { parseTarget, resolvePublic, type TargetRules } from './target.js';

/** One message on its way to a partner. */
export interface WebhookMessage {
  /** Stays the same when the message is sent again, so that the receiver can tell. */
  readonly id: string;
  readonly url: string;
  /** `whsec_…`, as the partner was given it. */
  readonly secret: string;
  /** JSON. */
  readonly body: string;
}

export interface SendOptions extends TargetRules {
  /** How long one attempt may take, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export type Delivery = { readonly delivered: true } | { readonly delivered: false; readonly why: string };

/**
 * Sends a message once, signed over id, time and body as Standard Webhooks has it. Any 2xx within the time counts;
 * a redirect does not and is not followed. Never throws: what went wrong is for the partner to read.
 */
export async function sendWebhook(message: WebhookMessage, options: SendOptions = {}): Promise<Delivery> {
  const { timeoutMs = 10_000, now = Date.now } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const url = parseTarget(message.url, options);
    const { address, family } = await resolvePublic(url.hostname.replace(/^\[|\]$/g, ''), options);
    const time = new Date(now());
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(message.body),
      'user-agent': 'Facet-Webhooks',
      'webhook-id': message.id,
      'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
      'webhook-signature': new Webhook(message.secret).sign(message.id, time, message.body),
    };
    const status = await post(url, message.body, {
      headers,
      signal,
      lookup: pinned(address, family),
      agent: false,
    });
    if (status >= 200 && status < 300) return { delivered: true };
    return { delivered: false, why: `answered ${status}` };
  } catch (error) {
    return { delivered: false, why: signal.aborted ? 'did not answer in time' : describe(error) };
  }
}

/** The connection goes to the address that was checked, whatever the name leads to by now. */
function pinned(address: string, family: number): LookupFunction {
  return (_, { all }, done) => {
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

/** Gives the status; the answer's body is of no interest and is not read. */
function post(url: URL, body: string, options: RequestOptions): Promise<number> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method: 'POST' }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function describe(error: unknown): string {
  if (error instanceof Fault) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return `could not be reached (${code ?? name})`;
}
