import { stringify } from 'yaml';
import { addressesVariable, originVariable, type App } from '../../apps.js';
import { haproxySettings, type Frontend } from '../haproxy.js';

/** How many instances of each gateway and of each service there are. */
const INSTANCES = 2;

/** Where the balancer is: gateways believe what comes from there. */
const EDGE = '172.30.10.0/24';

/** As its containers see it; `npm run compose` makes what is in it. */
const SECRETS = '../../.facet/compose';

/** The pages for operators, behind the same balancer. */
const PAGES = [
  { name: 'grafana', port: 3400, inside: 3000, health: '/api/health' },
  { name: 'traces', port: 3500, inside: 16_686, health: '/' },
] as const;

/** Each file of `deploy/compose`, by name. */
export function composeFiles(apps: readonly App[]): Readonly<Record<string, string>> {
  const files = {
    'docker-compose.yml': site(apps),
    'prometheus.yml': prometheus(apps),
    'alertmanager.yml': ALERTS,
  };
  const made = '# Made by `npm run compose`; an edit here is lost.\n\n';
  const yaml = Object.entries(files).map(([name, value]) => [
    name,
    made + stringify(value, { lineWidth: 120, aliasDuplicateObjects: false, version: '1.1' }),
  ]);
  return {
    ...(Object.fromEntries(yaml) as Record<string, string>),
    'haproxy.cfg': `${made}${haproxySettings({ frontends: frontendsOf(apps), certificate: '/run/facet/server.pem' })}`,
  };
}

const fronted = (apps: readonly App[]) => apps.filter(({ kind }) => kind !== 'service');

function frontendsOf(apps: readonly App[]): readonly Frontend[] {
  const ofApps = fronted(apps).map(({ name, kind, port }) => ({
    ...{ name, bind: `:${port}` },
    instances: { host: name, atMost: kind === 'identity' ? 1 : INSTANCES, port, adminPort: port + 1 },
  }));
  const ofPages = PAGES.map(({ name, port, inside, health }) => ({
    ...{ name, bind: `:${port}`, health },
    instances: { host: name, atMost: 1, port: inside, adminPort: inside },
  }));
  return [...ofApps, ...ofPages];
}

const container = {
  restart: 'unless-stopped',
  read_only: true,
  tmpfs: ['/tmp'],
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
};

function site(apps: readonly App[]) {
  const own = apps.map((app) => [app.name, containerOf(app, apps)] as const);
  const internal = (names: readonly string[]) => names.map((name) => [name, { internal: true }] as const);
  return {
    services: {
      balancer: balancer(apps),
      ...(Object.fromEntries(own) as Record<string, object>),
      postgres: {
        ...{
          image: 'postgres:18.4-bookworm',
          restart: 'unless-stopped',
          env_file: [`${SECRETS}/database.env`],
        },
        ...{ volumes: ['postgres:/var/lib/postgresql'], networks: ['data'] },
        healthcheck: checked('CMD-SHELL', 'pg_isready --username facet --dbname postgres'),
      },
      ...redis(),
      ...telemetry(),
    },
    networks: {
      outside: {},
      edge: { internal: true, ipam: { config: [{ subnet: EDGE }] } },
      ...Object.fromEntries(internal(['services', 'state', 'data', 'telemetry'])),
    },
    volumes: { postgres: {}, prometheus: {}, grafana: {} },
  };
}

function balancer(apps: readonly App[]) {
  const ports = [...fronted(apps).map(({ port }) => port), ...PAGES.map(({ port }) => port)];
  const issuers = apps.filter(({ kind }) => kind === 'identity').map(({ name }) => `${name}.localhost`);
  return {
    ...container,
    image: 'haproxy:3.0-bookworm',
    ports: ports.map((port) => `127.0.0.1:${port}:${port}`),
    volumes: [
      './haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro',
      `${SECRETS}/server.pem:/run/facet/server.pem:ro`,
    ],
    networks: { outside: {}, edge: { aliases: issuers }, telemetry: {} },
    healthcheck: checked('CMD', 'haproxy', '-c', '-f', '/usr/local/etc/haproxy/haproxy.cfg'),
  };
}

