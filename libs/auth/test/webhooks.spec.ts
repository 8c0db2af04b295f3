import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Fault } from '@facet/platform';
import { Webhook } from 'standardwebhooks';
import { generateWebhookSecret, nextAttemptMs, parseTarget, sendWebhook } from '../src/webhooks/index.js';
import { isPublicAddress, resolvePublic } from '../src/webhooks/target.js';

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function receiver(answer: RequestListener = (_, response) => response.writeHead(204).end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, received };
}

const secret = generateWebhookSecret();
const message = (url: string) => ({ id: 'msg_1', url, secret, body: '{"type":"order.shipped","größe":"ü"}' });

describe('P5 a webhook', () => {
  test('P5 is signed over id, time and body, as the library that receivers use has it', async () => {
    const { url, received } = await receiver();
    expect(await sendWebhook(message(url), { allowPrivate: true })).toEqual({ delivered: true });
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const verify = (changes: object, text = body) =>
      new Webhook(secret).verify(text, { ...(headers as Record<string, string>), ...changes });
    expect(verify({})).toEqual({ type: 'order.shipped', größe: 'ü' });
    expect(() => verify({ 'webhook-id': 'msg_2' })).toThrow();
    expect(() => verify({ 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 10) })).toThrow();
    expect(() => verify({}, body.replace('shipped', 'paid'))).toThrow();
    expect(() =>
      new Webhook(generateWebhookSecret()).verify(body, headers as Record<string, string>),
    ).toThrow();
  });

  test('P5 does not follow a redirect', async () => {
    const inside = await receiver();
    const outside = await receiver((_, response) => response.writeHead(307, { location: inside.url }).end());
    expect(await sendWebhook(message(outside.url), { allowPrivate: true })).toEqual({
      delivered: false,
      why: 'answered 307',
    });
    expect(inside.received).toEqual([]);
  });

  test('P5 a receiver that fails, is silent or is not there is a failed attempt with a reason', async () => {
    const failing = await receiver((_, response) => response.writeHead(500).end());
    const silent = await receiver(() => undefined);
    const options = { allowPrivate: true, timeoutMs: 200 };
    expect(await sendWebhook(message(failing.url), { allowPrivate: true })).toMatchObject({
      why: 'answered 500',
    });
    expect(await sendWebhook(message(silent.url), options)).toMatchObject({ why: 'did not answer in time' });
    expect(await sendWebhook(message('http://127.0.0.1:1/'), options)).toMatchObject({
      why: 'could not be reached (ECONNREFUSED)',
    });
  });

  test('P5 one whose name leads to this machine is not sent', async () => {
    const { url, received } = await receiver();
    const { port } = new URL(url);
    expect(await sendWebhook(message(`https://localhost:${port}/`))).toEqual({
      delivered: false,
      why: expect.stringContaining('not public'),
    });
    expect(received).toEqual([]);
  });
});

describe('P5 the URL of a receiver', () => {
  test.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0/',
    'https://10.0.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.100.100.200/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://localhost../',
    'https://foo.localhost/',
    'https://ｌｏｃａｌｈｏｓｔ/',
    'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'https://metadata.google.internal/',
    'https://metadata.google.internal./',
    'https://redis:6379/',
    'https://printer.local/',
    'https://catalog.svc.cluster.local/',
    'https://user:pass@example.com/',
    'https://example.com:22/',
    'https://example.com/#x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    '',
  ])('P5 %s is refused', (url) => {
    expect(() => parseTarget(url)).toThrow(Fault);
  });

  test('P5 an ordinary https URL is taken, with a port above 1023 too', () => {
    for (const url of [
      'https://example.com/hooks?x=1',
      'https://example.com:8443/',
      'https://93.184.216.34/',
      'https://localhost.example.com/',
      'https://my-internal.example/',
      'https://[2606:4700::1111]/',
    ])
      expect(parseTarget(url).href).toBe(url);
  });

  test('P5 a name that leads to this machine is found out when something is sent', async () => {
    await expect(resolvePublic('localhost')).rejects.toThrow('not public');
  });

  test('P5 public addresses are told from the rest', () => {
    expect(['93.184.216.34', '1.1.1.1', '2606:4700::1111'].map(isPublicAddress)).toEqual([true, true, true]);
    expect(['nonsense', '', '224.0.0.1', '255.255.255.255', '2001:db8::1'].some(isPublicAddress)).toBe(false);
  });
});

describe('the attempts', () => {
  test('get rarer, spread by a tenth, and end after ten, within four days', () => {
    const waits = Array.from({ length: 9 }, (_, i) => nextAttemptMs(i + 1, () => 0) ?? 0);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBe(5_000);
    expect(nextAttemptMs(1, () => 1)).toBe(5_500);
    expect(nextAttemptMs(10)).toBeUndefined();
    expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThan(4 * 86_400_000);
  });
});
