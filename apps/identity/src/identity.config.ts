import { loadConfig, processVariables, whole, type Environment } from '@facet/platform';
import { z } from 'zod';
import { gateways, originVariable, type GatewayClient, type Origins } from './gateways.js';

const { NODE_ENV: _, ...common } = processVariables({ port: 3900, adminPort: 3901 });

/** An origin or a prefix of addresses: `http://localhost:3000`, without a slash at its end. */
function origin(byDefault: string) {
  return z
    .url({ protocol: /^https?$/, error: 'expected an address that begins with http:// or https://' })
    .transform((address) => address.replace(/\/$/, ''))
    .default(byDefault);
}

const withSessions = (gateways: readonly GatewayClient[]) =>
  gateways.filter(({ signIn }) => signIn === 'session');

/** `WEB_BFF_ORIGIN` and its like. */
const originVariables = (gateways: readonly GatewayClient[]): Record<string, ReturnType<typeof origin>> =>
  Object.fromEntries(
    withSessions(gateways).map(({ gateway, origin: at = '' }) => [
      originVariable(gateway),
      origin(at).describe(`Where browsers find ${gateway}`),
    ]),
  );

function originsOf(gateways: readonly GatewayClient[], parsed: Readonly<Record<string, unknown>>): Origins {
  return Object.fromEntries(
    withSessions(gateways).map(({ gateway }) => [gateway, parsed[originVariable(gateway)] as string]),
  );
}

const schemaFor = (gateways: readonly GatewayClient[]) =>
  z.object({
    ...common,
    NODE_ENV: z
      .enum(['development', 'test'], {
        error: 'expected development or test: this provider has known passwords and never runs in production',
      })
      .default('development')
      .describe('This provider has known passwords and does not start in production'),
    ISSUER: z
      .url({ protocol: /^https?$/, error: 'expected the address that clients know this provider by' })
      .optional()
      .describe('How the provider names itself. Default: `http://localhost:<PORT>`'),
    IDENTITY_KEYS_FILE: z
      .string()
      .default('.facet/identity/keys.json')
      .describe('Where its signing keys are kept from one start to the next'),
    ...originVariables(gateways),
    KEY_ROTATION_HOURS: whole({ min: 1, max: 8_760, byDefault: 168 }).describe(
      'How often its signing key changes; SIGHUP does it at once',
    ),
    ACCESS_TOKEN_SECONDS: whole({ min: 1, max: 3_600, byDefault: 600 }).describe(
      'How long its access tokens hold',
    ),
  });

/** All that this provider reads, for the reference of settings. */
export const variables = schemaFor(gateways).shape;

/** The environment of the development provider, parsed. */
export type IdentityConfig = ReturnType<typeof loadIdentityConfig>;

/** @throws ConfigError naming every variable that does not fit; production is one of them */
export function loadIdentityConfig(env: Environment = process.env, known = gateways) {
  const parsed = loadConfig('identity', schemaFor(known), env);
  return {
    gateways: known,
    host: parsed.HOST,
    port: parsed.PORT,
    admin: { host: parsed.ADMIN_HOST, port: parsed.ADMIN_PORT },
    /** Undefined: `http://localhost:<port>`, with the port that was really had. */
    issuer: parsed.ISSUER,
    keysFile: parsed.IDENTITY_KEYS_FILE,
    origins: originsOf(known, parsed),
    keyRotationMs: parsed.KEY_ROTATION_HOURS * 3_600_000,
    accessTokenSeconds: parsed.ACCESS_TOKEN_SECONDS,
  };
}