function containerOf(app: App, apps: readonly App[]) {
  const { name, kind, port } = app;
  const build = { context: '../..', args: { APP: name } };
  const environment = { PORT: port, ADMIN_PORT: port + 1, ADMIN_HOST: '0.0.0.0' };
  const common = {
    ...{ ...container, build, init: true, stop_grace_period: '35s' },
    healthcheck: { ...checked('CMD', 'node', '/facet/health.mjs'), start_period: '30s' },
  };
  const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces:4318' };
  if (kind === 'service') {
    return {
      ...{ ...common, scale: INSTANCES, env_file: [`${SECRETS}/services.env`, `${SECRETS}/database.env`] },
      environment: { ...environment, ...traces },
      ...{ networks: ['services', 'data', 'telemetry'], depends_on: healthy('postgres') },
    };
  }
  if (kind === 'identity') {
    const origins = apps
      .filter((each) => each.kind === 'gateway')
      .map((each) => [originVariable(each.name), `https://localhost:${each.port}`]);
    return {
      ...{ ...common, env_file: [`${SECRETS}/${name}.env`], networks: ['edge'] },
      environment: {
        ...{
          NODE_ENV: 'development',
          ...environment,
          ISSUER: issuerOf(apps),
          IDENTITY_KEYS_FILE: '/tmp/keys.json',
        },
        ...(Object.fromEntries(origins) as Record<string, string>),
      },
    };
  }
  return {
    ...{ ...common, scale: INSTANCES, env_file: [`${SECRETS}/${name}.env`] },
    environment: { ...environment, ...traces, ...gatewayEnvironment(app, apps) },
    volumes: [`${SECRETS}/authority.pem:/run/facet/authority.pem:ro`],
    networks: ['edge', 'services', 'state', 'telemetry'],
    depends_on: healthy(
      'redis',
      ...fronted(apps)
        .filter((each) => each.kind === 'identity')
        .map((each) => each.name),
    ),
  };
}

function gatewayEnvironment({ port, needs }: App, apps: readonly App[]) {
  const places = apps
    .filter(({ name, kind }) => kind === 'service' && needs.includes(name))
    .map((each) => [addressesVariable(each.name), `dns://${each.name}:${each.port}`]);
  return {
    ...(Object.fromEntries(places) as Record<string, string>),
    REDIS_URL: `redis-sentinel://${SENTINELS.join(',')}/${PRIMARY}`,
    ISSUER_URL: issuerOf(apps),
    PUBLIC_ORIGIN: `https://localhost:${port}`,
    PUBLIC_ORIGINS: `https://localhost:${port}`,
    TRUSTED_PROXIES: EDGE,
    NODE_EXTRA_CA_CERTS: '/run/facet/authority.pem',
  };
}

/** One name for browsers on this machine and for gateways inside: browsers take *.localhost for this machine. */
function issuerOf(apps: readonly App[]): string {
  const own = apps.find(({ kind }) => kind === 'identity');
  return own === undefined
    ? '${ISSUER_URL:?the address of an OpenID provider}'
    : `https://${own.name}.localhost:${own.port}`;
}

const PRIMARY = 'facet';
const SENTINELS = ['sentinel-1', 'sentinel-2', 'sentinel-3'];

