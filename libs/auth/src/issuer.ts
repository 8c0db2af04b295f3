import { ConfigError, redisVariable, type ConfigFault } from '@facet/platform';
import { z } from 'zod';
import { publicOrigins } from './own-origin.js';

/** `apps/identity`, as it is started in development. */
const DEVELOPMENT_ISSUER = 'http://localhost:3900';

/** What a gateway that takes access tokens or API keys reads. `audience` is its name at the issuer: `urn:facet:mobile-bff`. */
export function issuerVariables(audience: string) {
  return {
    ISSUER_URL: z
      .url({ protocol: /^https?$/, error: 'expected the identifier of an OpenID provider, https://…' })
      .default(DEVELOPMENT_ISSUER)
      .describe('The OpenID provider, exactly as it names itself. https in production'),
    AUDIENCE: z
      .string()
      .min(1)
      .default(audience)
      .describe('What tokens for this gateway name as their audience'),
    JWKS_URL: z
      .url({ protocol: /^https?$/, error: 'expected the address of a JWKS, https://…' })
      .optional()
      .describe("Where the issuer's keys are, if not where its discovery document says. https in production"),
    TOKEN_MAX_SECONDS: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'expected seconds, from 1 to 99999')
      .transform(Number)
      .default(3_600)
      .describe('The longest time from issue to expiry that an access token may have'),
    PUBLIC_ORIGINS: publicOrigins.describe(
      'Where clients find this gateway. In production proofs (DPoP) and signed requests are refused without',
    ),
    REDIS_URL: redisVariable,
  };
}

export interface IssuerConfig {
  readonly production: boolean;
  readonly ISSUER_URL: string;
  readonly AUDIENCE: string;
  readonly JWKS_URL?: string | undefined;
  readonly TOKEN_MAX_SECONDS: number;
  readonly PUBLIC_ORIGINS?: readonly string[] | undefined;
  readonly REDIS_URL?: string | undefined;
}

/**
 * What the bearer check takes, from a gateway's configuration.
 *
 * @throws ConfigError in production where the issuer or its keys would be spoken to without TLS
 */
export function issuerOptions(name: string, config: IssuerConfig) {
  const { production, ISSUER_URL, JWKS_URL } = config;
  const plain = Object.entries({ ISSUER_URL, JWKS_URL }).filter(([, url]) => url?.startsWith('http:'));
  if (production && plain.length > 0) throw new ConfigError(name, plain.map(plainFault));
  return {
    issuer: ISSUER_URL,
    audience: config.AUDIENCE,
    maxLifetimeSeconds: config.TOKEN_MAX_SECONDS,
    keys: JWKS_URL === undefined ? {} : { jwksUri: JWKS_URL },
  };
}

function plainFault([variable]: [string, unknown]): ConfigFault {
  return { variable, expected: 'expected an address that begins with https:// in production' };
}
