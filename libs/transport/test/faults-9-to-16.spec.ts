import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { describe, expect, test } from '@jest/globals';
import { ClientTCP, ServerTCP } from '@nestjs/microservices';
import { EmptyError, firstValueFrom } from 'rxjs';

import { RemoteError, WireServer } from '../src/index.js';
import { FacetClient } from '../src/nest/index.js';
import { channelTo, closing, running, stockClient } from './support/closing.js';
import { HOST, servers } from './support/ends.js';
import { answerAsStock, ourServer, rawServer, stockServer, until, waitingOf } from './support/sockets.js';

const echo = (data: unknown): Promise<unknown> => Promise.resolve(data);
const ignore = { error: () => undefined };

describe('fault 9: a reply that cannot be written as JSON is never answered', () => {
  const unwritable = (): unknown => ({ total: 1n });

  test('a stock server leaves its caller waiting, ours answers with an error', async () => {
    const stock = await running(
      stockServer({
        sum: async () => Promise.resolve(unwritable()),
        echo,
      }),
    );
    const client = await stockClient(stock.port);
    client.send('sum', {}).subscribe(ignore);
    await firstValueFrom(client.send('echo', {}));
    await firstValueFrom(client.send('echo', {}));
    expect(waitingOf(client)).toBe(1);

    const reported: unknown[] = [];
    const ours = await running(ourServer(unwritable, { onError: (error) => reported.push(error) }));
    const call = (await channelTo(ours.port)).call({ pattern: 'sum', data: {} });
    await expect(call).rejects.toMatchObject({ payload: { code: 'transport.unserialisable', status: 500 } });
    expect(reported).toEqual([expect.any(TypeError)]);
  });
});

