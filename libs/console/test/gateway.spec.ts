import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sampleOf } from '@facet/contracts';
import { createGateway, gatewayConfig } from '@facet/gateway';
import { createLogger, ConfigError, type Running } from '@facet/platform';
import { eventuallyPasses } from '@facet/testing';
import { WireServer } from '@facet/transport';
import { openConsole } from '../src/index.js';
import type { RequestDetail } from '../src/view.js';
import { catalog, homeRoute, inventory, recommendations } from './support/shop.js';
import { temporaryFolder } from './support/folder.js';

const config = gatewayConfig('spec', { port: 0, services: { catalog: 1, inventory: 2, recommendations: 3 } });
const contracts = { ...catalog, ...inventory, ...recommendations };

let service: WireServer;
let running: Running | undefined;
let folder: string;
let port: number;

beforeEach(async () => {
  folder = temporaryFolder();
  const all = Object.values(contracts);
  service = new WireServer({ port: 0 }).onRequest(({ pattern }) => {
    const asked = all.find((each) => each.pattern === pattern);
    return asked === undefined ? undefined : sampleOf(asked.output);
  });
  ({ port } = await service.listen());
});

afterEach(async () => {
  await running?.stop();
  await service.close({ timeoutMs: 500 });
});

async function start(env: Record<string, string> = {}) {
  const at = `127.0.0.1:${port}`;
  const settings = {
    NODE_ENV: 'test',
    ADMIN_PORT: '0',
    CATALOG_ADDRESSES: at,
    INVENTORY_ADDRESSES: at,
    RECOMMENDATIONS_ADDRESSES: at,
  };
  running = await createGateway(
    { routes: [homeRoute], config, console: (gateway) => openConsole(gateway, { folder }) },
    { config: config.load({ ...settings, ...env }), logger: createLogger({ name: 'spec', level: 'silent' }) },
  );
  const { http = '', admin = '' } = running.addresses;
  return { http, admin };
}

