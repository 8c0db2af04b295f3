import { ConfigError, whole } from '@facet/platform';
import { z } from 'zod';

const DEVELOPMENT_SECRET = 'web-bff-secret-in-development';
const address = { protocol: /^https?$/, error: 'expected an address that begins with http:// or https://' };

/** What a gateway for browsers reads; `webSessionOptions` checks it for production. */
export const sessionVariables = {
  OIDC_ISSUER: z.url(address).default('http://localhost:3900'),
  OIDC_CLIENT_ID: z.string().default('web-bff'),
  OIDC_CLIENT_SECRET: z.string().default(DEVELOPMENT_SECRET),
  OIDC_SCOPE: z
    .string()
    .refine(
      (scope) => scope.split(' ').includes('openid'),
      'expected scopes with spaces between, openid among them',
    )
    .default('openid profile email orders:read orders:write'),
  /** Where browsers find this gateway. Default: `http://localhost:<PORT>`. */
  PUBLIC_ORIGIN: z
    .url(address)
    .refine((url) => new URL(url).origin === url, 'expected an origin: no path, no slash at the end')
    .optional(),
  SESSION_IDLE_MINUTES: whole({ min: 1, max: 1_440, byDefault: 30 }),
  SESSION_HOURS: whole({ min: 1, max: 720, byDefault: 12 }),
  /** Sessions that several instances share; without it they live in the process. */
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'expected redis://host:port, or rediss:// for TLS' })
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof sessionVariables>>;

/** @throws ConfigError naming what production does not allow */
export function webSessionOptions(
  name: string,
  variables: Variables & { NODE_ENV: 'development' | 'test' | 'production'; PORT: number },
) {
  const publicOrigin = variables.PUBLIC_ORIGIN ?? `http://localhost:${variables.PORT}`;
  const options = {
    issuer: variables.OIDC_ISSUER,
    clientId: variables.OIDC_CLIENT_ID,
    clientSecret: variables.OIDC_CLIENT_SECRET,
    scope: variables.OIDC_SCOPE,
    publicOrigin,
    idleMs: variables.SESSION_IDLE_MINUTES * 60_000,
    absoluteMs: variables.SESSION_HOURS * 3_600_000,
    redisUrl: variables.REDIS_URL,
  };
  const faults = variables.NODE_ENV === 'production' ? productionFaults(options) : [];
  if (faults.length > 0) throw new ConfigError(name, faults);
  return options;
}

function productionFaults(options: { issuer: string; publicOrigin: string; clientSecret: string }) {
  const { issuer, publicOrigin, clientSecret } = options;
  return [
    ...(issuer.startsWith('https:')
      ? []
      : [
          {
            variable: 'OIDC_ISSUER',
            got: JSON.stringify(issuer),
            expected: 'expected https:// in production',
          },
        ]),
    ...(publicOrigin.startsWith('https:')
      ? []
      : [
          {
            variable: 'PUBLIC_ORIGIN',
            got: JSON.stringify(publicOrigin),
            expected: 'expected https:// in production',
          },
        ]),
    ...(clientSecret === DEVELOPMENT_SECRET
      ? [
          {
            variable: 'OIDC_CLIENT_SECRET',
            expected: 'expected the secret that your issuer gave this client',
          },
        ]
      : []),
  ];
}
