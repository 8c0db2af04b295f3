import { addressesVariable, originVariable, variable, type App } from '../apps.js';
import type { Secrets } from './secrets.js';

/** What every process of a site has in common. */
export interface Site {
  readonly secrets: Secrets;
  /** `https://localhost:3000` of `web-bff`; `https://localhost:3900` of `identity`. */
  readonly origins: Readonly<Record<string, string>>;
  /** `127.0.0.1:4020,127.0.0.1:4120` of `catalog`. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly issuer: string;
  /** The PEM file with what the certificates of a site are signed by, if not by an authority that Node knows. */
  readonly authority?: string | undefined;
  readonly databaseUrl: string;
  readonly databasePrefix?: string;
  readonly redisUrl?: string;
  /** The addresses of the balancer. */
  readonly proxies: string;
}

export interface Ports {
  readonly port: number;
  readonly adminPort: number;
}

/** Nothing of a developer's own environment reaches a process in production but where programs and folders are. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP', 'LOG_LEVEL'];

/** The whole environment of an app in production. */
export function productionEnv(app: App, { port, adminPort }: Ports, site: Site): Record<string, string> {
  const inherited = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const own = { service: serviceEnv, gateway: gatewayEnv, identity: identityEnv }[app.kind](app, site);
  return {
    ...Object.fromEntries(inherited),
    ...{ NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: String(adminPort) },
    ...(site.authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: site.authority }),
    ...own,
  };
}

function serviceEnv(_: App, { secrets, databaseUrl, databasePrefix }: Site): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    ...(databasePrefix === undefined ? {} : { DATABASE_PREFIX: databasePrefix }),
    ASSERTION_PUBLIC_KEYS: secrets.publicKeys,
  };
}

function gatewayEnv({ name }: App, site: Site): Record<string, string> {
  const { secrets, origins, addresses, issuer, redisUrl, proxies } = site;
  const places = Object.entries(addresses).map(([service, at]) => [addressesVariable(service), at]);
  return {
    ...(Object.fromEntries(places) as Record<string, string>),
    ISSUER_URL: issuer,
    PUBLIC_ORIGIN: origins[name] ?? '',
    PUBLIC_ORIGINS: origins[name] ?? '',
    OIDC_CLIENT_SECRET: secrets.clientSecrets[name] ?? '',
    ASSERTION_KEY: secrets.assertionKeys[name] ?? '',
    TRUSTED_PROXIES: proxies,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
}

/** The issuer of development is a stand-in here, with clients' secrets of the site's own: it never is production's. */
function identityEnv(_: App, { secrets, origins, issuer }: Site): Record<string, string> {
  const clients = Object.entries(secrets.clientSecrets).map(([name, secret]) => [
    variable(name, 'CLIENT_SECRET'),
    secret,
  ]);
  const gateways = Object.keys(secrets.clientSecrets).map((name) => [
    originVariable(name),
    origins[name] ?? '',
  ]);
  return {
    ...(Object.fromEntries([...clients, ...gateways]) as Record<string, string>),
    NODE_ENV: 'development',
    ISSUER: issuer,
  };
}
