import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import axios from 'axios';
import { z } from 'zod';
import { Answers, Incoming, RequireAccess, route, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const page = aggregate('spec.page', { input: shop.item.input.extend({ size: z.int().max(9).default(3) }) })
  .required('item', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .shape(({ item }) => ({ item }));

@Controller()
class PageController {
  @Get('pages/:id')
  @Answers(page, { access: 'public', answer: z.strictObject({ item: shop.item.output }), summary: 'A page' })
  page(@Incoming() request: GatewayRequest) {
    return request.answer(page);
  }

  @Get('plain')
  @RequireAccess('public')
  plain() {
    return {};
  }
}

const notes = route('POST /notes', shop.note, {
  access: 'public',
  input: { idempotencyKey: 'header:idempotency-key', text: 'body', by: 'body' },
});

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

async function start(env: Record<string, string> = {}) {
  const service = await startShop();
  const controllers = [PageController];
  const gateway = await startTestGateway({ controllers, routes: [notes], shop: service.address, env });
  running.push(gateway, service);
  return gateway;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Record<string, unknown>>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

describe('the OpenAPI document', () => {
  test('describes an aggregated route by its own schemas, and carries its plan', async () => {
    const { http } = await start();
    const { data } = await http.get<Document>('/openapi.json');
    expect(data.openapi).toBe('3.1.0');
    expect(data.paths['/pages/{id}']?.['get']).toMatchObject({
      operationId: 'page',
      summary: 'A page',
      parameters: [
        { name: 'id', in: 'path', required: true },
        { name: 'size', in: 'query', required: false, schema: { type: 'integer', maximum: 9, default: 3 } },
      ],
      responses: {
        200: { content: { 'application/json': { schema: { properties: { item: { type: 'object' } } } } } },
        404: { description: 'Not Found: shop.item-not-found' },
        503: {
          content: {
            'application/problem+json': {
              schema: {
                allOf: [
                  { $ref: '#/components/schemas/Problem' },
                  { properties: { code: { enum: ['upstream.overloaded', 'upstream.unavailable'] } } },
                ],
              },
            },
          },
        },
      },
      'x-facet-aggregation': { name: 'spec.page', services: ['shop'], depth: 1 },
    });
  });

  test('says of a passed-through route where each input goes', async () => {
    const { http } = await start();
    const { data } = await http.get<Document>('/openapi.json');
    expect(data.paths['/notes']?.['post']).toMatchObject({
      summary: 'Writes something down',
      parameters: [{ name: 'idempotency-key', in: 'header', required: true }],
      requestBody: {
        content: {
          'application/json': { schema: { required: ['text', 'by'], additionalProperties: false } },
        },
      },
      'x-facet-operation': 'shop.note',
    });
  });

  test('has every route and no reference that leads nowhere', async () => {
    const { http } = await start();
    const { data } = await http.get<Document>('/openapi.json');
    expect(Object.keys(data.paths).sort()).toEqual(['/notes', '/pages/{id}', '/plain']);
    const references = [...JSON.stringify(data).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    for (const [, name = ''] of references) expect(data.components.schemas).toHaveProperty(name);
  });

  test('is shown by a page that needs nothing from elsewhere', async () => {
    const { http, url } = await start();
    const { data, headers } = await http.get<string>('/docs');
    const files = [...data.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await axios.get(new URL(file, url).href)).status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/script-src 'self';.*frame-ancestors 'none'/);
    expect(data).not.toMatch(/https?:/);
  });

  test('H2 is not there in production, unless the configuration says so', async () => {
    const closed = await start({ NODE_ENV: 'production', TRUSTED_PROXIES: 'none', DRAIN_DELAY_MS: '0' });
    expect((await closed.http.get('/openapi.json')).status).toBe(404);
    expect((await closed.http.get('/docs')).status).toBe(404);
    const open = await start({
      NODE_ENV: 'production',
      TRUSTED_PROXIES: 'none',
      DRAIN_DELAY_MS: '0',
      DOCS: 'true',
    });
    expect((await open.http.get('/openapi.json')).status).toBe(200);
  });
});
