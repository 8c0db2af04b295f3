import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  Configuration,
  discovery,
  None,
} from 'openid-client';
import { IssuerMisconfigured, unavailable } from './issuer-faults.js';

/** How a client with a secret proves itself at the token endpoint, in the order of our choice (OpenID Connect Core, section 9). */
const METHODS = {
  client_secret_basic: ClientSecretBasic,
  client_secret_post: ClientSecretPost,
  client_secret_jwt: ClientSecretJwt,
} as const;

export type ClientAuthMethod = keyof typeof METHODS;
export const clientAuthMethods = Object.keys(METHODS) as [ClientAuthMethod, ...ClientAuthMethod[]];

export interface IssuerClientOptions {
  /** The issuer's identifier; its discovery document is found from there. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How the client proves itself. Default: the first of `clientAuthMethods` that the issuer's metadata name. */
  readonly clientAuth?: ClientAuthMethod | undefined;
  /** How long one request to the issuer may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

/**
 * Finds the issuer's endpoints (OpenID Connect Discovery 1.0).
 *
 * @throws IssuerMisconfigured where it is not the issuer that is configured, or takes no client with a secret; Fault 503
 * where it cannot be reached
 */
export async function findIssuer(options: IssuerClientOptions): Promise<Configuration> {
  const { issuer, clientId, clientSecret, timeoutMs = 5_000 } = options;
  const url = new URL(issuer);
  const execute = url.protocol === 'http:' ? [allowInsecureRequests] : [];
  const timeout = timeoutMs / 1_000;
  try {
    const found = await discovery(url, clientId, undefined, None(), { timeout, execute });
    const server = found.serverMetadata();
    const method = options.clientAuth ?? methodOf(server.token_endpoint_auth_methods_supported);
    const configuration = new Configuration(server, clientId, clientSecret, METHODS[method](clientSecret));
    configuration.timeout = timeout;
    for (const change of execute) change(configuration);
    return configuration;
  } catch (error) {
    if (error instanceof IssuerMisconfigured) throw error;
    const { code } = error as { code?: unknown };
    if (code !== 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') throw unavailable(error);
    throw new IssuerMisconfigured(`the issuer under ${url.origin} names itself otherwise than ISSUER_URL`);
  }
}

/** An issuer that names no method takes `client_secret_basic` (RFC 8414, section 2). */
function methodOf(named: readonly string[] = ['client_secret_basic']): ClientAuthMethod {
  const known = clientAuthMethods.find((method) => named.includes(method));
  if (known !== undefined) return known;
  throw new IssuerMisconfigured(`the issuer takes no client with a secret, only ${named.join(', ')}`);
}
