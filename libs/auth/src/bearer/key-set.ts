import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { Fault } from '@facet/platform';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { fetchJson } from './fetch-json.js';

export interface KeySetOptions {
  /** The issuer's identifier, exactly as its tokens name it. */
  readonly issuer: string;
  /** Where its keys are. Default: what its discovery document (OpenID Connect Discovery 1.0) says. */
  readonly jwksUri?: string;
  /** The least time between two fetches once keys are known, in milliseconds. Default 30,000. */
  readonly cooldownMs?: number;
  /** The least time between two fetches while no key is known, in milliseconds. Default 1,000. */
  readonly firstCooldownMs?: number;
  /** Keys older than this are renewed beside the request that notices, in milliseconds. Default 600,000. */
  readonly maxAgeMs?: number;
  /** How long one fetch may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number;
}

/** An issuer's keys. What it does with them is jose's; when it fetches them is ours. */
export interface KeySet {
  /**
   * Changes whenever other keys are known than before, so that what was verified with the old ones can be verified again.
   * Keys that are too old are renewed beside the question.
   */
  generation(): number;
  /** The key that a token's header names. What the header says never decides what is fetched, or from where. */
  readonly find: JWTVerifyGetKey;
  /** Fetches the keys if none are known yet, so that the first request does not have to. */
  warm(): Promise<void>;
}

const jwks = z.object({ keys: z.array(z.unknown()).max(100) });
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * Keys are fetched once for all who wait, at most every `cooldownMs`: a stranger who makes up key ids causes no more
 * than that. Keys that are known go on working while the issuer cannot be reached.
 */
export function createKeySet(options: KeySetOptions): KeySet {
  const {
    cooldownMs = 30_000,
    firstCooldownMs = 1_000,
    maxAgeMs = 600_000,
    now = () => performance.now(),
  } = options;
  let known: { find: JWTVerifyGetKey; text: string; at: number } | undefined;
  let generation = 0;
  let lastFetch = -Infinity;
  let fetching: Promise<void> | undefined;

  const mayFetch = () => now() - lastFetch >= (known === undefined ? firstCooldownMs : cooldownMs);

  const fetchOnce = () => {
    lastFetch = now();
    return (fetching = fetchKeys(options)
      .then((keys) => {
        const text = JSON.stringify(keys);
        if (known?.text !== text) generation += 1;
        known = { find: createLocalJWKSet(keys), text, at: now() };
      })
      .finally(() => {
        fetching = undefined;
      }));
  };
  const renew = async (): Promise<void> => {
    if (fetching !== undefined) return fetching;
    if (mayFetch()) return fetchOnce();
  };
  const renewBeside = () => void renew().catch(() => undefined);

  const find: JWTVerifyGetKey = async (header, token) => {
    if (known === undefined)
      await renew().catch((cause: unknown) => {
        throw unavailable(cause);
      });
    if (known === undefined) throw unavailable();
    if (now() - known.at > maxAgeMs) renewBeside();
    const before = known;
    try {
      return await before.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await renew().catch(() => undefined);
      if (known === before) throw error;
      return known.find(header, token);
    }
  };
  const current = () => {
    if (known !== undefined && now() - known.at > maxAgeMs) renewBeside();
    return generation;
  };
  return { find, generation: current, warm: async () => (known === undefined ? renew() : undefined) };
}

async function fetchKeys({ issuer, jwksUri, timeoutMs = 5_000 }: KeySetOptions): Promise<JSONWebKeySet> {
  const signal = AbortSignal.timeout(timeoutMs);
  const found = jwksUri ?? (await discover(issuer, signal));
  const keys = jwks.parse(await fetchJson(found, signal)).keys.filter(isUsable);
  if (keys.length === 0) throw new Error(`${found} has no key that can be used`);
  return { keys };
}

/** A key that is not understood, lacks a member or has a value out of range is ignored; the others count (RFC 7517, section 5). */
function isUsable(key: unknown): key is JWK {
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

async function discover(issuer: string, signal: AbortSignal): Promise<string> {
  const document = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = discovery.parse(await fetchJson(document, signal));
  if (found.issuer !== issuer) throw new Error(`${document} belongs to another issuer, ${found.issuer}`);
  return found.jwks_uri;
}

function unavailable(cause?: unknown): Fault {
  return new Fault('auth.issuer-unavailable', 503, 'Tokens cannot be checked at the moment.', {
    retryAfterMs: 1_000,
    cause,
  });
}
