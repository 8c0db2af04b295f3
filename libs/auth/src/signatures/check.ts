import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { type AuthRequest, headerValues } from '@facet/access';
import { Fault } from '@facet/platform';
import { parseDictionary, type Dictionary, type InnerList } from 'structured-headers';
import { ownOrigin } from '../own-origin.js';
import type { ReplayGuard } from '../replay.js';
import { coveredComponents, signatureBase } from './base.js';

/** The oldest signature that is taken, and how far ahead its clock may be, in seconds. */
const MAX_AGE_SECONDS = 300;
const AHEAD_SECONDS = 10;

export interface SignatureOptions {
  /** The signature's `keyid`. */
  readonly keyId: string;
  /** The public key, a JWK: Ed25519 or P-256. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** The gateway's own. Default: the names of this machine. */
  readonly origins?: readonly string[] | undefined;
  readonly replays: ReplayGuard;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Checks that a request was signed as it stands (RFC 9421): one signature, by this key, over method, target and,
 * where there is a body, its digest (RFC 9530); at most {@link MAX_AGE_SECONDS} old, its nonce never used before.
 *
 * @throws Fault `auth.invalid-signature` (401)
 */
export async function checkSignature(request: AuthRequest, options: SignatureOptions): Promise<void> {
  const { input, signature } = readSignature(request);
  const parameters = input[1] as ReadonlyMap<string, unknown>;
  if (parameters.get('keyid') !== options.keyId) throw invalid('its keyid is not the id of the API key');
  const created = checkTime(parameters, options.now() / 1000);
  checkCoverage(coveredComponents(input));
  await checkDigest(request, coveredComponents(input) ?? []);
  const origin = ownOrigin(request.url, options.origins);
  if (origin === undefined) throw invalid('the host that the request names is not one of this gateway');
  const base = signatureBase({ ...request, origin }, input);
  if (base === undefined) throw invalid('it covers what the request does not have');
  if (!isSigned(base, signature, options.jwk, parameters.get('alg')))
    throw invalid('it does not fit the request');
  const nonce = parameters.get('nonce');
  if (typeof nonce !== 'string' || nonce.length < 8 || nonce.length > 255)
    throw invalid('a nonce of 8 to 255 characters is required');
  const leftMs = (created + MAX_AGE_SECONDS) * 1000 - options.now();
  if (!(await options.replays.firstUse(`signature ${options.keyId} ${nonce}`, leftMs)))
    throw invalid('its nonce was used before');
}

function readSignature(request: AuthRequest): { input: InnerList; signature: Buffer } {
  const inputs = [...dictionary(request, 'signature-input')];
  const signatures = dictionary(request, 'signature');
  const [entry, ...more] = inputs;
  if (entry === undefined || more.length > 0 || signatures.size !== 1)
    throw invalid('one signature is required');
  const value: unknown = signatures.get(entry[0])?.[0];
  if (!(value instanceof ArrayBuffer)) throw invalid('it is not a byte sequence');
  if (coveredComponents(entry[1]) === undefined) throw invalid('it covers what is not understood');
  return { input: entry[1] as InnerList, signature: Buffer.from(value) };
}

function dictionary(request: AuthRequest, name: string): Dictionary {
  const value = headerValues(request, name).join(', ');
  if (value.length > 4_096) throw invalid(`${name} is too long`);
  try {
    return parseDictionary(value);
  } catch (cause) {
    throw invalid(`${name} is not a dictionary`, cause);
  }
}

/** Gives `created`, in seconds. */
function checkTime(parameters: ReadonlyMap<string, unknown>, seconds: number): number {
  const [created, expires] = [parameters.get('created'), parameters.get('expires')];
  if (typeof created !== 'number') throw invalid('created is required');
  if (created > seconds + AHEAD_SECONDS || created < seconds - MAX_AGE_SECONDS)
    throw invalid('it is too old, or from the future');
  if (expires !== undefined && !(typeof expires === 'number' && expires > seconds))
    throw invalid('it has expired');
  return created;
}

function checkCoverage(names: readonly string[] = []): void {
  const covers = (name: string) => names.includes(name);
  const target =
    covers('@target-uri') ||
    (covers('@authority') && (covers('@request-target') || (covers('@path') && covers('@query'))));
  if (!covers('@method') || !target) throw invalid('it must cover "@method" and "@target-uri"');
}

/** RFC 9530, section 2. The digest has to be covered wherever there is a body, and has to be right wherever it is sent. */
async function checkDigest(request: AuthRequest, names: readonly string[]): Promise<void> {
  const body = await request.body();
  const sent = headerValues(request, 'content-digest').length > 0;
  if (body.length === 0 && !sent) return;
  if (body.length > 0 && !names.includes('content-digest'))
    throw invalid('it must cover "content-digest" where there is a body');
  const value: unknown = dictionary(request, 'content-digest').get('sha-256')?.[0];
  const digest = createHash('sha256').update(body).digest();
  if (
    !(value instanceof ArrayBuffer) ||
    value.byteLength !== digest.length ||
    !timingSafeEqual(Buffer.from(value), digest)
  )
    throw invalid('the content digest (sha-256) is not that of the body');
}

function isSigned(base: string, signature: Buffer, jwk: SignatureOptions['jwk'], alg: unknown): boolean {
  const expected = jwk['crv'] === 'Ed25519' ? 'ed25519' : 'ecdsa-p256-sha256';
  if (alg !== undefined && alg !== expected) return false;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return expected === 'ed25519'
    ? verify(null, Buffer.from(base), key, signature)
    : verify('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function invalid(why: string, cause?: unknown): Fault {
  return new Fault('auth.invalid-signature', 401, `The request's signature is not valid: ${why}.`, { cause });
}
