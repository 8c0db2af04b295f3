import { Controller, Post } from '@nestjs/common';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Authenticator } from '@facet/access';
import { CodedError } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { saga, type Preparation } from '@facet/saga';
import { eventually } from '@facet/testing';
import axios from 'axios';
import { z } from 'zod';
import { Incoming, Performs, type GatewayRequest } from '../src/index.js';
import { startTestGateway } from './support/gateway.js';
import { shop, startShop } from './support/shop.js';

const note = saga('note', { input: z.strictObject({ text: z.string(), by: z.string() }), undoMs: 400 })
  .step('write', shop.note, {
    input: ({ input }) => input,
    compensate: { by: shop.erase, input: ({ write }) => ({ text: write.text }) },
  })
  .step('check', shop.seal, {
    input: ({ write }) => ({ text: `check ${write.text}` }),
    timeoutMs: 200,
    attempts: 1,
    harmless: true,
  })
  .step('seal', shop.seal, { input: ({ write }) => ({ text: write.text }), timeoutMs: 200, attempts: 1 })
  .result(({ seal }) => ({ sealed: seal.text }));

const named = z.strictObject({ text: z.string().min(1) });
const ofReader: Preparation<typeof named, typeof note> = {
  input: named,
  reads: [shop.item],
  problems: { 'notes.nobody': 422 },
  prepare: async ({ input, call, signal, deadline }) => {
    if (input.text === 'nobody') throw new CodedError({ code: 'notes.nobody', status: 422, message: 'No.' });
    const { value } = await call(shop.item, { id: 'reader' }, { signal, deadline });
    return { text: input.text, by: value.name };
  },
};

@Controller()
class NotesController {
  @Post('notes')
  @Performs(note, ofReader, { access: {}, answer: z.strictObject({ sealed: z.string() }), summary: 'Notes' })
  note(@Incoming() request: GatewayRequest) {
    return request.perform(note, ofReader, ({ sealed }) => `/notes/${sealed}`);
  }
}

/** Takes the header `x-who` at its word. */
const authenticator: Authenticator = {
  credentials: ['bearer'],
  schemes: { who: { type: 'http', scheme: 'bearer' } },
  challenge: () => ({}),
  authenticate: ({ headers }) => {
    const subject = headers.find(([name]) => name === 'x-who')?.[1];
    return Promise.resolve(
      subject === undefined
        ? undefined
        : { subject, kind: 'user', client: 'spec', scopes: [], roles: [], credential: 'bearer' },
    );
  },
};

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

async function start(handlers: Parameters<typeof startShop>[0] = {}) {
  const service = await startShop(handlers);
  const gateway = await startTestGateway({
    controllers: [NotesController],
    shop: service.address,
    auth: () => ({ authenticator }),
  });
  running.push(gateway, service);
  const sent = (name: string) =>
    service.requests
      .filter(({ pattern }) => pattern === `shop.${name}`)
      .map(({ data }) => data as { idempotencyKey: string; text: string });
  const post = (text: string, headers: Record<string, string> = {}) =>
    gateway.http.post<Record<string, unknown>>(
      '/notes',
      { text },
      { headers: { 'x-who': 'ann', 'idempotency-key': 'key-00001', ...headers } },
    );
  return { ...gateway, service, sent, post };
}

const never = () => new Promise<never>(() => undefined);
/** Whether it is the last step that a call to `seal` belongs to. */
const isLast = ({ text }: { text: string }) => !text.startsWith('check ');

