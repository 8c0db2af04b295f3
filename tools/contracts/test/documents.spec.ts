import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { id, query, service } from '@facet/contracts';
import { workspaceRoot } from '@facet/dev';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { contractDocument } from '../src/documents/contract-document.js';
import { contractDocuments } from '../src/documents/contracts.js';

describe('contract.json', () => {
  // A contract that was generated a moment ago has none yet.
  test('of each contract is what `npm run contracts` writes', async () => {
    const made = [...(await contractDocuments(workspaceRoot))];
    const stale = made.filter(([path, text]) => {
      const file = join(workspaceRoot, path);
      return existsSync(file) && readFileSync(file, 'utf8') !== text;
    });
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  test('has what is sent before defaults, what is answered after them, and what an operation promises', () => {
    const shop = service('shop', {
      page: query({
        summary: 'A page',
        input: z.strictObject({
          id: id('page', { owner: 'nobody' }),
          size: z.int().max(9).default(3).meta({ deprecated: true }),
        }),
        output: z.strictObject({ text: z.string().default('') }),
        errors: { 'shop.gone': 404, 'shop.lost': 404 },
        freshness: { ttlMs: 1_000 },
      }),
    });
    expect(
      contractDocument({ service: 'shop', version: '2.0.0', operations: Object.values(shop) }),
    ).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'shop', version: '2.0.0' },
      paths: {
        '/shop.page': {
          post: {
            operationId: 'page',
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    required: ['id'],
                    properties: { id: { 'x-entity': 'page' }, size: { default: 3, deprecated: true } },
                  },
                },
              },
            },
            responses: {
              200: { content: { 'application/json': { schema: { required: ['text'] } } } },
              404: { description: 'Not Found: shop.gone, shop.lost' },
            },
            'x-facet-kind': 'query',
            'x-facet-freshness': { ttlMs: 1_000 },
          },
        },
      },
    });
  });
});
