import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether this machine has what a balancer with TLS is made of. */
export const hasBalancer =
  spawnSync('haproxy', ['-v']).status === 0 && spawnSync('openssl', ['version']).status === 0;

/** One process behind the balancer. */
export interface Behind {
  /** `127.0.0.1:3010`. */
  readonly address: string;
  /** The port whose `/health/ready` says whether it may be asked. */
  readonly adminPort: number;
}

/** A running HAProxy. */
export interface Balancer {
  readonly url: string;
  readonly pid: number;
  /** The certificate that clients have to know, and each that replaces it. */
  readonly authorities: readonly string[];
  /** Resolves when every one of those behind it may be asked. */
  readonly allUp: () => Promise<void>;
  /** Takes a new certificate into use, over HAProxy's socket: no connection is closed. Gives its serial number. */
  replaceCertificate(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts HAProxy with TLS before `behind`, as `docs/guides/deploy.md` has it: round robin, an instance that is not ready is out
 * within half a second. `tls: false` listens without.
 *
 * @throws Error with HAProxy's own words where it does not start
 */
export async function startBalancer(behind: readonly Behind[], { tls = true } = {}): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-balancer-'));
  const port = await freePort();
  const pem = join(folder, 'site.pem');
  const socket = join(folder, 'admin.sock');
  const authorities: string[] = [];
  const certify = (): string => {
    const { certificate, key } = makeCertificate(folder);
    authorities.push(certificate);
    return certificate + key;
  };
  writeFileSync(pem, certify(), { mode: 0o600 });
  writeFileSync(
    join(folder, 'haproxy.cfg'),
    configuration({ port, behind, socket, ...(tls ? { pem } : {}) }),
  );
  const child = spawn('haproxy', ['-f', join(folder, 'haproxy.cfg'), '-db'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const balancer: Balancer = {
    url: `${tls ? 'https' : 'http'}://localhost:${port}`,
    pid: child.pid ?? 0,
    authorities,
    allUp: () => untilAllAreUp(child, socket, behind.length),
    async replaceCertificate() {
      const text = certify();
      await command(socket, `set ssl cert ${pem} <<\n${text}\n`);
      const said = await command(socket, `commit ssl cert ${pem}\n`);
      if (!said.includes('Success')) throw new Error(`HAProxy did not take the certificate: ${said.trim()}`);
      return serialOf(authorities.at(-1) ?? '');
    },
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await untilAllAreUp(child, socket, behind.length).catch(async (error: unknown) => {
    await balancer.stop();
    throw error;
  });
  return balancer;
}

interface Configuration {
  readonly port: number;
  readonly pem?: string;
  readonly socket: string;
  readonly behind: readonly Behind[];
}

function configuration({ port, pem, socket, behind }: Configuration): string {
  const servers = behind.map(
    ({ address, adminPort }, index) =>
      `  server gateway${index + 1} ${address} check port ${adminPort} inter 200ms fall 1 rise 1`,
  );
  return `global
  stats socket ${socket} mode 600 level admin
  nbthread 1
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 30s
  timeout check 5s
  timeout http-keep-alive 50s
frontend site
  bind 127.0.0.1:${port}${pem === undefined ? '' : ` ssl crt ${pem} alpn h2,http/1.1 ssl-min-ver TLSv1.2`}
  http-request set-header X-Forwarded-Proto https
  default_backend gateways
backend gateways
  balance roundrobin
  option httpchk GET /health/ready
  option redispatch
${servers.join('\n')}
`;
}

/** A self-signed certificate for localhost, and its key. */
function makeCertificate(folder: string): { certificate: string; key: string } {
  const made = spawnSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', '-', '-out', '-'],
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  const [key] = /-----BEGIN PRIVATE KEY-----[^]*?-----END PRIVATE KEY-----\n/.exec(made.stdout) ?? [];
  const [certificate] = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(made.stdout) ?? [];
  if (key === undefined || certificate === undefined)
    throw new Error(`openssl made no certificate: ${made.stderr}`);
  return { certificate, key };
}

function serialOf(certificate: string): string {
  const { stdout } = spawnSync('openssl', ['x509', '-noout', '-serial'], {
    input: certificate,
    encoding: 'utf8',
  });
  return stdout.trim().replace('serial=', '');
}

async function untilAllAreUp(child: ChildProcess, socket: string, count: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`HAProxy has ended: ${child.stderr?.read() ?? ''}`.trim());
    const status = await command(socket, 'show stat\n').catch(() => '');
    if (status.split('\n').filter((line) => /^gateways,gateway\d+,.*,UP,/.test(line)).length === count)
      return;
    await sleep(50);
  }
}

/** One command to HAProxy's socket, and its answer. */
function command(path: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect({ path }, function (this: NodeJS.WritableStream) {
      this.write(text);
    })
      .setEncoding('utf8')
      .on('data', (part: string) => (answer += part))
      .once('end', () => resolve(answer))
      .once('error', reject);
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill('SIGKILL');
  return promise;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
