import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openTraces } from './exporter.js';
import type { Span } from './span.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const span: Span = {
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'GET /x', kind: 'server', failed: false },
  ...{ startMs: 1_000.25, endMs: 1_002.5, attributes: { 'http.route': '/x' } },
};

/** A collector that answers with a status, and what the exporter logs. */
async function start(status: number) {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk));
    request.on('end', () => response.writeHead(status).end());
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const said: string[] = [];
  const logger = {
    warn: (_: object, message: string) => said.push(message),
    info: (message: string) => said.push(message),
  };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { bodies, said, exporter: await openTraces('spec', { endpoint }, logger as never) };
}

describe('traces', () => {
  test('are not exported where no collector is configured', async () => {
    expect(await openTraces('spec', {}, undefined as never)).toBeUndefined();
  });

  test('are sent before the exporter is closed', async () => {
    const { exporter, bodies, said } = await start(200);
    exporter?.export([span]);
    await exporter?.close();
    expect(Buffer.concat(bodies).toString('latin1')).toContain('GET /x');
    expect(said).toEqual([]);
  });

  test('that the collector refuses are a warning, once, and end nothing', async () => {
    const { exporter, said } = await start(400);
    exporter?.export(Array.from({ length: 1_500 }, () => span));
    await exporter?.close();
    expect(said).toEqual(['traces cannot be exported']);
  });
});