/** Opens the stream of events; the text that came so far. */
async function follow(admin: string): Promise<{ text: () => string; close: () => void }> {
  const [response] = (await once(get(`${admin}/console/api/live`), 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => undefined);
  await eventuallyPasses(() => expect(text).toMatch('event: hello'));
  return { text: () => text, close: () => response.destroy() };
}

const detailOf = async (admin: string, id: string): Promise<RequestDetail> =>
  (await (await fetch(`${admin}/console/api/requests/${id}`)).json()) as RequestDetail;

describe('the console of a gateway that runs', () => {
  test('shows a request with its parts, calls and attempts as it ends', async () => {
    const { http, admin } = await start();
    const stream = await follow(admin);
    const answer = await fetch(`${http}/v1/home`);
    expect(answer.status).toBe(200);
    const id = answer.headers.get('x-request-id') ?? '';
    await eventuallyPasses(() => expect(stream.text()).toContain(id));
    const { record, summary } = await detailOf(admin, id);
    expect(summary).toMatchObject({ method: 'GET', route: '/v1/home', status: 200, ending: 'ok' });
    expect(record.aggregation).toBe('mobile.home');
    expect(record.parts.map(({ name, state }) => [name, state])).toEqual([
      ['featured', 'fresh'],
      ['categories', 'fresh'],
      ['popular', 'fresh'],
      ['forYou', 'fresh'],
      ['stock', 'fresh'],
    ]);
    expect(record.calls.flatMap(({ attempts }) => attempts.map(({ instance }) => instance))).toContain(
      `127.0.0.1:${port}`,
    );
    await eventuallyPasses(() =>
      expect(stream.text()).toMatch(/event: state\ndata: .*"catalog".*"rate":[^0]/),
    );
    stream.close();
  });

  test('keeps what was partial while nobody looked', async () => {
    const { http, admin } = await start({ RECOMMENDATIONS_ADDRESSES: '127.0.0.1:1' });
    const answer = await fetch(`${http}/v1/home`);
    expect(await answer.json()).toMatchObject({ meta: { degraded: [{ part: 'popular' }] } });
    const { summary } = await detailOf(admin, answer.headers.get('x-request-id') ?? '');
    expect(summary).toMatchObject({
      ending: 'degraded',
      reason: expect.stringMatching(/unavailable|timeout/),
    });
  });

  test('no token, cookie, value of a query or answer is in what it shows, nor in what it keeps', async () => {
    const { http, admin } = await start();
    const stream = await follow(admin);
    const canaries = [
      'canary-of-a-token',
      'canary-of-a-cookie',
      'canary-of-a-query',
      'canary-of-a-key',
      'canary@example.com',
    ];
    const [token = '', cookie = '', query = '', key = '', mail = ''] = canaries;
    const headers = {
      authorization: `Bearer ${token}`,
      cookie: `session=${cookie}`,
      'x-api-key': key,
      'x-csrf': token,
      'idempotency-key': key,
      from: mail,
      'x-forwarded-for': mail,
      baggage: `user=${mail}`,
      tracestate: `vendor=${mail}`,
    };
    const answer = await fetch(`${http}/v1/home?password=${query}&email=${mail}`, { headers });
    const id = answer.headers.get('x-request-id') ?? '';
    await eventuallyPasses(() => expect(stream.text()).toContain(id));
    const shown = JSON.stringify(await detailOf(admin, id)) + stream.text();
    // What the services answered is sampled from the contracts: in a list that the client got, and nowhere here.
    for (const canary of [...canaries, 'sample-1']) expect(shown).not.toContain(canary);
    expect(shown).toContain('"queryNames":["password","email"]');
    stream.close();
    await running?.stop();
    running = undefined;
    const files = readdirSync(join(folder, 'console')).filter((name) => name.endsWith('.ndjson'));
    expect(files).toEqual(['spec.ndjson']);
    const kept = readFileSync(join(folder, 'console', 'spec.ndjson'), 'utf8');
    expect(kept).toContain(id);
    for (const canary of [...canaries, 'sample-1']) expect(kept).not.toContain(canary);
  });

  test('lists the gateways of the workspace that run, and forgets one that has stopped', async () => {
    const { admin } = await start();
    const gateways = async () => (await (await fetch(`${admin}/console/api/gateways`)).json()) as unknown;
    await eventuallyPasses(async () =>
      expect(await gateways()).toEqual([
        { name: 'spec', console: `${admin.replace('127.0.0.1', 'localhost')}/console`, isUp: true },
      ]),
    );
    await running?.stop();
    running = undefined;
    expect(readdirSync(join(folder, 'console', 'gateways'))).toEqual([]);
  });

  test('stands beside health and metrics, which go on as they were', async () => {
    const { admin } = await start();
    expect((await fetch(`${admin}/console`)).status).toBe(200);
    expect((await fetch(`${admin}/consoles`)).status).toBe(404);
    expect((await fetch(`${admin}/health/ready`)).status).toBe(200);
    expect((await fetch(`${admin}/metrics`)).status).toBe(200);
  });

  test('a stop does not wait for a page that is open', async () => {
    const { admin } = await start();
    await follow(admin);
    await running?.stop();
    running = undefined;
    await expect(fetch(`${admin}/health/live`)).rejects.toThrow();
  });
});

describe('whether there is a console', () => {
  test('not where the configuration says so', async () => {
    const { admin } = await start({ CONSOLE: 'false' });
    expect((await fetch(`${admin}/console`)).status).toBe(404);
  });

  test('not in production without a token, and one asked for without a token stops the start', async () => {
    const { admin } = await start({ NODE_ENV: 'production', TRUSTED_PROXIES: 'none', DRAIN_DELAY_MS: '0' });
    expect((await fetch(`${admin}/console`)).status).toBe(404);
    await running?.stop();
    running = undefined;
    const asked = start({ NODE_ENV: 'production', TRUSTED_PROXIES: 'none', CONSOLE: 'true' });
    await expect(asked).rejects.toThrow(ConfigError);
    await expect(asked).rejects.toThrow('CONSOLE_TOKEN');
  });

  test('in production behind its token, which is no short one', async () => {
    const token = 'a-token-of-thirty-two-characters-or-more';
    const { admin } = await start({
      NODE_ENV: 'production',
      TRUSTED_PROXIES: 'none',
      DRAIN_DELAY_MS: '0',
      CONSOLE_TOKEN: token,
    });
    const url = `${admin}/console/api/gateways`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(() => config.load({ CONSOLE_TOKEN: 'short' })).toThrow('at least 32 characters');
  });
});