describe('a route that performs a saga', () => {
  test('answers 201 with what comes of it, where to read it, and what each step took', async () => {
    const { post, sent } = await start();
    const { status, data, headers } = await post('hello');
    expect([status, data]).toEqual([201, { sealed: 'hello' }]);
    expect(headers).toMatchObject({ location: '/notes/hello', 'cache-control': 'no-store' });
    expect(headers['server-timing']).toMatch(/^write;dur=[\d.]+, check;dur=[\d.]+, seal;dur=[\d.]+$/);
    expect(sent('note')[0]).toMatchObject({ text: 'hello', by: 'Item reader' });
  });

  test('sends the same keys again for the same key of the same caller, and others for anybody else', async () => {
    const { post, sent } = await start();
    for (const who of ['ann', 'ann', 'bob']) await post('hello', { 'x-who': who });
    await post('hello', { 'idempotency-key': 'key-00002' });
    const [first, again, ofBob, another] = sent('note').map(({ idempotencyKey }) => idempotencyKey);
    expect(again).toBe(first);
    expect(new Set([first, ofBob, another]).size).toBe(3);
    expect(first).not.toContain('key-00001');
  });

  test('takes a key with the quotes of a structured field for the same key', async () => {
    const { post, sent } = await start();
    await post('hello');
    await post('hello', { 'idempotency-key': '"key-00001"' });
    expect(new Set(sent('note').map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test.each([
    ['without a key', '', 'idempotency.key-missing'],
    ['with a short key', 'short', 'idempotency.key-malformed'],
    ['with a key that has spaces', 'has some spaces', 'idempotency.key-malformed'],
    ['with a long key', 'k'.repeat(201), 'idempotency.key-malformed'],
  ])('D1 refuses a request %s, and calls nothing', async (_, key, code) => {
    const { post, service } = await start();
    expect(await post('hello', { 'idempotency-key': key })).toMatchObject({ status: 400, data: { code } });
    expect(service.requests).toEqual([]);
  });

  test('asks who calls before anything else', async () => {
    const { http, service } = await start();
    expect(await http.post('/notes', { text: 'hello' })).toMatchObject({
      status: 401,
      data: { code: 'auth.required' },
    });
    expect(service.requests).toEqual([]);
  });

  test('refuses bad input, and what its preparation refuses, before the first command', async () => {
    const { post, sent } = await start();
    expect(await post('')).toMatchObject({ status: 400, data: { fields: [{ field: 'text' }] } });
    expect(await post('nobody')).toMatchObject({ status: 422, data: { code: 'notes.nobody' } });
    expect(sent('note')).toEqual([]);
  });

  test('answers with the refusal of a step, once the steps before it are undone', async () => {
    const seal = (input: { text: string }) => {
      if (isLast(input)) throw new Fault('shop.not-sealed', 409, 'Not now.');
      return input;
    };
    const { post, sent, log } = await start({ seal: seal });
    expect(await post('hello')).toMatchObject({
      status: 409,
      data: { code: 'shop.not-sealed', detail: 'Not now.' },
    });
    expect(sent('erase')).toHaveLength(1);
    expect(log()).not.toContain('left something behind');
  });

  test('names the step that came too late, and lets a key go on whose outcome is open', async () => {
    let isSilent = true;
    const seal = (input: { text: string }) => (isSilent && isLast(input) ? never() : input);
    const { post, sent, log, admin } = await start({ seal: seal });
    const late = await post('hello');
    expect(late).toMatchObject({ status: 504, data: { code: 'note.seal-timeout', service: 'shop' } });
    expect(late.data['detail']).toContain('same key');
    expect(sent('erase')).toEqual([]);

    const records = log()
      .split('\n')
      .filter((line) => line.includes('a saga left something behind'))
      .map((line) => JSON.parse(line) as { level: string; left: { step: string; why: string } });
    expect(records.map(({ level, left }) => [level, left.step, left.why])).toEqual([
      ['error', 'seal', 'outcome-unknown'],
      ['error', 'write', 'in-doubt'],
    ]);
    expect(records[1]?.left).toMatchObject({
      idempotencyKey: sent('note')[0]?.idempotencyKey,
      compensation: { operation: 'shop.erase', input: { text: 'hello' } },
    });
    const metrics = await axios.get<string>(`${admin}/metrics`);
    expect(metrics.data).toMatch(/^facet_sagas_total\{saga="note",outcome="unresolved".*} 1$/m);

    isSilent = false;
    expect(await post('hello')).toMatchObject({ status: 201, data: { sealed: 'hello' } });
  });

  test('finishes what it began for a client that has left, and before it stops', async () => {
    let goOn: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const write = async ({ text, by }: { text: string; by: string }) => {
      await held;
      return { text, by };
    };
    const { url, sent } = await start({ note: write });
    const client = new AbortController();
    const left = axios
      .post(
        `${url}/notes`,
        { text: 'hello' },
        { headers: { 'x-who': 'ann', 'idempotency-key': 'key-00001' }, signal: client.signal },
      )
      .catch((error: unknown) => error);
    await eventually(() => sent('note').length === 1);
    client.abort();
    await left;
    const stopped = running.shift()?.stop();
    goOn?.();
    await stopped;
    expect(sent('seal').map(({ text }) => text)).toEqual(['check hello', 'hello']);
  });

  test('is described with its key, its body, its answer and every problem', async () => {
    const { http } = await start();
    interface Described {
      paths: Record<
        string,
        { post: Record<string, unknown> & { responses: Record<string, { description: string }> } }
      >;
    }
    const { data } = await http.get<Described>('/openapi.json');
    const operation = data.paths['/notes']?.post;
    expect(operation).toMatchObject({
      summary: 'Notes',
      security: [{ who: [] }],
      parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }],
      requestBody: { content: { 'application/json': { schema: { required: ['text'] } } } },
      'x-facet-saga': {
        name: 'note',
        steps: [{ name: 'write', operation: 'shop.note', undoneBy: 'shop.erase' }, {}, { name: 'seal' }],
      },
    });
    const responses = operation?.responses ?? {};
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['201', '400', '404', '409', '422', '503', '504']),
    );
    expect(responses).not.toHaveProperty('200');
    expect(responses['400']?.description).toContain('idempotency.key-missing');
    expect(responses['404']?.description).toContain('shop.item-not-found');
    expect(responses['409']?.description).toContain('shop.not-sealed');
    expect(responses['422']?.description).toMatch(/idempotency\.key-reused.*notes\.nobody/);
    expect(responses['504']?.description).toContain('note.seal-timeout');
  });
});
