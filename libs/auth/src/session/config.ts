import { ConfigError, redisVariable, whole, type ConfigFault } from '@facet/platform';
import { z } from 'zod';
import { clientAuthMethods } from './issuer-client.js';

/** How the development issuer's secrets end. */
const DEVELOPMENT_SECRET = '-secret-in-development';
const address = { protocol: /^https?$/, error: 'expected an address that begins with http:// or https://' };

/** What a gateway for browsers reads; `webSessionOptions` makes options of it. `client` is its name at the issuer. */
export function sessionVariables(client: string) {
  return {
    ISSUER_URL: z
      .url(address)
      .default('http://localhost:3900')
      .describe('The OpenID provider, exactly as it names itself. https in production'),
    OIDC_CLIENT_ID: z.string().default(client).describe("The gateway's name at the issuer"),
    OIDC_CLIENT_SECRET: z
      .string()
      .default(`${client}${DEVELOPMENT_SECRET}`)
      .meta({ description: 'The secret of that client. Production refuses the default', secret: true }),
    OIDC_CLIENT_SECRET_OTHER: z.string().optional().meta({
      description:
        'A second secret of that client while one is replaced: sign-ins that another instance has begun under it are finished',
      secret: true,
    }),
    OIDC_CLIENT_AUTH: z
      .enum(clientAuthMethods, `expected ${clientAuthMethods.join(' or ')}`)
      .optional()
      .describe("How the client proves itself at the issuer. Default: what the issuer's metadata say"),
    OIDC_SCOPE: z
      .string()
      .refine(
        (scope) => scope.split(' ').includes('openid'),
        'expected scopes with spaces between, openid among them',
      )
      .default('openid profile email orders:read orders:write')
      .describe('The scopes that are asked for at sign-in'),
    PUBLIC_ORIGIN: z
      .url(address)
      .refine((url) => URL.parse(url)?.origin === url, 'expected an origin: no path, no slash at the end')
      .optional()
      .describe('Where browsers find this gateway. https in production. Default: `http://localhost:<PORT>`'),
    SESSION_IDLE_MINUTES: whole({ min: 1, max: 1_440, byDefault: 30 }).describe(
      'A session that is not used for so long ends',
    ),
    SESSION_HOURS: whole({ min: 1, max: 720, byDefault: 12 }).describe(
      'A session ends after so long in any case',
    ),
    REDIS_URL: redisVariable,
  };
}

export type SessionConfig = z.infer<z.ZodObject<ReturnType<typeof sessionVariables>>> & {
  readonly production: boolean;
  /** The gateway's own port: where browsers find it if nothing else is said. */
  readonly port: number;
};

/**
 * What `createWebSessions` takes, from a gateway's configuration.
 *
 * @throws ConfigError in production for the development client's secret, and for what would be spoken without TLS
 */
export function webSessionOptions(name: string, config: SessionConfig) {
  const publicOrigin = config.PUBLIC_ORIGIN ?? `http://localhost:${config.port}`;
  const faults = config.production ? productionFaults(config, publicOrigin) : [];
  if (faults.length > 0) throw new ConfigError(name, faults);
  return {
    issuer: config.ISSUER_URL,
    clientId: config.OIDC_CLIENT_ID,
    clientSecret: config.OIDC_CLIENT_SECRET,
    otherClientSecret: config.OIDC_CLIENT_SECRET_OTHER,
    clientAuth: config.OIDC_CLIENT_AUTH,
    scope: config.OIDC_SCOPE,
    publicOrigin,
    idleMs: config.SESSION_IDLE_MINUTES * 60_000,
    absoluteMs: config.SESSION_HOURS * 3_600_000,
    redisUrl: config.REDIS_URL,
  };
}

function productionFaults(config: SessionConfig, publicOrigin: string): ConfigFault[] {
  const plain = Object.entries({ ISSUER_URL: config.ISSUER_URL, PUBLIC_ORIGIN: publicOrigin })
    .filter(([, url]) => !url.startsWith('https:'))
    .map(([variable]) => ({
      variable,
      expected: 'expected an address that begins with https:// in production',
    }));
  const secret = {
    variable: 'OIDC_CLIENT_SECRET',
    expected: 'expected the secret that the issuer gave this client',
  };
  return config.OIDC_CLIENT_SECRET.endsWith(DEVELOPMENT_SECRET) ? [...plain, secret] : plain;
}
