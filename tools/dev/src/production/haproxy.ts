import { spawnSync } from 'node:child_process';

/** One public port, and the instances behind it. */
export interface Frontend {
  /** Of the app; its instances are `web-bff-1`, `web-bff-2`. */
  readonly name: string;
  /** `127.0.0.1:3000` */
  readonly bind: string;
  readonly instances: readonly { readonly address: string; readonly admin: string }[] | Named;
  /** What an instance that is ready answers with 200, where not `/health/ready`. */
  readonly health?: string;
}

/** Instances that a DNS name leads to, as Docker's does: so many at most, looked up again all the time. */
export interface Named {
  readonly host: string;
  readonly atMost: number;
  readonly port: number;
  readonly adminPort: number;
}

export interface Balancer {
  readonly frontends: readonly Frontend[];
  /** The PEM file with certificate and key. */
  readonly certificate: string;
  /** A socket on which HAProxy tells what it knows of the instances. */
  readonly socket?: string;
}

export const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

/** How long HAProxy takes at most to see that an instance is not ready, in milliseconds: less than an instance's drain delay. */
const CHECK_EVERY_MS = 500;

/**
 * HAProxy's settings: TLS and HTTP/2 to clients, HSTS on every answer, an instance out as soon as it says that it is not
 * ready. What only a balancer may say of a client is said here and nowhere else. Its own refusals are problems as gateways
 * write them. A request is sent to another instance only if nothing of it was sent: what a gateway may repeat it repeats itself.
 */
export function haproxySettings({ frontends, certificate, socket }: Balancer): string {
  const isNamed = frontends.some(({ instances }) => 'host' in instances);
  return [
    ...global(socket),
    ...(isNamed ? RESOLVERS : []),
    ...defaults(),
    ...frontends.flatMap((each) => frontend(each, certificate)),
    '',
  ].join('\n');
}

/** Docker's own. A name that it does not know any more is a container that has gone. */
const RESOLVERS = [
  'resolvers docker',
  '  nameserver dns 127.0.0.11:53',
  '  hold valid 1s',
  '  hold obsolete 3s',
  '',
];

export const HSTS = 'max-age=31536000; includeSubDomains';

function global(socket: string | undefined): readonly string[] {
  return [
    'global',
    '  log stdout format raw local0 warning',
    '  maxconn 4096',
    '  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets',
    '  ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20',
    ...(socket === undefined ? [] : [`  stats socket ${socket} mode 600 level admin`]),
    '',
  ];
}

function defaults(): readonly string[] {
  return [
    'defaults',
    '  mode http',
    '  log global',
    '  option redispatch 1',
    '  retries 3',
    '  retry-on conn-failure',
    '  balance leastconn',
    // Longer than a gateway takes for a request, so that it is the one to answer.
    '  timeout connect 1s',
    '  timeout client 60s',
    '  timeout server 60s',
    '  timeout http-request 6s',
    // Shorter than the 75 s for which a gateway keeps a connection: the balancer closes first.
    '  timeout http-keep-alive 60s',
    '  timeout check 2s',
    '  option httpchk GET /health/ready',
    '  http-check expect status 200',
    `  default-server check inter ${CHECK_EVERY_MS}ms fall 1 rise 1`,
    ...Object.entries(REFUSALS).map(([status, { title, code }]) => refusal(Number(status), title, code)),
    '',
  ];
}

const REFUSALS: Readonly<Record<number, { title: string; code: string }>> = {
  400: { title: 'Bad Request', code: 'balancer.bad-request' },
  408: { title: 'Request Timeout', code: 'balancer.request-timeout' },
  502: { title: 'Bad Gateway', code: 'balancer.broken-answer' },
  503: { title: 'Service Unavailable', code: 'balancer.no-instance' },
  504: { title: 'Gateway Timeout', code: 'balancer.timeout' },
};

function refusal(status: number, title: string, code: string): string {
  const body = JSON.stringify({ type: 'about:blank', title, status, code });
  const again = status === 503 ? ' hdr Retry-After 1' : '';
  return `  http-error status ${status} content-type application/problem+json string '${body}' hdr Cache-Control no-store${again}`;
}

function frontend({ name, bind, instances, health }: Frontend, certificate: string): readonly string[] {
  return [
    `frontend ${name}`,
    `  bind ${bind} ssl crt '${certificate}' alpn h2,http/1.1`,
    // On its own refusals too.
    `  http-after-response set-header Strict-Transport-Security "${HSTS}"`,
    ...CLIENTS_MAY_NOT_SAY.map((field) => `  http-request del-header ${field}`),
    '  http-request set-header X-Forwarded-For %[src]',
    '  http-request set-header X-Forwarded-Proto https',
    '  http-request set-header X-Forwarded-Host %[req.hdr(host)]',
    `  default_backend ${name}`,
    '',
    `backend ${name}`,
    ...(health === undefined ? [] : [`  option httpchk GET ${health}`]),
    ...serversOf(name, instances),
    '',
  ];
}

function serversOf(name: string, instances: Frontend['instances']): readonly string[] {
  if ('host' in instances) {
    const { host, atMost, port, adminPort } = instances;
    const found = `check port ${adminPort} resolvers docker resolve-prefer ipv4 init-addr none`;
    return [`  server-template ${name}- ${atMost} ${host}:${port} ${found}`];
  }
  return instances.map(
    ({ address, admin }, index) =>
      `  server ${name}-${index + 1} ${address} check addr ${hostOf(admin)} port ${portOf(admin)}`,
  );
}

const CLIENTS_MAY_NOT_SAY = [
  'Forwarded',
  'X-Real-IP',
  'X-Forwarded-Port',
  'Client-Cert',
  'Client-Cert-Chain',
];

const hostOf = (address: string): string => address.slice(0, address.lastIndexOf(':'));
const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1);
