import { aggregate } from '@facet/aggregation';
import type { Call } from '@facet/contracts';
import type { Logger } from '@facet/platform';
import {
  BadRequestException,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { afterEach, describe, expect, test } from '@jest/globals';
import { map } from 'rxjs';
import { z } from 'zod';
import {
  GATEWAY_CONFIG,
  GATEWAY_LOGGER,
  Incoming,
  RequireAccess,
  route,
  SERVICE_CALLS,
  SkipThrottle,
  Throttle,
  type GatewayConfig,
  type GatewayRequest,
} from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const running: { stop(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

type Starting = Omit<Parameters<typeof startTestGateway>[0], 'shop'>;

async function start(options: Starting) {
  const service = await startShop();
  const gateway = await startTestGateway({ ...options, shop: service.address });
  running.push(gateway, service);
  return { ...gateway, service };
}

const seen: string[] = [];

@Injectable()
class TenantGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    seen.push(headers['x-tenant'] ?? 'none');
    if (headers['x-tenant'] === 'odd') throw new BadRequestException('No such tenant');
    return headers['x-tenant'] !== 'other';
  }
}

class Stamping implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    context
      .switchToHttp()
      .getResponse<{ header(name: string, value: string): void }>()
      .header('x-stamped', 'yes');
    return next.handle().pipe(map((body: unknown) => body));
  }
}

const page = aggregate('spec.page', { input: shop.item.input })
  .required('item', shop.item, { input: ({ input }) => input })
  .shape(({ item }) => ({ item }));
const answer = z.strictObject({ item: shop.item.output });

describe('one line of routes.ts', () => {
  test('answers with an aggregation, as GET and as POST', async () => {
    const shown = { access: 'public', answer } as const;
    const { http } = await start({
      routes: [route('GET /pages/:id', page, shown), route('POST /pages', page, shown)],
    });
    const item = { id: 'a', name: 'Item a' };
    const got = await http.get<unknown>('/pages/a');
    expect([got.status, got.data, got.headers['etag'] !== undefined]).toEqual([200, { item }, true]);
    const posted = await http.post<unknown>('/pages', { id: 'a' });
    expect([posted.status, posted.data]).toEqual([200, { item }]);
    const head = await http.head('/pages/a');
    expect([head.status, head.headers['content-length']]).toEqual([
      200,
      String(JSON.stringify({ item }).length),
    ]);
  });

  test('with a guard and an interceptor of Nest’s goes through both, and loses nothing', async () => {
    const { http } = await start({
      routes: [
        route('GET /pages/:id', page, {
          ...{ access: 'public', answer, deprecated: { since: '2026-01-31' } },
          nest: [UseGuards(TenantGuard), UseInterceptors(Stamping)],
        }),
        route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } }),
      ],
    });
    const ask = (tenant: string, path = '/pages/a') =>
      http.get<unknown>(path, { headers: { 'x-tenant': tenant } });
    const mine = await ask('mine');
    expect([mine.status, mine.headers['x-stamped'], mine.headers['deprecation']]).toEqual([
      200,
      'yes',
      '@1769817600',
    ]);
    expect((await ask('other')).data).toMatchObject({ status: 403, code: 'http.forbidden' });
    expect((await ask('odd')).data).toMatchObject({ status: 400, detail: 'No such tenant' });
    seen.length = 0;
    const direct = await ask('other', '/items/a');
    expect([direct.status, direct.headers['x-stamped'], seen]).toEqual([200, undefined, []]);
  });

  test('goes through what stands before every route of the module', async () => {
    @Module({ providers: [{ provide: APP_INTERCEPTOR, useClass: Stamping }] })
    class OwnModule {}
    const { http } = await start({
      imports: [OwnModule],
      routes: [route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } })],
    });
    const { status, headers, data } = await http.get<unknown>('/items/a');
    expect([status, headers['x-stamped'], data]).toEqual([200, 'yes', { id: 'a', name: 'Item a' }]);
  });

  test('is refused where its address is there twice, or its cost is none', async () => {
    const items = route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } });
    await expect(startTestGateway({ routes: [items, items] })).rejects.toThrow(
      'GET /items/:id is there twice',
    );
    expect(() => route('GET /pages/:id', page, { access: 'public', answer, cost: 0 })).toThrow('cost is 0');
  });
});

