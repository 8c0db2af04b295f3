import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { createMetrics, Fault, startAdmin, type AdminOptions, type AdminServer } from '../src/index.js';

const open: AdminServer[] = [];

async function admin(options: Partial<AdminOptions> = {}) {
  const server = await startAdmin({ host: '127.0.0.1', port: 0, ...options });
  open.push(server);
  return { server, http: axios.create({ baseURL: server.url, validateStatus: () => true }) };
}

afterEach(() => Promise.all(open.splice(0).map((server) => server.stop())));

describe('the admin server', () => {
  test('is live while a check fails, and not ready, naming what is missing and why', async () => {
    const { http } = await admin({
      checks: {
        catalog: () => {
          throw new Fault('upstream.unavailable', 503, 'no instance answers');
        },
        inventory: () => Promise.resolve(),
        database: () =>
          Promise.reject(Object.assign(new Error('10.0.0.7 said no'), { code: 'ECONNREFUSED' })),
      },
    });
    expect((await http.get('/health/live')).status).toBe(200);
    const ready = await http.get<unknown>('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.headers['content-type']).toBe('application/problem+json');
    expect(ready.data).toMatchObject({
      status: 503,
      missing: [
        { name: 'catalog', reason: 'no instance answers' },
        { name: 'database', reason: 'ECONNREFUSED' },
      ],
    });
  });

  test('becomes ready by itself when what was missing is there', async () => {
    let there = false;
    const { http } = await admin({
      checks: {
        catalog: () => {
          if (!there) throw new Error('away');
        },
      },
    });
    expect((await http.get('/health/ready')).status).toBe(503);
    there = true;
    expect((await http.get('/health/ready')).data).toEqual({ status: 'ready', checks: ['catalog'] });
  });

  test('shows beside its word what it is given to show, ready or not', async () => {
    let fails = false;
    const { http } = await admin({
      checks: { sessions: () => (fails ? Promise.reject(new Error('away')) : undefined) },
      shown: () => ({ services: { catalog: { state: 'down' } } }),
    });
    const services = { catalog: { state: 'down' } };
    expect((await http.get('/health/ready')).data).toEqual({
      status: 'ready',
      checks: ['sessions'],
      services,
    });
    fails = true;
    expect((await http.get('/health/ready')).data).toMatchObject({ status: 503, services });
  });

  test('does not wait for a check that hangs', async () => {
    const { http } = await admin({
      checks: { catalog: () => new Promise<void>(() => {}) },
      checkTimeoutMs: 20,
    });
    expect((await http.get('/health/ready')).data).toMatchObject({
      missing: [{ name: 'catalog', reason: 'no answer in 20 ms' }],
    });
  });

  test('is not ready while the process stops, whatever the checks say', async () => {
    const { http, server } = await admin();
    expect((await http.get('/health/ready')).status).toBe(200);
    server.setReady(false);
    expect((await http.get('/health/ready')).status).toBe(503);
    expect((await http.get('/health/live')).status).toBe(200);
  });

  test('shows the metrics of the process', async () => {
    const { http } = await admin({ metrics: createMetrics('spec') });
    const { data, headers } = await http.get<string>('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(data).toMatch(/process_resident_memory_bytes\{process="spec"\} \d+/);
  });

  test('refuses other paths and other methods', async () => {
    const { http } = await admin();
    expect((await http.get('/')).status).toBe(404);
    const post = await http.post('/health/live', {});
    expect([post.status, post.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });

  test('names port and variable where the port is taken', async () => {
    const { server } = await admin();
    const port = Number(new URL(server.url).port);
    await expect(admin({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port} (ADMIN_PORT)`);
  });
});
