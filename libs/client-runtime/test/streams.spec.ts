import { describe, expect, test } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { problem, serve, shopAt } from './server.js';

const first = { event: 'first', value: { id: 'ä' } } as const;
const part = { event: 'part', part: 'price', value: 3 } as const;
const end = { event: 'end', meta: {} } as const;

const lines = (...pieces: object[]) => pieces.map((piece) => `${JSON.stringify(piece)}\n`).join('');
const events = (...pieces: { readonly event: string }[]) =>
  pieces.map(({ event, ...data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join('');

/** Byte by byte, so that nothing comes in the pieces in which it was written. */
async function trickle(response: ServerResponse, text: string): Promise<void> {
  for (const byte of Buffer.from(text)) {
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const piece of stream) found.push(piece);
  return found;
}

describe('a stream', () => {
  test.each([
    ['ndjson', 'application/x-ndjson', lines(first, part, end)],
    ['sse', 'text/event-stream', `: hello\n\n${events(first, part, end)}`],
  ] as const)('gives each piece as it comes, by %s', async (format, type, text) => {
    const { url, arrived } = await serve(async (_, response) => {
      response.writeHead(200, { 'content-type': type });
      await trickle(response, text);
      response.end();
    });
    expect(await all(shopAt(url).item.stream({ id: 'a' }, { format }))).toEqual([first, part, end]);
    expect(arrived[0]?.headers['accept']).toBe(type);
  });

  test('gives the first piece while the second is not there yet', async () => {
    let goOn: () => void = () => undefined;
    const { url } = await serve((_, response) => {
      response.writeHead(200).write(lines(first));
      goOn = () => void response.end(lines(end));
    });
    const pieces = shopAt(url).item.stream({ id: 'a' })[Symbol.asyncIterator]();
    expect((await pieces.next()).value).toEqual(first);
    goOn();
    expect((await pieces.next()).value).toEqual(end);
    expect((await pieces.next()).done).toBe(true);
  });

  test('that breaks off begins again, and gives nothing twice', async () => {
    const { url, arrived } = await serve((_, response, count) => {
      response.writeHead(200);
      if (count === 1) response.write(lines(first), () => response.destroy());
      else if (count === 2) response.end(lines(first, part));
      else response.end(lines(first, part, end));
    });
    expect(await all(shopAt(url).item.stream({ id: 'a' }))).toEqual([first, part, end]);
    expect(arrived).toHaveLength(3);
  });

  test('that never comes to its end is a problem in the end', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).end(lines(first)));
    const pieces = await all(shopAt(url, { attempts: 2 }).item.stream({ id: 'a' }));
    expect(pieces).toEqual([
      first,
      { event: 'error', problem: expect.objectContaining({ code: 'client.bad-answer' }) },
    ]);
  });

  test('that is refused is one piece, the problem', async () => {
    const { url } = await serve((_, response) => problem(response, 410, 'item.gone'));
    const pieces = await all(shopAt(url).item.stream({ id: 'a' }));
    expect(pieces).toEqual([{ event: 'error', problem: expect.objectContaining({ code: 'item.gone' }) }]);
  });

  test('may end in a problem that its client was made without', async () => {
    const piece = { event: 'error', problem: { code: 'item.new', status: 500 } };
    const { url } = await serve((_, response) => void response.writeHead(200).end(lines(first, piece)));
    const told = expect.objectContaining({ code: 'client.undocumented', undocumentedCode: 'item.new' });
    expect(await all(shopAt(url).item.stream({ id: 'a' }))).toEqual([
      first,
      { event: 'error', problem: told },
    ]);
  });

  test('that is left early is ended at the gateway', async () => {
    const left = Promise.withResolvers<void>();
    const { url } = await serve((_, response) => {
      response.on('close', () => left.resolve());
      response.writeHead(200).write(lines(first));
    });
    for await (const piece of shopAt(url).item.stream({ id: 'a' })) {
      expect(piece).toEqual(first);
      break;
    }
    await left.promise;
  });

  test('that takes longer than its call may ends with a problem', async () => {
    const { url } = await serve((_, response) => void response.writeHead(200).write(lines(first)));
    const pieces = await all(shopAt(url).item.stream({ id: 'a' }, { timeoutMs: 300 }));
    expect(pieces.at(-1)).toEqual({
      event: 'error',
      problem: expect.objectContaining({ code: 'client.timeout' }),
    });
  });
});
