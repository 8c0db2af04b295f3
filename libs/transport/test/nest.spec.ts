import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, NEVER } from 'rxjs';

import { CallRecord, FacetClient, FacetContext, FacetServer, WireErrorFilter } from '../src/nest/index.js';

import { channelTo, closing, stockClient } from './support/closing.js';
import { HOST } from './support/ends.js';
import { drainingAtOnce, until } from './support/sockets.js';

const aborted: unknown[] = [];
let begun = 0;
let open = (): void => undefined;
let gate: Promise<void>;

@Controller()
class DeskController {
  @MessagePattern('context')
  context(@Ctx() context: FacetContext): object {
    const { caller, traceparent, fields, priority } = context;
    return {
      ...{ caller, traceparent, fields, priority },
      pattern: context.getPattern(),
      tenant: context.getMetadata()?.['tenant'],
      hasTime: context.timeLeftMs() !== undefined,
      from: context.getSocketRef().netSocket.remoteAddress,
    };
  }

  @MessagePattern('gated')
  async gated(@Payload() data: unknown): Promise<unknown> {
    begun++;
    await gate;
    return data;
  }

  @MessagePattern('endless')
  endless(@Ctx() { signal }: FacetContext): typeof NEVER {
    begun++;
    signal.addEventListener('abort', () => aborted.push((signal.reason as { code: string }).code));
    return NEVER;
  }
}

@Module({ controllers: [DeskController] })
class DeskModule {}

async function startDesk(port = 0): Promise<{ app: INestMicroservice; server: FacetServer; port: number }> {
  const server = new FacetServer({ port, abilities: ['fields'] });
  const app = await NestFactory.createMicroservice(DeskModule, { strategy: server, logger: false });
  app.useGlobalFilters(new WireErrorFilter());
  await app.listen();
  return { app, server, port: server.address().port };
}

test.each([
  [{ port: 1, connections: 1.5 }, 'connections'],
  [{ port: 1, timeoutMs: -5 }, 'timeoutMs'],
  [{ port: 1, reconnectMaxMs: Number.NaN }, 'reconnectMaxMs'],
  [{ port: 1, closeTimeoutMs: 0 }, 'closeTimeoutMs'],
])('a client refuses the options %j and names the wrong one', (options, name) => {
  expect(() => new FacetClient(options)).toThrow(name);
});

describe('the Nest side', () => {
  let desk: Awaited<ReturnType<typeof startDesk>>;

  beforeEach(async () => {
    begun = 0;
    aborted.length = 0;
    gate = new Promise((resolve) => (open = resolve));
    desk = closing(await startDesk(), ({ app }) => app.close());
  });

  afterEach(() => open());

  const client = (port = desk.port): FacetClient =>
    closing(new FacetClient({ port }), (each) => each.close());

  test('hands a handler what came along in a CallRecord', async () => {
    const extras = { caller: 'proof', traceparent: '00-1', fields: ['a'], priority: 'low' } as const;
    const ours = client();
    ours.setOnDispatchHook((packet) => (packet.metadata = { tenant: 'a' }));
    const expected = { pattern: 'context', tenant: 'a', hasTime: true, from: HOST };
    expect(await firstValueFrom(ours.send('context', new CallRecord({}, extras)))).toEqual({
      ...extras,
      ...expected,
    });
  });

  test('gives a handler of a stock client the same context, with nothing in it', async () => {
    const stock = await stockClient(desk.port);
    expect(await firstValueFrom(stock.send('context', {}))).toEqual({
      ...{ priority: 'normal', pattern: 'context', hasTime: false, from: HOST },
    });
  });

  test('cancels the handler when the subscriber leaves', async () => {
    const subscription = client().send('endless', {}).subscribe();
    await until(() => begun === 1);
    subscription.unsubscribe();
    await until(() => aborted.length === 1);
    expect(aborted).toEqual(['transport.cancelled']);
  });

  test('ends a call after its time, with the error of the transport', async () => {
    const call = firstValueFrom(client().send('endless', new CallRecord({}, { timeoutMs: 20 })));
    await expect(call).rejects.toMatchObject({ code: 'transport.deadline' });
  });

  test('finishes what is in flight when the application closes', async () => {
    const calls = [client().send('gated', 1), (await stockClient(desk.port)).send('gated', 2)];
    const answers = Promise.all(calls.map((call) => firstValueFrom<unknown>(call)));
    await until(() => begun === 2);
    const closed = desk.app.close();
    open();
    expect(await answers).toEqual([1, 2]);
    await closed;
  });

  test('finishes what is in flight when the client closes', async () => {
    const ours = client();
    const answer = firstValueFrom(ours.send('gated', 1));
    await until(() => begun === 1);
    const closed = ours.close();
    open();
    expect(await answer).toBe(1);
    await closed;
  });

  test('connects again when the server is back', async () => {
    const ours = client();
    await firstValueFrom(ours.send('context', {}));
    await desk.app.close();
    await until(() => ours.ready === 0);
    desk = closing(await startDesk(desk.port), ({ app }) => app.close());
    expect(await firstValueFrom(ours.send('context', {}))).toMatchObject({ pattern: 'context' });
  });

  test('is not connected to a server that is about to stop, and connects again', async () => {
    const ours = client(closing(await drainingAtOnce(), (each) => each.close()).port);
    const said: string[] = [];
    ours.status.subscribe((status) => said.push(status));
    await expect(ours.connect()).rejects.toMatchObject({ code: 'transport.draining' });
    while (ours.ready === 0) {
      await ours.connect().catch(() => new Promise((resolve) => setTimeout(resolve, 1)));
    }
    expect(said.filter((status) => status === 'connected')).toHaveLength(1);
  });

  test('runs the hooks of instrumentation round every handler', async () => {
    const steps: string[] = [];
    desk.server.setOnProcessingStartHook((_, __, done) => {
      steps.push('start');
      void done();
    });
    desk.server.setOnProcessingEndHook(() => steps.push('end'));
    await firstValueFrom(client().send('context', {}));
    await until(() => steps.length === 2);
    expect(steps).toEqual(['start', 'end']);
    await expect((await channelTo(desk.port)).call({ pattern: 'nope', data: 1 })).rejects.toMatchObject({
      code: 'transport.no-handler',
    });
  });

  test('is registered as any client of Nest', async () => {
    const options = { port: desk.port };
    @Module({ imports: [ClientsModule.register([{ name: 'DESK', customClass: FacetClient, options }])] })
    class CallerModule {}
    const app = await NestFactory.createApplicationContext(CallerModule, { logger: false });
    const registered = app.get<FacetClient>('DESK', { strict: false });
    expect(await firstValueFrom(registered.send('context', {}))).toMatchObject({ pattern: 'context' });
    await app.close();
    expect(registered.ready).toBe(0);
  });

  test('refuses a client that has nowhere to go', () => {
    expect(() => new FacetClient({})).toThrow('port');
  });
});
