import { mkdirSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readFileSync } from 'node:fs';
import { addressesVariable, portOf, portVariable, variable, workspaceRoot, type App } from '../apps.js';
import { HOST, isFree } from '../free-port.js';
import { logFolder } from '../log-lines.js';
import { startBalancer } from './balancer.js';
import { buildApps } from './build.js';
import { checkCertificate, makeCertificates, type Certificates } from './certificates.js';
import { productionEnv } from './environment.js';
import { hasHaproxy } from './haproxy.js';
import { secretsIn, type Secrets } from './secrets.js';
import type { Tool } from './tool.js';

/** Where the site's secrets, certificates and HAProxy's settings are. */
const FOLDER = join('.facet', 'production');
const folder = join(workspaceRoot, FOLDER);

/** What an app listens on behind the balancer, beside its public port and its admin port. */
const BEHIND = 2;

/**
 * The workspace in production on this machine: what was built, behind HAProxy with TLS on the ports of development, with secrets
 * of its own and nothing of development's but its issuer, where no other is named.
 */
export class Production {
  #balancer: Tool | undefined;

  private constructor(
    /** Those that are started. */
    readonly apps: readonly App[],
    private readonly env: NodeJS.ProcessEnv,
    private readonly certificates: Certificates,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Looks at all that can be wrong before anything is started, then builds.
   *
   * @throws Error with one line that says what is wrong, and the way out
   */
  static async prepare(
    all: readonly App[],
    env: NodeJS.ProcessEnv,
    tell: (line: string) => void,
  ): Promise<Production> {
    if (!hasHaproxy)
      throw new Error(
        'npm start -- --production needs haproxy, which is not installed (Debian: apt install haproxy)',
      );
    refuseUntrustedBalancer(env['TRUSTED_PROXIES']);
    const apps = all.filter(({ kind }) => kind !== 'identity' || !env['ISSUER_URL']);
    const gateways = apps.filter(({ kind }) => kind === 'gateway').map(({ name }) => name);
    if (env['ISSUER_URL']) refuseOwnIssuer(env['ISSUER_URL'], gateways, env);
    await refuseTakenPorts(apps, env);
    const certificates = certificatesOf(env['TLS_CERTIFICATE']);
    const secrets = secretsIn(join(folder, 'secrets.json'), gateways);
    tell('Building what is to run …');
    await buildApps(apps);
    const made = new Production(apps, env, certificates, secrets);
    made.#writeClientsEnv();
    if (certificates.authority !== undefined)
      setDefaultCACertificates([
        ...getCACertificates('default'),
        readFileSync(certificates.authority, 'utf8'),
      ]);
    return made;
  }

  /** The whole environment of one of the apps. */
  envOf(app: App, databaseUrl: string | undefined): Record<string, string> {
    const port = portOf(app, this.env);
    const isFronted = app.kind !== 'service';
    return productionEnv(
      app,
      { port: isFronted ? port + BEHIND : port, adminPort: port + 1 },
      {
        secrets: { ...this.secrets, clientSecrets: this.#clientSecrets() },
        origins: Object.fromEntries(this.apps.map((each) => [each.name, this.#origin(each)])),
        addresses: this.#addresses(),
        issuer: this.#issuer,
        authority: this.certificates.authority,
        databaseUrl: databaseUrl ?? '',
        proxies: this.env['TRUSTED_PROXIES'] || HOST,
      },
    );
  }

  /** How an app is reached from outside: a gateway, and the issuer, by the balancer. */
  shown(app: App, addresses: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return app.kind === 'service' ? addresses : { ...addresses, http: this.#origin(app) };
  }

  /** What a call from a shell needs before its words, and before those that ask for a token. */
  get calls(): { readonly curl: string; readonly token: string } {
    const { authority } = this.certificates;
    const trusted =
      authority === undefined ? '' : ` --cacert ${join(FOLDER, 'certificates', 'authority.pem')}`;
    return { curl: `curl -s${trusted}`, token: `. ${join(FOLDER, 'clients.env')}; npm run -s token --` };
  }

  /** Rejects with one line where HAProxy does not take its settings; `onEnd` is told when it has ended by itself. */
  startBalancer(onEnd: (line: string) => void): void {
    const frontends = this.apps
      .filter(({ kind }) => kind !== 'service')
      .map((app) => {
        const port = portOf(app, this.env);
        const instance = { address: `${HOST}:${port + BEHIND}`, admin: `${HOST}:${port + 1}` };
        return { name: app.name, bind: `${HOST}:${port}`, instances: [instance] };
      });
    const files = { file: join(folder, 'haproxy.cfg'), log: join(logFolder, 'haproxy.log') };
    const balancer = startBalancer({ certificate: this.certificates.file, frontends }, files);
    this.#balancer = balancer;
    void balancer.exited.then((line) => {
      if (this.#balancer !== undefined) onEnd(line);
    });
  }

  async stop(): Promise<void> {
    const balancer = this.#balancer;
    this.#balancer = undefined;
    await balancer?.stop();
  }

  get #issuer(): string {
    const own = this.apps.find(({ kind }) => kind === 'identity');
    return own === undefined ? (this.env['ISSUER_URL'] ?? '') : this.#origin(own);
  }

  #origin(app: App): string {
    return `https://localhost:${portOf(app, this.env)}`;
  }

  #addresses(): Readonly<Record<string, string>> {
    const services = this.apps.filter(({ kind }) => kind === 'service');
    return Object.fromEntries(
      services.map((app) => [
        app.name,
        this.env[addressesVariable(app.name)] ?? `${HOST}:${portOf(app, this.env)}`,
      ]),
    );
  }

  #clientSecrets(): Readonly<Record<string, string>> {
    const given = this.env['OIDC_CLIENT_SECRET'];
    const { clientSecrets } = this.secrets;
    if (!given) return clientSecrets;
    return Object.fromEntries(Object.keys(clientSecrets).map((name) => [name, given]));
  }

  /** What `npm run token` needs to reach this issuer, for a shell to read: no path of it has to be quoted. */
  #writeClientsEnv(): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const secrets = Object.entries(this.#clientSecrets()).map(
      ([name, secret]) => `export ${variable(name, 'CLIENT_SECRET')}=${secret}`,
    );
    const authority =
      this.certificates.authority === undefined
        ? []
        : [`export NODE_EXTRA_CA_CERTS=${join(FOLDER, 'certificates', 'authority.pem')}`];
    writeFileSync(join(folder, 'clients.env'), `${[...authority, ...secrets].join('\n')}\n`, { mode: 0o600 });
  }
}

function certificatesOf(given: string | undefined): Certificates {
  const certificates = given ? { file: given } : makeCertificates(join(folder, 'certificates'));
  checkCertificate(certificates.file, 'localhost');
  return certificates;
}

/** The gateways would take every request for one of the balancer's own. */
function refuseUntrustedBalancer(given: string | undefined): void {
  if (!given) return;
  const list = new BlockList();
  try {
    for (const network of given.split(',').map((each) => each.trim())) {
      const [address = '', bits] = network.split('/');
      const family = address.includes(':') ? 'ipv6' : 'ipv4';
      if (bits === undefined) list.addAddress(address, family);
      else list.addSubnet(address, Number(bits), family);
    }
  } catch {
    throw new Error(
      `TRUSTED_PROXIES is "${given}"; expected addresses or networks with commas between, ${HOST} among them`,
    );
  }
  if (list.check(HOST)) return;
  throw new Error(
    `TRUSTED_PROXIES is "${given}", which leaves out the balancer: add ${HOST}, or do not set it`,
  );
}

function refuseOwnIssuer(issuer: string, gateways: readonly string[], env: NodeJS.ProcessEnv): void {
  if (!issuer.startsWith('https://'))
    throw new Error(`ISSUER_URL is "${issuer}"; expected an address that begins with https:// in production`);
  const secret = env['OIDC_CLIENT_SECRET'];
  const which = gateways.join(', ');
  if (!secret)
    throw new Error(`OIDC_CLIENT_SECRET is not set; expected the secret that ${issuer} gave ${which}`);
  if (secret.endsWith('-in-development'))
    throw new Error(`OIDC_CLIENT_SECRET is development's; expected the secret that ${issuer} gave ${which}`);
}

async function refuseTakenPorts(apps: readonly App[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const app of apps.filter(({ kind }) => kind !== 'service')) {
    const port = portOf(app, env) + BEHIND;
    if (!(await isFree(port)))
      throw new Error(
        `Port ${port} (${app.name} behind the balancer) is taken: set ${portVariable(app.name)}`,
      );
  }
}
