import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gatewayCaller, type AssertCaller, type VerifyCaller } from '@facet/access';
import type { Caller } from '@facet/contracts';
import { ConfigError, type Environment, loadConfig } from '@facet/platform';
import { z } from 'zod';
import { createAssertCaller } from './assert.js';
import {
  generateAssertionKey,
  hasDevelopmentKey,
  publicAssertionKeys,
  signingKey,
  verifyingKeys,
} from './keys.js';
import { createVerifyCaller } from './verify.js';

const MAKE_ONE = 'make one with `npm run keys -- assertion-key`';
const KEY = `expected a private Ed25519 JWK as JSON; ${MAKE_ONE}`;
const OWN = `expected a key of its own, and not that of development; ${MAKE_ONE}`;
const JWKS = `expected a JWKS with the gateways' public Ed25519 keys as JSON; ${MAKE_ONE}`;

/** What a gateway reads to speak for its callers. */
export const assertingVariables = {
  ASSERTION_KEY: z.string().refine(parses(signingKey), KEY).optional().meta({
    description:
      'The private key with which it signs on whose behalf it calls. Required in production; in development one is made and shared by all processes',
    secret: true,
  }),
};

/** What a service reads to know whom it works for. In development it takes the key that is made there. */
export const verifyingVariables = {
  ASSERTION_PUBLIC_KEYS: z
    .string()
    .refine(parses(verifyingKeys), JWKS)
    .optional()
    .describe(
      'The public keys of all gateways; each of them is accepted. Required in production; in development the key that is made there',
    ),
};
const verifying = z.object({ NODE_ENV: z.string().optional(), ...verifyingVariables });

/**
 * How a gateway speaks for its callers, from its configuration.
 *
 * @throws ConfigError in production without ASSERTION_KEY, and for one that was made for development
 */
export function assertCallers(
  gateway: string,
  { production, ASSERTION_KEY }: { production: boolean; ASSERTION_KEY?: string | undefined },
): AssertCaller {
  if (production && ASSERTION_KEY === undefined)
    throw new ConfigError(gateway, [{ variable: 'ASSERTION_KEY', expected: KEY }]);
  if (production) refuseDevelopmentKeys(gateway, { ASSERTION_KEY });
  return createAssertCaller({ gateway, key: ASSERTION_KEY ?? developmentKey() });
}

/** How a service proves its callers, from its environment: what `runService` takes as `verifyCaller`. */
export function verifyCallers(service: string): (env?: Environment) => VerifyCaller {
  return (env) => {
    const { NODE_ENV, ASSERTION_PUBLIC_KEYS } = loadConfig(service, verifying, env);
    if (NODE_ENV === 'production' && ASSERTION_PUBLIC_KEYS === undefined)
      throw new ConfigError(service, [{ variable: 'ASSERTION_PUBLIC_KEYS', expected: JWKS }]);
    if (NODE_ENV === 'production') refuseDevelopmentKeys(service, { ASSERTION_PUBLIC_KEYS });
    const keys = ASSERTION_PUBLIC_KEYS ?? publicAssertionKeys(developmentKey());
    return createVerifyCaller({ service, keys });
  };
}

function refuseDevelopmentKeys(name: string, given: Readonly<Record<string, string | undefined>>): void {
  const faults = Object.entries(given)
    .filter(([, text]) => text !== undefined && hasDevelopmentKey(text))
    .map(([variable]) => ({ variable, got: '(withheld)', expected: OWN }));
  if (faults.length > 0) throw new ConfigError(name, faults);
}

/**
 * The assertion of a caller of one's choice, a new one when the last grows old; what is not given is as for a gateway
 * that speaks for itself. For specs and for tools that talk to a service of this checkout without a gateway; it holds
 * only where the development key does.
 */
export function speakAs(service: string, given: Partial<Caller> = {}): () => string {
  const assertCaller = createAssertCaller({ gateway: 'development', key: developmentKey() });
  const caller = { ...gatewayCaller('development'), ...given };
  return () => assertCaller(caller, service);
}

/**
 * One key for all processes of this checkout, made by the first that needs it. It is linked into place, so that of
 * several processes that start at once all read the same one.
 */
export function developmentKey(folder = join(workspaceRoot(process.cwd()), '.facet')): string {
  const path = join(folder, 'assertion-key.json');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, generateAssertionKey({ forDevelopment: true }), { mode: 0o600 });
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
