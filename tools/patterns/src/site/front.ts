import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttp,
  request,
  Agent,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createSecureServer } from 'node:http2';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { fronts, type Front } from '../ways.js';
import { freePort } from './free-port.js';

export interface FrontPorts {
  /** TLS, HTTP/1.1 or HTTP/2 as the client likes. */
  readonly tls: number;
  /** Without TLS, on 127.0.0.1 alone: for load. */
  readonly plain: number;
}

/** The load balancer in front of everything: it ends TLS, and passes requests on by their path. */
export interface FrontServer {
  /** What it is, for the report. */
  readonly what: string;
  readonly pid: number;
  readonly ports: Readonly<Record<Front, FrontPorts>>;
  stop(): Promise<void>;
}

export interface FrontOptions {
  /** Services by the beginning of their paths, `host:port`. */
  readonly services: Readonly<Record<string, string>>;
  /** Gateways, `host:port`. */
  readonly gateways: Readonly<Record<Exclude<Front, 'services'>, string>>;
  readonly certificate: { readonly key: string; readonly cert: string };
}

/** HAProxy where this machine has it, else a plain balancer in Node that does the same. */
export async function startFront(options: FrontOptions): Promise<FrontServer> {
  const ports = {} as Record<Front, FrontPorts>;
  for (const front of fronts) ports[front] = { tls: await freePort(), plain: await freePort() };
  const found = spawnSync('haproxy', ['-v'], { encoding: 'utf8' });
  if (found.status !== 0) return startNodeFront(options, ports);
  const version = /version (\d+\.\d+)/.exec(found.stdout)?.[1] ?? '';
  return startHaproxy(options, ports, version);
}

type Ports = FrontServer['ports'];

async function startHaproxy(options: FrontOptions, ports: Ports, version: string): Promise<FrontServer> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-patterns-'));
  try {
    const [config, pem] = [join(folder, 'haproxy.cfg'), join(folder, 'front.pem')];
    writeFileSync(pem, options.certificate.cert + options.certificate.key, { mode: 0o600 });
    writeFileSync(config, haproxyConfig(options, ports, pem));
    const child = spawn('haproxy', ['-db', '-q', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = once(child, 'exit').then(() => true);
    process.once('exit', () => child.kill('SIGKILL'));
    while (!(await listens(ports.partner.plain))) {
      if (await Promise.race([ended, sleep(20)])) throw new Error(`HAProxy did not start: ${said.trim()}`);
    }
    return {
      what: `HAProxy ${version}`,
      pid: child.pid ?? 0,
      ports,
      async stop() {
        child.kill('SIGKILL');
        await ended;
      },
    };
  } finally {
    // It has read them.
    rmSync(folder, { recursive: true });
  }
}

function haproxyConfig({ services, gateways }: FrontOptions, ports: Ports, pem: string): string {
  const byPath = Object.keys(services).map(
    (path, index) => `  use_backend service${index} if { path_beg ${path} }`,
  );
  const frontend = (front: Front, lines: readonly string[]): string[] => [
    `frontend ${front}`,
    `  bind :${ports[front].tls} ssl crt ${pem} alpn h2,http/1.1`,
    `  bind 127.0.0.1:${ports[front].plain}`,
    ...lines,
  ];
  return [
    'global',
    '  nbthread 1',
    // As the gateways do, where it is built with zlib; its own SLZ has one level, which is fast and sends more.
    '  tune.comp.maxlevel 6',
    'defaults',
    '  mode http',
    '  timeout connect 1s',
    '  timeout client 30s',
    '  timeout server 5s',
    '  http-reuse always',
    ...frontend('services', byPath),
    // Gateways compress what they answer themselves.
    '  compression algo gzip',
    '  compression type application/json application/problem+json',
    ...Object.keys(gateways).flatMap((name) =>
      frontend(name as Front, [`  default_backend ${name}-gateway`]),
    ),
    ...Object.values(services).flatMap((place, index) => [
      `backend service${index}`,
      `  server only ${place} check inter 250ms fall 2 rise 1`,
    ]),
    ...Object.entries(gateways).flatMap(([name, place]) => [
      `backend ${name}-gateway`,
      `  server only ${place} check inter 250ms fall 2 rise 1`,
    ]),
    '',
  ].join('\n');
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  const is = await Promise.race([
    once(socket, 'connect').then(
      () => true,
      () => false,
    ),
  ]);
  socket.destroy();
  return is;
}

/** In this process: its CPU is not told apart from that of the run. */
async function startNodeFront(options: FrontOptions, ports: Ports): Promise<FrontServer> {
  const agent = new Agent({ keepAlive: true });
  const { services, gateways, certificate } = options;
  const servers = fronts.flatMap((front) => {
    const placeOf = (path: string): string | undefined =>
      front === 'services'
        ? services[Object.keys(services).find((start) => path.startsWith(start)) ?? '']
        : gateways[front];
    const handle = (asked: IncomingMessage, answer: ServerResponse): void =>
      passOn(asked, answer, { place: placeOf(asked.url ?? ''), agent, compresses: front === 'services' });
    const secure = createSecureServer({ ...certificate, allowHTTP1: true }, handle as never);
    return [secure.listen(ports[front].tls), createHttp(handle).listen(ports[front].plain, '127.0.0.1')];
  });
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    what: 'a plain balancer in Node, as there is no haproxy',
    pid: 0,
    ports,
    async stop() {
      agent.destroy();
      for (const server of servers) server.close();
      await sleep(0);
    },
  };
}

/** What HTTP/2 does not have, and what belongs to one connection. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings']);

interface Passing {
  readonly place: string | undefined;
  readonly agent: Agent;
  readonly compresses: boolean;
}

function passOn(asked: IncomingMessage, answer: ServerResponse, { place, agent, compresses }: Passing): void {
  if (place === undefined) return void answer.writeHead(404).end();
  const url = new URL(asked.url ?? '/', `http://${place}`);
  const headers = Object.fromEntries(
    Object.entries(asked.headers).filter(([name]) => !name.startsWith(':') && !HOP.has(name)),
  );
  const onward = request(url, { method: asked.method ?? 'GET', headers, agent }, (reply) => {
    const fields = Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !HOP.has(name)));
    const isJson = /json/.test(reply.headers['content-type'] ?? '');
    if (compresses && isJson && /gzip/.test(String(asked.headers['accept-encoding']))) {
      delete fields['content-length'];
      answer.writeHead(reply.statusCode ?? 502, { ...fields, 'content-encoding': 'gzip' });
      pipeline(reply, createGzip(), answer, () => undefined);
    } else {
      answer.writeHead(reply.statusCode ?? 502, fields);
      pipeline(reply, answer, () => undefined);
    }
  });
  onward.setTimeout(5_000, () => onward.destroy(new Error('no answer within 5 s')));
  onward.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(503).end()));
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}
