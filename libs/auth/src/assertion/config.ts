import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError } from '@facet/platform';
import { z } from 'zod';
import { generateAssertionKey, publicAssertionKeys, signingKey, verifyingKeys } from './keys.js';

const MAKE_ONE = 'make one with `npm run keys -- assertion-key`';
const KEY = `expected a private Ed25519 JWK as JSON; ${MAKE_ONE}`;
const JWKS = `expected a JWKS with the gateways' public Ed25519 keys as JSON; ${MAKE_ONE}`;

/** What a gateway reads to speak for its callers. */
export const assertingVariables = {
  /** Its private key, an Ed25519 JWK as JSON. In development one is made and shared by all processes. */
  ASSERTION_KEY: z.string().refine(parses(signingKey), KEY).optional(),
};

/** What a service reads to know whom it works for. */
export const verifyingVariables = {
  /** The public keys of every gateway, a JWKS as JSON. In development that of the key that is made there. */
  ASSERTION_PUBLIC_KEYS: z.string().refine(parses(verifyingKeys), JWKS).optional(),
};

interface Common {
  readonly NODE_ENV: 'development' | 'test' | 'production';
}

/** @throws ConfigError in production, where there is no default */
export function assertionKey(name: string, { NODE_ENV, ASSERTION_KEY }: Common & { ASSERTION_KEY?: string }) {
  if (ASSERTION_KEY !== undefined) return ASSERTION_KEY;
  if (NODE_ENV === 'production') throw new ConfigError(name, [{ variable: 'ASSERTION_KEY', expected: KEY }]);
  return developmentKey();
}

/** @throws ConfigError in production, where there is no default */
export function assertionKeys(
  name: string,
  { NODE_ENV, ASSERTION_PUBLIC_KEYS }: Common & { ASSERTION_PUBLIC_KEYS?: string },
) {
  if (ASSERTION_PUBLIC_KEYS !== undefined) return ASSERTION_PUBLIC_KEYS;
  if (NODE_ENV === 'production')
    throw new ConfigError(name, [{ variable: 'ASSERTION_PUBLIC_KEYS', expected: JWKS }]);
  return publicAssertionKeys(developmentKey());
}

/**
 * One key for all processes of this checkout, made by whoever needs it first. It is linked into place, so that of
 * several processes that start at once all read the same one.
 */
export function developmentKey(folder = join(workspaceRoot(process.cwd()), '.facet')): string {
  const path = join(folder, 'assertion-key.json');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, generateAssertionKey(), { mode: 0o600 });
    try {
      linkSync(mine, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(mine);
    }
  }
  return readFileSync(path, 'utf8');
}

function workspaceRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === dirname(folder)) return from;
  }
}

function parses(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  };
}
