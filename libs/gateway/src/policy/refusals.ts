import { createHash } from 'node:crypto';
import type { PlanWindow } from '@facet/policy';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { addressOf } from '../http/trusted-proxies.js';
import type { LimitReading } from './rate-limit-fields.js';

/** What a plan has said to a request that it refused. */
export interface Refused {
  readonly plan: string;
  readonly window: PlanWindow['name'];
  readonly waitMs: number;
  readonly readings: readonly LimitReading[];
}

/** For so long at most a refusal is repeated without counting: another instance may give back. */
const REPEATED_MS = 1_000;
const MAX_KNOWN = 10_000;

interface Known extends Refused {
  readonly at: number;
}

/**
 * Refusals of a moment ago, by route and by what the request came with, so that a client who does not stop costs
 * neither the reading of a body nor a proof.
 */
export class Refusals {
  readonly #known = new LRUCache<string, Known>({ max: MAX_KNOWN });

  /** `isProven` where the refused is a caller, and no visitor. */
  remember(request: FastifyRequest, refused: Refused, isProven: boolean): void {
    // A visitor whose credential proves nobody could be anybody else who sends the same.
    if ((credentialOf(request) !== undefined) !== isProven) return;
    this.#known.set(keyOf(request), { ...refused, at: performance.now() });
  }

  of(request: FastifyRequest): Refused | undefined {
    if (this.#known.size === 0) return undefined;
    const known = this.#known.get(keyOf(request));
    if (known === undefined) return undefined;
    const passedMs = performance.now() - known.at;
    const waitMs = known.waitMs - passedMs;
    if (passedMs >= REPEATED_MS || waitMs <= 0) return undefined;
    const until = Math.ceil(waitMs / 1_000);
    const readings = known.readings.map((each) =>
      each.remaining > 0 ? each : { ...each, resetSeconds: until },
    );
    return { ...known, waitMs, readings };
  }
}

function keyOf(request: FastifyRequest): string {
  const credential = credentialOf(request);
  const who =
    credential === undefined
      ? addressOf(request)
      : createHash('sha256').update(credential).digest('base64url');
  return `${request.method} ${request.routeOptions.url ?? ''} ${who}`;
}

function credentialOf({ headers: { authorization, cookie } }: FastifyRequest): string | undefined {
  if (authorization === undefined && cookie === undefined) return undefined;
  return `${authorization ?? ''}\n${cookie ?? ''}`;
}
