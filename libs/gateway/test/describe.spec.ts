import { createServer, type AddressInfo } from 'node:net';
import { aggregate } from '@facet/aggregation';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { describeGateway, gatewayConfig, route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop } from './support/shop.js';

const titled = shop.item.output.meta({ title: 'Item' });
const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .optional('other', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .deferred('later', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .shape(({ item, other }) => ({ item, other }));
const answer = z.strictObject({ item: titled, other: titled.optional(), later: titled.optional() });

const pages = route('GET /pages/:id', page, { access: 'public', answer });
const notes = route('POST /notes', shop.note, {
  access: 'public',
  input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'body' },
});
const config = gatewayConfig('spec', { port: 0, services: { shop: 1 } });
const often = { requests: 100, seconds: 10 };
const plan = { burst: often, sustained: { requests: 1_000, seconds: 300 } };
const policy = {
  rateLimits: { anonymous: plan, callers: plan, failures: often },
  shedding: { maxInFlight: 100, maxDelayMs: 250 },
};
const options = { config, routes: [pages, notes], policy };

const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

interface Document {
  readonly paths: Record<string, Record<string, Record<string, unknown>>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}
const documentOf = async (...routes: (typeof pages)[]) =>
  (await describeGateway({ ...options, routes })) as unknown as Document;

describe('a gateway that describes itself', () => {
  test('says what it serves as its document once it has started', async () => {
    const gateway = await startTestGateway({ routes: [pages, notes], policy: options.policy });
    closing.push(() => gateway.stop());
    expect(await describeGateway(options)).toEqual((await gateway.http.get('/openapi.json')).data);
  });

  test('connects to nobody, and warms nothing up', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1)).listen(0, '127.0.0.1');
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { SHOP_ADDRESSES: `127.0.0.1:${port}`, REDIS_URL: `redis://127.0.0.1:${port}` };
    const called: string[] = [];
    const authenticator = {
      ...{ credentials: ['bearer' as const], schemes: {}, problems: { 'auth.invalid-token': 401 } },
      ...{ authenticate: () => undefined, challenge: () => ({}) },
    };
    const auth = () => ({
      authenticator,
      warm: () => void called.push('warm'),
      close: () => Promise.resolve(void called.push('close')),
    });
    await describeGateway({ ...options, auth }, env);
    expect({ connections, called }).toEqual({ connections: 0, called: ['close'] });
  });

  test('says the same in production, without docs and with other variables', async () => {
    const usual = await describeGateway(options, {});
    const env = { NODE_ENV: 'production', DOCS: 'false', REDIS_URL: 'redis://127.0.0.1:1' };
    expect(await describeGateway(options, env)).toEqual(usual);
  });

  test('is refused where it would not start', async () => {
    const closed = route('GET /closed/:id', page, { access: {}, answer });
    await expect(documentOf(closed)).rejects.toThrow('GET /closed/:id');
    const same = route('GET /other/:id', shop.item, {
      ...{ access: 'public', operationId: 'page', input: { id: 'path' } },
    });
    const named = route('GET /named/:id', page, { access: 'public', answer, operationId: 'page' });
    await expect(documentOf(same, named)).rejects.toThrow(
      'GET /other/:id and GET /named/:id have the same operationId, "page"',
    );
  });
});

describe('what clients are made from', () => {
  test('are names of what is answered, or of the route where several answer with the same', async () => {
    const { paths } = await documentOf(pages, notes);
    expect(paths['/pages/{id}']?.['get']?.['operationId']).toBe('page');
    expect(paths['/notes']?.['post']?.['operationId']).toBe('note');
    const again = route('GET /again/:id', page, { access: 'public', answer });
    const twice = await documentOf(pages, again);
    expect(twice.paths['/pages/{id}']?.['get']?.['operationId']).toBe('getPagesId');
    expect(() => route('GET /x', page, { access: 'public', answer, operationId: 'Not a name' })).toThrow(
      'GET /x: operationId is "Not a name"',
    );
  });

  test('are all codes that a route may refuse with, by status', async () => {
    const { paths } = await documentOf(notes);
    const responses = paths['/notes']?.['post']?.['responses'] as Record<string, { description: string }>;
    const all = Object.entries(responses).map(([status, { description }]) => [status, description]);
    expect(Object.fromEntries(all)).toMatchObject({
      400: expect.stringMatching(/idempotency\.key-missing.*input\.invalid/),
      409: expect.stringContaining('idempotency.in-progress'),
      415: expect.stringContaining('http.unsupported-media-type'),
      422: expect.stringContaining('idempotency.key-reused'),
      429: expect.stringContaining('plan.rate-exceeded'),
      502: expect.stringContaining('upstream.bad-reply'),
      503: expect.stringMatching(/overload\.shed.*upstream\.unavailable/),
      504: expect.stringMatching(/request\.timeout.*upstream\.timeout/),
    });
    expect(responses).toMatchObject({
      409: {
        content: {
          'application/problem+json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Problem' },
                { properties: { code: { enum: ['idempotency.in-progress'] }, status: { enum: [409] } } },
              ],
            },
          },
        },
      },
    });
  });

  test('are the parts that an answer may lack, and each piece of a streamed one, by name', async () => {
    const { paths, components } = await documentOf(pages);
    const responses = paths['/pages/{id}']?.['get']?.['responses'];
    const item = { $ref: '#/components/schemas/Item' };
    const event = (name: string, properties: object) => ({
      properties: { event: { const: name }, ...properties },
    });
    expect(components.schemas['Item']).toMatchObject({ type: 'object' });
    expect(responses).toMatchObject({
      200: {
        content: {
          'application/json': {
            schema: {
              properties: {
                item,
                meta: {
                  properties: {
                    degraded: { items: { properties: { part: { enum: ['other', 'later'] } } } },
                    outdated: { items: { properties: { part: { enum: ['item', 'other', 'later'] } } } },
                  },
                },
              },
            },
          },
          'application/x-ndjson': {
            schema: {
              oneOf: [
                event('first', { value: { properties: { item, other: item }, required: ['item'] } }),
                event('part', { part: { const: 'later' }, value: item }),
                event('end', { meta: {} }),
                event('error', { problem: { $ref: '#/components/schemas/Problem' } }),
              ],
            },
          },
        },
      },
    });
  });

  test('keep two models apart that have one title', async () => {
    const other = z.strictObject({ item: z.strictObject({ size: z.int() }).meta({ title: 'Item' }) });
    const sized = aggregate('spec.sized', { input: shop.item.input })
      .required('item', shop.item, { input: ({ input }) => ({ id: input.id }) })
      .shape(() => ({ item: { size: 1 } }));
    const { components } = await documentOf(
      pages,
      route('GET /sized/:id', sized, { access: 'public', answer: other }),
    );
    expect(components.schemas).not.toHaveProperty('Item');
  });
});