describe('what a gateway has of its own', () => {
  test('gets its configuration, its logger and its services as Nest’s providers do', async () => {
    @Controller()
    @RequireAccess('public')
    class OwnController {
      constructor(
        @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
        @Inject(GATEWAY_LOGGER) private readonly logger: Logger,
        @Inject(SERVICE_CALLS) private readonly call: Call,
      ) {}

      @Get('own/:id')
      async own(@Param('id') id: string, @Incoming() { signal, deadline }: GatewayRequest) {
        this.logger.info({ id }, 'asked on its own');
        const { value } = await this.call(shop.item, { id }, { signal, deadline });
        return { value, production: this.config.production };
      }
    }
    const gateway = await start({ controllers: [OwnController] });
    const { data } = await gateway.http.get<unknown>('/own/a');
    expect(data).toEqual({ value: { id: 'a', name: 'Item a' }, production: false });
    expect(gateway.log()).toContain('asked on its own');
  });

  test('stands before its routes where it is a hook of Fastify’s', async () => {
    const { http } = await start({
      routes: [route('GET /items/:id', shop.item, { access: 'public', input: { id: 'path' } })],
      extend: (app) => {
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('x-region', 'north');
        });
      },
    });
    expect((await http.get('/items/a')).headers['x-region']).toBe('north');
  });
});

describe("the limits of Nest's throttler", () => {
  const hour = (requests: number) => ({ requests, seconds: 3_600 });
  const plan = { burst: hour(2), sustained: hour(100), perDay: 50 };
  const policy = { rateLimits: { anonymous: plan, callers: plan, failures: hour(10) } };

  @Controller('free')
  @SkipThrottle()
  @RequireAccess('public')
  class FreeController {
    @Get()
    free() {
      return {};
    }

    @Get('not')
    @SkipThrottle({ default: false })
    counted() {
      return {};
    }
  }

  @Controller()
  @RequireAccess('public')
  class LimitedController {
    @Get('own')
    @Throttle({ default: { limit: 4, ttl: 60_000 } })
    own() {
      return {};
    }

    @Get('long')
    @Throttle({ sustained: { limit: 1, ttl: 7_200_000 } })
    long() {
      return {};
    }
  }

  test('hold bare: @SkipThrottle() counts nothing, a method of the controller can take it back', async () => {
    const { http } = await start({ controllers: [FreeController], policy });
    for (let index = 0; index < 4; index += 1) {
      const { status, headers } = await http.get('/free');
      expect([status, headers['ratelimit']]).toEqual([200, undefined]);
    }
    expect((await http.get('/free/not')).headers['ratelimit-policy']).toMatch(/^"burst";q=2;w=3600/);
  });

  test('hold bare: @Throttle({ default }) is the one rate of its route, and quotas still count', async () => {
    const { http } = await start({ controllers: [LimitedController], policy });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await http.get('/own')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    const { headers } = await http.get('/long');
    expect(headers['ratelimit-policy']).toBe(
      '"burst";q=2;w=3600, "sustained";q=1;w=7200, "day";q=50;w=86400',
    );
    expect(headers['ratelimit']).toMatch(/"burst";r=1;.*"sustained";r=0;.*"day";r=45/);
    expect((await http.get('/long')).status).toBe(429);
  });

  test.each([
    [Throttle({ hourly: { limit: 1, ttl: 1_000 } }), '"hourly" is no limit of a plan'],
    [SkipThrottle({ hourly: true }), '"hourly" is no limit of a plan'],
    [
      Throttle({ default: { limit: 1, ttl: 1_000, getTracker: () => 'x' } }),
      '"getTracker" has no meaning here',
    ],
    [Throttle({ default: { limit: () => 1, ttl: 1_000 } }), '"limit" and "ttl" are whole numbers'],
  ])('fail the boot where they could not hold (%#), by the name of the route', async (decorate, message) => {
    class OddController {}
    const descriptor = { value: () => ({}) };
    Object.defineProperty(OddController.prototype, 'odd', { ...descriptor, enumerable: true });
    decorate(OddController.prototype, 'odd', descriptor);
    Get('odd')(OddController.prototype, 'odd', descriptor);
    RequireAccess('public')(OddController);
    Controller()(OddController);
    const started = startTestGateway({ controllers: [OddController], policy });
    await expect(started).rejects.toThrow(`GET /odd (OddController.odd): `);
    await expect(startTestGateway({ controllers: [OddController], policy })).rejects.toThrow(message);
  });

  test('fail the boot of a gateway that counts nothing, by the name of the route', async () => {
    @Controller()
    class LimitedController {
      @Get('limited')
      @RequireAccess('public')
      @Throttle({ default: { limit: 1, ttl: 1_000 } })
      limited() {
        return {};
      }
    }
    const started = startTestGateway({ controllers: [LimitedController] });
    await expect(started).rejects.toThrow(/has none; give it "rateLimits" for GET \/limited$/);
  });
});