/** A primary, a replica, and three sentinels that make the replica the primary. Their names are what they know each other by. */
function redis() {
  const server = (name: string, ...more: string[]) => ({
    ...{ ...container, image: 'redis:8-bookworm', networks: ['state'] },
    command: [
      'redis-server',
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory',
      '128mb',
      '--replica-announce-ip',
      name,
      ...more,
    ],
    healthcheck: checked('CMD', 'redis-cli', 'ping'),
  });
  const settings = [
    ...['sentinel resolve-hostnames yes', 'sentinel announce-hostnames yes'],
    ...[`sentinel monitor ${PRIMARY} redis 6379 2`, `sentinel down-after-milliseconds ${PRIMARY} 2000`],
    `sentinel failover-timeout ${PRIMARY} 10000`,
  ];
  const sentinel = (name: string) => ({
    ...{ ...container, image: 'redis:8-bookworm', networks: ['state'], depends_on: healthy('redis') },
    command: [
      'sh',
      '-c',
      `printf '%s\\n' "$$@" > /tmp/sentinel.conf && exec redis-sentinel /tmp/sentinel.conf`,
      'sentinel',
      ...settings,
      `sentinel announce-ip ${name}`,
    ],
    healthcheck: checked('CMD', 'redis-cli', '-p', '26379', 'ping'),
  });
  return {
    redis: server('redis'),
    'redis-replica': {
      ...server('redis-replica', '--replicaof', 'redis', '6379'),
      depends_on: healthy('redis'),
    },
    ...Object.fromEntries(SENTINELS.map((name) => [name, sentinel(name)])),
  };
}

function telemetry() {
  const on = { restart: 'unless-stopped', networks: ['telemetry'] };
  const asks = (url: string) => checked('CMD', 'wget', '-q', '-O', '/dev/null', url);
  return {
    prometheus: {
      ...{ ...on, image: 'prom/prometheus:v3.5.0' },
      command: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--storage.tsdb.retention.time=35d',
        '--enable-feature=exemplar-storage',
      ],
      volumes: [
        './prometheus.yml:/etc/prometheus/prometheus.yml:ro',
        '../observability/rules:/etc/prometheus/rules:ro',
        'prometheus:/prometheus',
      ],
      healthcheck: asks('http://127.0.0.1:9090/-/ready'),
    },
    alertmanager: {
      ...{ ...on, image: 'prom/alertmanager:v0.28.1' },
      command: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/tmp'],
      volumes: ['./alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro'],
      healthcheck: asks('http://127.0.0.1:9093/-/ready'),
    },
    grafana: {
      ...{ ...on, image: 'grafana/grafana:12.1.0', env_file: [`${SECRETS}/grafana.env`] },
      environment: { PROMETHEUS_URL: 'http://prometheus:9090', GF_SERVER_ROOT_URL: 'https://localhost:3400' },
      volumes: [
        '../observability/grafana/provisioning:/etc/grafana/provisioning:ro',
        '../observability/grafana/dashboards:/etc/grafana/dashboards:ro',
        'grafana:/var/lib/grafana',
      ],
      healthcheck: asks('http://127.0.0.1:3000/api/health'),
    },
    traces: { ...on, image: 'jaegertracing/jaeger:2.6.0', healthcheck: asks('http://127.0.0.1:16686/') },
  };
}

const healthy = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { condition: 'service_healthy' }]));

const checked = (...test: readonly string[]) => ({ test, interval: '5s', timeout: '4s', retries: 12 });

function prometheus(apps: readonly App[]) {
  const job = (job_name: string, kind: App['kind']) => ({
    ...{ job_name, honor_labels: true },
    dns_sd_configs: apps
      .filter((app) => app.kind === kind)
      .map(({ name, port }) => ({ names: [name], type: 'A', port: port + 1, refresh_interval: '15s' })),
  });
  return {
    global: { scrape_interval: '15s', scrape_timeout: '15s', evaluation_interval: '15s' },
    rule_files: ['rules/*.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: [job('facet-gateways', 'gateway'), job('facet-services', 'service')],
  };
}

/** Alerts are shown; whom to call is for an operator to say. */
const ALERTS = {
  route: { receiver: 'shown', group_by: ['alertname', 'severity'], group_wait: '30s', repeat_interval: '4h' },
  receivers: [{ name: 'shown' }],
};
