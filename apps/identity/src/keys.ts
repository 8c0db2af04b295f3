import { generateKeyPairSync, randomBytes, randomUUID, type JsonWebKey } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const ring = z.object({
  cookieSecret: z.string().min(32),
  keys: z
    .array(z.object({ createdAt: z.number(), jwk: z.looseObject({ kid: z.string(), kty: z.string() }) }))
    .min(1),
});

/** The keys a provider signs with, newest first, and the secret of its own cookies. */
export type KeyRing = z.infer<typeof ring>;

/** A token outlives the key that signed it by one rotation: that many keys are published. */
const PUBLISHED = 2;

/** Reads the ring at `file`; makes one where there is none. The file is for its owner alone. */
export function loadKeyRing(file: string): KeyRing {
  const text = readIfThere(file);
  if (text !== undefined) return ring.parse(JSON.parse(text));
  return save(file, { cookieSecret: randomBytes(32).toString('base64url'), keys: [newKey()] });
}

/** Puts a new key first and lets the oldest go. */
export function rotateKeys(file: string): KeyRing {
  const current = loadKeyRing(file);
  return save(file, { ...current, keys: [newKey(), ...current.keys].slice(0, PUBLISHED) });
}

/** How long the newest key has been in use, in milliseconds. */
export function ageOf({ keys }: KeyRing): number {
  return Date.now() - Math.max(...keys.map(({ createdAt }) => createdAt));
}

function newKey(): KeyRing['keys'][number] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk: JsonWebKey = privateKey.export({ format: 'jwk' });
  return { createdAt: Date.now(), jwk: { ...jwk, kty: 'RSA', kid: randomUUID(), use: 'sig', alg: 'RS256' } };
}

function save(file: string, keys: KeyRing): KeyRing {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(keys), { mode: 0o600 });
  renameSync(draft, file);
  return keys;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
