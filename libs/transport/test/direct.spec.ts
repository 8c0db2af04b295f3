import {
  Controller,
  Injectable,
  Module,
  ParseIntPipe,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { describe, expect, test } from '@jest/globals';
import { map, of, type Observable } from 'rxjs';

import { callDirectly, FacetServer, WireErrorFilter, type FacetContext } from '../src/nest/index.js';

import { channelTo, closing } from './support/closing.js';
import { failureOf } from './support/ends.js';

@Injectable()
class Deny implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToRpc().getData<{ allowed?: boolean } | null>()?.allowed === true;
  }
}

@Injectable()
class Wrap implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value: unknown) => ({ wrapped: value })));
  }
}

class Double implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'number' ? value * 2 : value;
  }
}

@Controller()
class PlainController {
  readonly #greeting = 'hello';

  @MessagePattern('plain')
  plain(@Payload() data: unknown): object {
    return { greeting: this.#greeting, data };
  }

  @MessagePattern({ cmd: 'later', version: 1 })
  async later(@Ctx() context: FacetContext, @Payload() data: unknown): Promise<object> {
    return Promise.resolve({ data, pattern: context.getPattern() });
  }

  @MessagePattern('bare')
  bare(data: unknown): unknown {
    return of(data);
  }

  @MessagePattern('refuse')
  refuse(): never {
    throw new RpcException({ code: 'x.no', message: 'no' });
  }

  @MessagePattern('defect')
  defect(): never {
    throw new Error('the password is hunter2');
  }

  @MessagePattern('twice')
  one(): number {
    return 1;
  }

  @UseGuards(Deny)
  @MessagePattern('twice')
  two(): number {
    return 2;
  }

  @UseGuards(Deny)
  @MessagePattern('guarded')
  guarded(): string {
    return 'in';
  }

  @UseInterceptors(Wrap)
  @MessagePattern('intercepted')
  intercepted(): number {
    return 1;
  }

  @UsePipes(Double)
  @MessagePattern('piped')
  piped(@Payload() data: unknown): unknown {
    return data;
  }

  @MessagePattern('argument')
  argument(@Payload('n', ParseIntPipe) n: number): number {
    return n + 1;
  }

  @MessagePattern('field')
  field(@Payload('n') n: unknown): unknown {
    return n;
  }

  @UseFilters(WireErrorFilter)
  @MessagePattern('filtered')
  filtered(): never {
    throw Object.assign(new Error(), { toWire: () => ({ code: 'x.filtered' }) });
  }
}

@UseGuards(Deny)
@Controller()
class GuardedController {
  @MessagePattern('behind')
  behind(): string {
    return 'in';
  }
}

@Controller({ scope: Scope.REQUEST })
class ScopedController {
  #calls = 0;

  @MessagePattern('scoped')
  scoped(): number {
    return ++this.#calls;
  }
}

const controllers = [PlainController, GuardedController, ScopedController];
const DIRECT = ['plain', '{"cmd":"later","version":1}', 'bare', 'refuse', 'defect'];

async function start(providers: object[] = [], use: (app: unknown) => void = () => undefined) {
  class AppModule {}
  Module({ controllers, providers: providers as never[] })(AppModule);
  const server = new FacetServer({ onError: () => undefined });
  const app = await NestFactory.createMicroservice(AppModule, { strategy: server, logger: false });
  use(app);
  await app.init();
  const nests = new Map(server.getHandlers());
  const direct = callDirectly(app, server);
  await app.listen();
  closing(app, (each) => each.close());
  const channel = await channelTo(server.address().port);
  const ask = (pattern: string | Record<string, unknown>, data: unknown = null) =>
    channel.call({ pattern, data });
  const isReplaced = (pattern: string) => server.getHandlers().get(pattern) !== nests.get(pattern);
  return { direct, ask, isReplaced };
}

describe('callDirectly', () => {
  test('calls what has no enhancer, and leaves everything else to Nest', async () => {
    const { direct, isReplaced } = await start();
    expect(direct).toEqual(DIRECT);
    expect(['plain', 'bare', 'guarded', 'behind', 'scoped', 'twice'].map(isReplaced)).toEqual([
      ...[true, true],
      ...[false, false, false, false],
    ]);
  });

  test('answers as Nest does, with this, payload and context as they are', async () => {
    const { ask } = await start();
    expect(await ask('plain', 7)).toEqual({ greeting: 'hello', data: 7 });
    expect(await ask({ cmd: 'later', version: 1 }, 7)).toEqual({
      data: 7,
      pattern: '{"cmd":"later","version":1}',
    });
    expect(await ask('bare', 7)).toBe(7);
    expect(await failureOf(ask('refuse'))).toEqual({ code: 'x.no', message: 'no' });
    expect(await failureOf(ask('defect'))).toEqual({ status: 'error', message: 'Internal server error' });
  });

  test('lets guards, interceptors, pipes, filters and scopes work where there are any', async () => {
    const { ask } = await start();
    const forbidden = { status: 'error', message: 'Forbidden resource' };
    for (const pattern of ['guarded', 'behind']) {
      expect(await failureOf(ask(pattern))).toEqual(forbidden);
      expect(await ask(pattern, { allowed: true })).toBe('in');
    }
    expect(await ask('intercepted')).toEqual({ wrapped: 1 });
    expect(await ask('piped', 4)).toBe(8);
    expect(await ask('argument', { n: '4' })).toBe(5);
    expect(await ask('field', { n: 'x' })).toBe('x');
    expect(await failureOf(ask('filtered'))).toEqual({ code: 'x.filtered' });
    expect([await ask('scoped'), await ask('scoped')]).toEqual([1, 1]);
  });

  test.each([
    ['a guard among the providers', [{ provide: APP_GUARD, useClass: Deny }], () => undefined],
    ['a global interceptor', [], (app: unknown) => void (app as UseGlobal).useGlobalInterceptors(new Wrap())],
    ['a global pipe', [], (app: unknown) => void (app as UseGlobal).useGlobalPipes(new Double())],
  ])('leaves everything to Nest where the application has %s', async (_, providers, use) => {
    const { direct } = await start(providers, use);
    expect(direct).toEqual([]);
  });

  test('does without the filter that only lets errors reach the client, as the server does that itself', async () => {
    const filter = (app: unknown) => void (app as UseGlobal).useGlobalFilters(new WireErrorFilter());
    expect((await start([], filter)).direct).toEqual(DIRECT);
  });
});

interface UseGlobal {
  useGlobalInterceptors(each: NestInterceptor): void;
  useGlobalPipes(each: PipeTransform): void;
  useGlobalFilters(each: WireErrorFilter): void;
}
