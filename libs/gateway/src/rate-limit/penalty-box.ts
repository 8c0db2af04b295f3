import { createHash } from 'node:crypto';
import type { PlanWindow } from './plan.js';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../request/context.js';
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
export class PenaltyBox {
  readonly #known = new LRUCache<string, Known>({ max: MAX_KNOWN });

  remember(context: RequestContext, refused: Refused): void {
    // A visitor whose credential proves nobody could be anybody else who sends the same.
    if ((credentialOf(context) !== undefined) !== (context.caller !== undefined)) return;
    this.#known.set(keyOf(context), { ...refused, at: performance.now() });
  }

  of(context: RequestContext): Refused | undefined {
    if (this.#known.size === 0) return undefined;
    const known = this.#known.get(keyOf(context));
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

function keyOf(context: RequestContext): string {
  const credential = credentialOf(context);
  const who =
    credential === undefined ? context.address : createHash('sha256').update(credential).digest('base64url');
  return `${context.method} ${context.routePath} ${who}`;
}

function credentialOf({ raw: { headers } }: RequestContext): string | undefined {
  const { authorization, cookie } = headers;
  if (authorization === undefined && cookie === undefined) return undefined;
  return `${authorization ?? ''}\n${cookie ?? ''}`;
}
