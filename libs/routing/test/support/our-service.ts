import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@facet/platform';
import { TransportError, WireServer, type IncomingRequest, type WireServerOptions } from '@facet/transport';
import { pickerOf } from '@facet/contracts';
import { itemOf } from './shop.js';

export interface ServiceOptions extends WireServerOptions {
  /** Who answers, as `shop.count` tells. */
  readonly name?: string;
  /** What every answer takes, in ms. */
  readonly takesMs?: number;
  /** A file that gets the key of every command that ran, a line each. */
  readonly record?: string;
}

export interface OurService {
  readonly address: string;
  readonly port: number;
  readonly server: WireServer;
  /** Requests as they arrived. */
  readonly requests: IncomingRequest[];
  close(): Promise<void>;
}

/** A service of ours: it cuts its answers itself, and can be asked to drain. */
export async function startOurs(options: ServiceOptions = {}): Promise<OurService> {
  const { name = 'ours', takesMs = 0, record, ...wire } = options;
  const requests: IncomingRequest[] = [];
  const server = new WireServer({ abilities: ['fields'], info: { name }, ...wire });
  server.onRequest(async (request) => {
    requests.push(request);
    const { id = '', key = '', delayMs = 0, with: how } = request.data as Record<string, string & number>;
    if (takesMs + delayMs > 0) await sleep(takesMs + delayMs);
    switch (request.pattern) {
      case 'shop.item':
        return request.fields === undefined ? itemOf(id) : pickerOf({ fields: request.fields })(itemOf(id));
      case 'shop.count':
        if (record !== undefined) appendFileSync(record, `${key}\n`);
        return { by: name };
      case 'shop.fail':
        throw new Fault('shop.unknown-item', 404, `told to fail with ${how}`);
      default:
        throw new TransportError('transport.no-handler', String(request.pattern));
    }
  });
  const { port } = await server.listen();
  return { address: `127.0.0.1:${port}`, port, server, requests, close: () => server.close() };
}
