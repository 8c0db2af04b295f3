import { createHash } from 'node:crypto';
import { canonicalJson } from '@facet/contracts';
import { Fault, type FaultOptions } from '@facet/platform';
import type { Held, IdempotencyKeys } from './keys.js';
import type { FastifyRequest } from 'fastify';
import type { GatewayMetrics } from '../metrics/gateway-metrics.js';
import type { RequestContext } from '../request/context.js';
import { refusalOf } from '../problems/problem.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { addressKey, digest } from '../request/principal.js';

/** Tells a client that an answer was made before, for the same key. */
export const REPLAYED_HEADER = 'idempotency-replayed';

/** The headers that belong to what was done, and are given again with it. */
const KEPT_HEADERS = ['content-type', 'location', 'cache-control'] as const;

/** What is kept for a key: an answer, or the refusal that came of it. */
type Kept =
  | {
      readonly status: number;
      readonly body: string;
      readonly headers: Readonly<Record<string, string>>;
      /** The request headers that it depends on, as flags of `varies`. */
      readonly vary: number;
    }
  | { readonly fault: readonly [code: string, status: number, detail: string, options: FaultOptions] };

/**
 * Refusals that come of the request as it was sent, or of when it came, and not of what it does: they are not kept, so
 * that it can be sent again.
 */
const NOT_KEPT = new Set([400, 401, 403, 408, 413, 415, 425, 429, 499]);

/** Does what a client asks for under an `Idempotency-Key` once, and gives the same answer again. */
export class Idempotency {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly metrics: Pick<GatewayMetrics, 'idempotent'>,
  ) {}

  /** `perform` gives what is sent; it is called once for each key of a caller. */
  async once<Body>(context: RequestContext, perform: () => Promise<Body>): Promise<Body | string> {
    const key = idempotencyKeyOf(context.raw.headers);
    const begun = await this.keys.begin(`${ownerOf(context)}:${key}`, fingerprintOf(context.raw));
    this.metrics.idempotent(begun.state);
    switch (begun.state) {
      case 'done':
        return replayed(JSON.parse(begun.kept) as Kept, context);
      case 'running':
        throw new Fault('idempotency.in-progress', 409, 'What this key stands for is still being done.', {
          retryAfterMs: 1_000,
        });
      case 'other':
        throw new Fault('idempotency.key-reused', 422, 'This key stands for another request.');
      case 'new':
        return this.#perform(begun.held, perform, context);
    }
  }

  async #perform<Body>(held: Held, perform: () => Promise<Body>, context: RequestContext): Promise<Body> {
    let body: Body;
    try {
      body = await perform();
    } catch (error) {
      const fault = keptFaultOf(error);
      await (fault === undefined ? held.release() : held.finish(JSON.stringify({ fault } satisfies Kept)));
      throw error;
    }
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = context.fieldOf(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const status = context.status === 0 ? context.reply.statusCode : context.status;
    const kept = { status, body: textOf(body), headers, vary: context.vary };
    await held.finish(JSON.stringify(kept satisfies Kept));
    return body;
  }
}

function textOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return body.toString();
  return typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
}

function keptFaultOf(error: unknown): Extract<Kept, { fault: unknown }>['fault'] | undefined {
  const { problem, defect } = refusalOf(error);
  const { code, status, detail, fields } = problem;
  if (defect || status >= 500 || NOT_KEPT.has(status)) return undefined;
  return [code, status, detail, fields === undefined ? {} : { fields }];
}

function replayed(kept: Kept, context: RequestContext): string {
  context.setField(REPLAYED_HEADER, 'true');
  if ('fault' in kept) throw new Fault(...kept.fault);
  const { 'content-type': type, 'cache-control': cacheControl, location } = kept.headers;
  context.status = kept.status;
  context.contentType = type;
  context.cacheControl = cacheControl;
  if (location !== undefined) context.setField('location', location);
  context.vary |= kept.vary;
  return kept.body;
}

/**
 * Keys are the caller's alone: two callers with the same one do not meet. Neither do two that share a name and were
 * proven in different ways, nor one who acts for two customers, since what is kept is an answer in full. The id of an API
 * key, a client's subject, is left out: a partner may change it between two tries.
 */
function ownerOf({ caller, address }: RequestContext): string {
  if (caller === undefined) return addressKey(address);
  const { credential, kind, client, customerId, subject } = caller;
  return `caller:${digest(JSON.stringify([credential, client, customerId, kind === 'user' ? subject : null]))}`;
}

function fingerprintOf({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${canonicalJson(body)}`)
    .digest('base64url');
}
