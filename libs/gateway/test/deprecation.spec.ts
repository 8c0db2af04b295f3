import { Controller, Get } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Deprecated, RequireAccess, route } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

const deprecated = { since: '2026-01-31', sunset: '2027-06-30', link: '/docs/v2' };
const headers = {
  deprecation: '@1769817600',
  sunset: 'Wed, 30 Jun 2027 00:00:00 GMT',
  link: '</docs/v2>; rel="deprecation"',
};

@Controller('v1')
@RequireAccess('public')
class OldController {
  @Get('old')
  @Deprecated(deprecated)
  old() {
    return {};
  }

  @Get('new')
  new() {
    return {};
  }
}

describe('P6 a deprecated route', () => {
  test('P6 says so in each answer, in refusals too, and in the document; the others do not', async () => {
    const service = await startShop();
    const routes = [
      route('GET /v1/items/:id', shop.item, { access: 'public', input: { id: 'path' }, deprecated }),
    ];
    const gateway = await startTestGateway({
      ...{ controllers: [OldController], routes, shop: service.address },
    });
    running.push(gateway, service);
    for (const path of ['/v1/old', '/v1/items/a', '/v1/items/A'])
      expect((await gateway.http.get(path)).headers).toMatchObject(headers);
    expect((await gateway.http.get('/v1/items/A')).status).toBe(400);
    expect((await gateway.http.head('/v1/old')).headers).toMatchObject(headers);
    const other = await gateway.http.get('/v1/new');
    for (const name of Object.keys(headers)) expect(other.headers).not.toHaveProperty(name);
    const { data } = await gateway.http.get<{ paths: Record<string, { get: object }> }>('/openapi.json');
    const marked = Object.entries(data.paths).filter(([, { get }]) => 'deprecated' in get);
    expect(marked.map(([path]) => path).sort()).toEqual(['/v1/items/{id}', '/v1/old']);
  });

  test.each([
    [{ since: 'yesterday' }, 'a day like 2026-11-24'],
    [{ since: '2026-99-01' }, 'a day like 2026-11-24'],
    [{ since: '2026-02-01', sunset: '2026-01-01' }, 'comes before "since"'],
    [{ since: '2026-02-01', link: 'x>; rel=evil' }, 'is an address or a path'],
  ])('P6 is refused with %j', (wrong, message) => {
    expect(() => Deprecated(wrong)).toThrow(message);
  });
});