describe('fault 10: what is sent between an error and the close is dropped in silence', () => {
  test('a stock client forgets it, our channel fails every call and says whether it was written', async () => {
    const stock = await running(stockServer({ echo }));
    const client = await stockClient(stock.port);
    client.unwrap<NodeJS.EventEmitter>().emit('error', new Error('broken'));
    client.send('echo', {}).subscribe(ignore);
    await until(() => waitingOf(client) === 1);
    const other = await stockClient(stock.port);
    await firstValueFrom(other.send('echo', {}));
    expect(waitingOf(client)).toBe(1);

    const raw = await running(
      rawServer((socket) => answerAsStock(socket, ({ id }) => id === 1 || !socket.resetAndDestroy())),
    );
    const channel = await channelTo(raw.port);
    const codes: unknown[] = [];
    for (let round = 0; codes.length < 50; round++) {
      channel.call({ pattern: 'echo', data: round }).catch((error: { code: string; written: boolean }) => {
        codes.push(error.code);
        if (channel.state === 'closed' && round > 40) expect(error.written).toBe(false);
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(new Set(codes)).toEqual(new Set(['transport.closed']));
    expect(channel.pending).toBe(0);
  });
});

describe('fault 11: a client connects to a dead server as often as it is asked', () => {
  test('a stock client dials for every call, ours pauses between attempts', async () => {
    let dials = 0;
    const { port } = await running(
      rawServer((socket) => {
        dials++;
        socket.destroy();
      }),
    );
    const tries = async (client: ClientTCP | FacetClient): Promise<number> => {
      dials = 0;
      for (let index = 0; index < 100; index++) {
        await firstValueFrom(client.send('echo', {})).catch(() => undefined);
      }
      return dials;
    };
    const stock = closing(new ClientTCP({ host: HOST, port }), (client) => client.close());
    Object.assign(stock, { logger: { error: () => undefined } });
    expect(await tries(stock)).toBeGreaterThan(50);
    const ours = closing(new FacetClient({ port, reconnectMinMs: 5000 }), (client) => client.close());
    expect(await tries(ours)).toBe(1);
    await expect(ours.connect()).rejects.toMatchObject({ code: 'transport.connect-failed', written: false });
  });
});

describe('fault 12: requests to a stalled server pile up without a bound', () => {
  const deaf = () => rawServer((socket) => answerAsStock(socket, ({ id }) => id === 1));

  test('a stock client holds them all, our channel refuses what is over maxPending or maxPendingBytes', async () => {
    const { port } = await running(deaf());
    const client = await stockClient(port);
    for (let index = 0; index < 5000; index++) client.send('echo', index).subscribe(ignore);
    await until(() => waitingOf(client) === 5000);

    const few = await channelTo(port, { maxPending: 10 });
    const taken = Array.from({ length: 10 }, () => few.call({ pattern: 'echo', data: 1 }));
    const refused = { code: 'transport.pending-full', written: false };
    await expect(few.call({ pattern: 'echo', data: 1 })).rejects.toMatchObject(refused);
    expect(few.pending).toBe(10);
    const small = await channelTo(port, { maxPendingBytes: 1000 });
    taken.push(small.call({ pattern: 'echo', data: 'x'.repeat(600) }));
    await expect(small.call({ pattern: 'echo', data: 'x'.repeat(600) })).rejects.toMatchObject(refused);
    few.destroy();
    small.destroy();
    expect((await Promise.allSettled(taken)).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('a server that does not even read is noticed by maxQueueBytes', async () => {
    const { port } = await running(
      rawServer((socket) =>
        answerAsStock(socket, () => {
          setImmediate(() => socket.pause());
          return true;
        }),
      ),
    );
    const channel = await channelTo(port, { maxQueueBytes: 1024 * 1024 });
    const calls: Promise<unknown>[] = [];
    const codes = new Set<string>();
    for (let index = 0; index < 400 && codes.size === 0; index++) {
      const call = channel.call({ pattern: 'echo', data: 'x'.repeat(60_000) });
      calls.push(call.catch((error: { code: string }) => codes.add(error.code)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...codes]).toEqual(['transport.queue-full']);
    channel.destroy();
    await Promise.all(calls);
  });
});

describe('fault 13: close() cuts off what is in flight', () => {
  test('a stock server fails 20 of 20 calls, ours answers every one and then closes', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let started = 0;
    const work = async (): Promise<string> => {
      started++;
      await gate;
      return 'done';
    };
    const stock = new ServerTCP({ host: HOST, port: 0 });
    stock.addHandler('work', work);
    await new Promise<void>((resolve) => stock.listen(() => resolve()));
    const client = await stockClient(stock.unwrap<{ address(): { port: number } }>().address().port);
    const cut = Array.from({ length: 20 }, () => firstValueFrom(client.send('work', {})));
    await until(() => started === 20);
    stock.close();
    const outcomes = await Promise.allSettled(cut);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(20);

    const ours = new WireServer().onRequest(work);
    const { port } = await ours.listen();
    const channel = await channelTo(port);
    const stranger = await stockClient(port);
    const whole = [
      ...Array.from({ length: 10 }, () => channel.call({ pattern: 'work', data: {} })),
      ...Array.from({ length: 10 }, () => firstValueFrom(stranger.send('work', {}))),
    ];
    await until(() => started === 40);
    const closed = ours.close();
    await until(() => channel.state === 'draining');
    await expect(channel.call({ pattern: 'work', data: {} })).rejects.toMatchObject({
      code: 'transport.draining',
      written: false,
    });
    release();
    expect(await Promise.all(whole)).toEqual(Array.from({ length: 20 }, () => 'done'));
    await closed;
    expect(channel.state).toBe('closed');
  });
});

describe('fault 14: errors lose their class, and no value is an error', () => {
  test('a channel tells a business error from the transport, keeps its code, and takes no value for undefined', async () => {
    const server = await running(servers.ours());
    const client = await stockClient(server.port);
    await expect(firstValueFrom(client.send('answer-nothing', {}))).rejects.toBeInstanceOf(EmptyError);
    const stockError: unknown = await firstValueFrom(client.send('coded', {})).catch(
      (error: unknown) => error,
    );
    expect(stockError).not.toBeInstanceOf(Error);

    const channel = await channelTo(server.port);
    expect(await channel.call({ pattern: 'answer-nothing', data: {} })).toBeUndefined();
    const error: unknown = await channel.call({ pattern: 'coded', data: {} }).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ message: 'gone for good', payload: { code: 'catalog.gone', status: 410 } });
  });
});

describe('fault 15: a peer that is connected and dead is never noticed', () => {
  test('our channel asks a silent peer for a sign and closes without one, where a stock client stays', async () => {
    const { port } = await running(rawServer((socket) => answerAsStock(socket, ({ id }) => id === 1)));
    const client = await stockClient(port);
    const channel = await channelTo(port, { keepAliveMs: 40 });
    const call = channel.call({ pattern: 'echo', data: 1 });
    await expect(call).rejects.toMatchObject({ code: 'transport.closed', written: true });
    expect(channel.state).toBe('closed');
    expect(client.unwrap<{ destroyed: boolean }>().destroyed).toBe(false);
  });

  test('our channel keeps a peer that is silent and alive', async () => {
    let pings = 0;
    const { port } = await running(rawServer((socket) => answerAsStock(socket, () => ++pings > 0)));
    const channel = await channelTo(port, { keepAliveMs: 20 });
    await until(() => pings >= 4);
    expect(channel.state).toBe('ready');
  });

  test('our channel closes on a peer that stalls in the middle of a frame', async () => {
    const { port } = await running(
      rawServer((socket) => answerAsStock(socket, ({ id }) => id === 1 || !socket.write('90#{"resp'))),
    );
    const channel = await channelTo(port, { partialFrameTimeoutMs: 30 });
    await expect(channel.call({ pattern: 'echo', data: 1 })).rejects.toMatchObject({
      code: 'transport.closed',
      message: expect.stringContaining('middle of a frame'),
    });
  });
});

describe('fault 16: an observable per call costs more than the call', () => {
  test('our channel takes less CPU per call than a stock client, against the same server', async () => {
    const worker = closing(new Worker(new URL('./support/echo-worker.mjs', import.meta.url)), (each) =>
      each.terminate(),
    );
    const [port] = (await once(worker, 'message')) as [number];
    const client = await stockClient(port);
    const channel = await channelTo(port);
    const cpuOf = async (ask: () => Promise<unknown>): Promise<number> => {
      const before = process.threadCpuUsage();
      for (let burst = 0; burst < 4; burst++) await Promise.all(Array.from({ length: 500 }, ask));
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    };
    const best = { stock: Infinity, ours: Infinity };
    for (let round = 0; round < 5; round++) {
      best.stock = Math.min(best.stock, await cpuOf(() => firstValueFrom(client.send('echo', { a: 1 }))));
      best.ours = Math.min(best.ours, await cpuOf(() => channel.call({ pattern: 'echo', data: { a: 1 } })));
    }
    expect(best.ours).toBeLessThan(best.stock);
  });
});
