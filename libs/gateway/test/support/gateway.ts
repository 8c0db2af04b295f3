import { once } from 'node:events';
import { connect } from 'node:net';
import { createLogger } from '@facet/platform';
import { Module, type Type } from '@nestjs/common';
import axios, { type AxiosInstance } from 'axios';
import {
  createGateway,
  gatewayConfig,
  type GatewayConfig,
  type GatewayOptions,
  type Policy,
  type ServicePlace,
} from '../../src/index.js';

export interface TestGateway {
  readonly url: string;
  readonly admin: string;
  readonly http: AxiosInstance;
  /** What it has logged, as text. */
  readonly log: () => string;
  stop(): Promise<void>;
}

interface TestGatewayOptions extends Partial<Omit<GatewayOptions<GatewayConfig>, 'module' | 'config'>> {
  readonly controllers?: Type[];
  readonly imports?: Type[];
  /** Where the service `shop` is; nowhere by default. */
  readonly shop?: string;
  readonly env?: Record<string, string>;
  /** What it may call; the service `shop` by TCP by default. */
  readonly services?: Readonly<Record<string, ServicePlace>>;
}

/** What a spec does not ask for is off, so that it sees nothing but what it is about. */
const off: Policy = { cache: false, compression: false, idempotency: false, shedding: false };

export async function startTestGateway({
  controllers = [],
  imports = [],
  shop,
  env,
  services = { shop: 1 },
  policy,
  ...rest
}: TestGatewayOptions): Promise<TestGateway> {
  const config = gatewayConfig('spec', { port: 0, services });
  class SpecModule {}
  Module({ controllers, imports })(SpecModule);
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const settings = { NODE_ENV: 'test', ...(shop === undefined ? {} : { SHOP_ADDRESSES: shop }), ...env };
  const running = await createGateway(
    { module: SpecModule, config, policy: { ...off, ...policy }, ...rest },
    { config: config.load(settings), logger: createLogger({ name: 'spec', level: 'info', destination }) },
  );
  const { http = '', admin = '' } = running.addresses;
  return {
    url: http,
    admin,
    http: axios.create({ baseURL: http, validateStatus: () => true }),
    log: () => lines.join(''),
    stop: () => running.stop(),
  };
}

/** Writes bytes to a gateway as they are, and is gone before it can answer. */
export async function leaveAfter(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.resetAndDestroy();
  await once(socket, 'close');
}

/** Writes bytes to a gateway as they are, and reads until it closes the connection. */
export async function rawExchange(url: string, ...chunks: string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8').on('data', (data: string) => (received += data));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  for (const chunk of chunks) socket.write(chunk);
  await once(socket, 'close');
  return received;
}
