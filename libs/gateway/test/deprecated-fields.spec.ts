import { afterEach, describe, expect, test } from '@jest/globals';
import { aggregate } from '@facet/aggregation';
import { deprecated } from '@facet/contracts';
import axios from 'axios';
import { z } from 'zod';
import { route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

const size = deprecated({ since: '2026-01-31', sunset: '2027-06-30', link: '/docs/sizes' });
const note = deprecated({ since: '2025-12-01' });

const page = aggregate('spec.page', {
  input: shop.item.input.extend({
    size: z.int().max(9).optional().meta(size),
    more: z.strictObject({ note: z.string().max(9).optional().meta(note) }).optional(),
  }),
})
  .required('item', shop.item, { input: ({ input }) => ({ id: input.id }) })
  .shape(({ item }) => ({ item, colours: [{ name: 'red', rgb: 'f00' }] }));

const colour = z.strictObject({ name: z.string(), rgb: z.string().meta(note) });
const answer = z.strictObject({ item: shop.item.output, colours: z.array(colour) });
const plain = z.strictObject({
  item: shop.item.output,
  colours: z.array(z.strictObject({ name: z.string(), rgb: z.string() })),
});

const routes = [
  route('GET /old/:id', page, {
    access: 'public',
    answer,
    operationId: 'old',
    deprecated: { since: '2026-03-01' },
  }),
  route('GET /pages/:id', page, { access: 'public', answer: plain, operationId: 'read' }),
  route('POST /pages/:id', page, { access: 'public', answer: plain, operationId: 'sent' }),
  route('GET /coloured/:id', page, { access: 'public', answer, operationId: 'coloured' }),
];

async function start() {
  const service = await startShop();
  const gateway = await startTestGateway({ routes, shop: service.address });
  running.push(gateway, service);
  return gateway;
}

const SIZE_SAYS = {
  deprecation: '@1769817600',
  sunset: 'Wed, 30 Jun 2027 00:00:00 GMT',
  link: '</docs/sizes>; rel="deprecation"; title="query size"',
};

describe('P6 a deprecated field', () => {
  test('of a request is said in the answers to those who send it, refusals too, and to nobody else', async () => {
    const { http } = await start();
    expect((await http.get('/pages/a?size=3')).headers).toMatchObject(SIZE_SAYS);
    const refused = await http.get('/pages/a?size=many');
    expect([refused.status, refused.headers]).toMatchObject([400, SIZE_SAYS]);
    const other = await http.get('/pages/a');
    expect(other.status).toBe(200);
    for (const name of Object.keys(SIZE_SAYS)) expect(other.headers).not.toHaveProperty(name);
  });

  test('of a body is found where it stands in it', async () => {
    const { http } = await start();
    const says = { deprecation: '@1764547200', link: '<>; rel="deprecation"; title="body more.note"' };
    const sent = await http.post('/pages/a', { more: { note: 'x' } });
    expect([sent.status, sent.headers]).toMatchObject([200, says]);
    expect(sent.headers).not.toHaveProperty('sunset');
    expect((await http.post('/pages/a', { more: {} })).headers).not.toHaveProperty('deprecation');
  });

  test('of an answer is said in each answer of the route, beside what the request sends', async () => {
    const { http } = await start();
    const link = '<>; rel="deprecation"; title="answer colours.rgb"';
    expect((await http.get('/coloured/a')).headers).toMatchObject({ deprecation: '@1764547200', link });
    expect((await http.get('/coloured/a?size=3')).headers).toMatchObject({
      deprecation: '@1764547200',
      sunset: SIZE_SAYS.sunset,
      link: `${SIZE_SAYS.link}, ${link}`,
    });
  });

  test('of a route that is deprecated as a whole changes nothing of what that says', async () => {
    const { http } = await start();
    const { headers } = await http.get('/old/a?size=3');
    expect(headers).toMatchObject({ deprecation: '@1772323200' });
    expect(headers).not.toHaveProperty('link');
  });

  test('is in the document: at the parameter, in the schema, and in the list of the route', async () => {
    const { http } = await start();
    const { data } = await http.get<{ paths: Record<string, { get: Record<string, unknown> }> }>(
      '/openapi.json',
    );
    const coloured = data.paths['/coloured/{id}']?.get;
    expect(coloured?.['parameters']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'size', deprecated: true, 'x-sunset': '2027-06-30' }),
      ]),
    );
    expect(coloured?.['x-facet-deprecated']).toEqual([
      { field: 'query size', since: '2026-01-31', sunset: '2027-06-30', link: '/docs/sizes' },
      { field: 'query more.note', since: '2025-12-01' },
      { field: 'answer colours.rgb', since: '2025-12-01' },
    ]);
  });

  test('counts its callers, as a deprecated route does; series are there before the first', async () => {
    const { http, admin } = await start();
    const counted = async () => {
      const { data } = await axios.get<string>(`${admin}/metrics`);
      return Object.fromEntries(
        [...data.matchAll(/^facet_deprecated_requests_total\{(.*)\} (\d+)$/gm)].map(
          ([, labels = '', value]) => {
            const of = (name: string) => new RegExp(`(?:^|,)${name}="(.*?)"`).exec(labels)?.[1];
            return [
              `${of('http_request_method')} ${of('http_route')} ${of('field')} ${of('client')}`,
              Number(value),
            ];
          },
        ),
      );
    };
    expect(await counted()).toMatchObject({
      'GET /old/:id  visitor': 0,
      'GET /pages/:id query size visitor': 0,
      'POST /pages/:id body more.note visitor': 0,
      'GET /coloured/:id answer colours.rgb visitor': 0,
    });
    await http.get('/old/a');
    await http.get('/pages/a');
    await http.get('/pages/a?size=3');
    await http.post('/pages/a', { more: { note: 'x' } });
    await http.get('/coloured/a');
    await http.get('/coloured/A');
    expect(await counted()).toMatchObject({
      'GET /old/:id  visitor': 1,
      'GET /pages/:id query size visitor': 1,
      'POST /pages/:id body more.note visitor': 1,
      // The other one was refused: its answer has no such field.
      'GET /coloured/:id answer colours.rgb visitor': 1,
      'GET /coloured/:id query size visitor': 0,
    });
  });
});
