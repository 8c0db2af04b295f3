/// <reference lib="dom" />
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import {
  madeUpGateway,
  serveConsole,
  services,
  type MadeUpGateway,
  type ServedConsole,
} from './support/inside.js';
import { makeDay, makeLongRecord, makeRecord, T0 } from './support/records.js';
import { homeRoute } from './support/shop.js';
import { temporaryFolder } from './support/folder.js';

jest.setTimeout(120_000);

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
const inBrowser = isThere ? describe : describe.skip;
/** With `FACET_PICTURES=true` the pictures of the guide are made anew. */
const pictures =
  process.env['FACET_PICTURES'] === 'true'
    ? fileURLToPath(new URL('../../../docs/guides/pictures/', import.meta.url))
    : undefined;
/** What axe-core gives. */
interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
  }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

inBrowser(`the console in Chromium${isThere ? '' : ` (skipped: no ${executablePath})`}`, () => {
  let browser: Browser;
  let made: MadeUpGateway;
  let served: ServedConsole;
  const faults: string[] = [];

  beforeAll(async () => {
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath, args });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await served.stop();
    expect(faults.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  async function start(options: { token?: string; folder?: string } = {}): Promise<void> {
    const { token } = options;
    made = madeUpGateway({ routes: [homeRoute], ...(token === undefined ? {} : { token }) });
    made.services = services(5);
    served = await serveConsole(made.inside, {
      folder: options.folder ?? temporaryFolder(),
    });
  }

  /** Opens a page, and remembers whatever it complains of. */
  async function open(hash = '', { width = 1280, height = 900, dark = false } = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      const isExpected = /status of (?:401|404)/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isExpected) faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url) && !request.url().startsWith('blob:'))
        faults.push(`asked ${request.url()}`);
    });
    await page.goto(`${served.url}/console${hash}`);
    return page;
  }

  async function openLive(options?: Parameters<typeof open>[1]): Promise<Page> {
    const page = await open('', options);
    await page.getByText('live', { exact: true }).waitFor();
    return page;
  }

  /** What axe-core finds that a person who cannot see or point would stumble over. */
  async function barriers(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const { violations } = await page.evaluate<Found>('axe.run({ resultTypes: ["violations"] })');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
      );
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  const whole = makeRecord({ seed: 5, fates: { categories: 'cached' }, at: T0 + 201_214 });
  const odd = makeRecord({
    seed: 4,
    fates: { stock: 'late', popular: 'retried', featured: 'hedged', categories: 'cached' },
    at: T0 + 200_871,
  });

  /** A busy minute: requests, and traffic to each instance. */
  async function busy(page: Page, count: number): Promise<void> {
    const day = makeDay(count);
    for (let index = 0; index < day.length; index += 10) {
      const some = day.slice(index, index + 10);
      for (const record of some) made.end(record);
      await page.waitForTimeout(105);
    }
    for (const { service, instances } of made.services) {
      for (const { address } of instances.filter(({ state }) => state === 'ready')) {
        for (let tookMs = 3; tookMs < 24; tookMs += 1) {
          const code = service === 'inventory' && tookMs === 7 ? 'transport.closed' : 'ok';
          made.emit('attempt', {
            service,
            operation: `${service}.any`,
            instance: address,
            tookMs,
            code,
          });
        }
      }
    }
  }

  test('with no request says what will be seen, and has no barrier', async () => {
    await start();
    const page = await openLive();
    await page.getByText('No request yet.').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('a request shows up as it ends, and leads to its waterfall', async () => {
    await start();
    const page = await openLive();
    made.end(odd);
    await page.getByRole('list', { name: 'Requests, newest first', exact: true }).getByRole('link').click();
    await page.getByRole('heading', { name: '200 GET /v1/home' }).waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain(
      'Answered in 552 ms, without stock. Inventory did not answer in time. 100% of the time went to popular → stock.',
    );
    await page.getByRole('button', { name: /^stock.*critical path/ }).click();
    await page.getByText('inventory did not answer in time: the answer goes without it.').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('a waterfall tells of the SQL behind a bar', async () => {
    await start();
    made.end(odd);
    const page = await open(`#/request/${odd.traceId}`);
    await page.getByRole('button', { name: /4022.*hedge/ }).click();
    await page.getByText('select "id", "headline", "product_id" from "heroes"').waitFor();
    await picture(page, 'console-request');
  });

  test.each([
    [360, false],
    [768, true],
    [1280, false],
    [1920, true],
  ])(
    'at %i pixels with 1,000 requests and long names nothing overlaps the page, and there is no barrier',
    async (width, dark) => {
      await start();
      const page = await openLive({ width, dark });
      const records = [...makeDay(120), makeLongRecord(), odd];
      for (const record of records) if (record.status >= 500 || record.degraded.length > 0) made.end(record);
      await busy(page, 60);
      made.emit('ejected', { service: 'inventory', instance: '127.0.0.1:4032', forMs: 30_000, failures: 5 });
      await page.getByText('ejected after failures in a row').first().waitFor();
      await page
        .getByText(/\d+ requests/)
        .first()
        .waitFor();
      expect(await barriers(page)).toEqual([]);
      const long = records.at(-2)?.id ?? '';
      for (const hash of [
        '#/',
        `#/request/${long}`,
        `#/request/${odd.id}`,
        `#/compare/${long}/${odd.id}`,
        '#/what-if/GET%20%2Fv1%2Fhome',
      ]) {
        await page.evaluate((to) => void (location.hash = to), hash);
        await page.locator('.card').first().waitFor();
        await page.waitForTimeout(150);
        const overflow = await page.evaluate(() =>
          Math.max(0, document.documentElement.scrollWidth - innerWidth),
        );
        expect([hash, overflow]).toEqual([hash, 0]);
        expect([hash, await barriers(page)]).toEqual([hash, []]);
      }
    },
  );

  test('a busy gateway is one picture', async () => {
    await start();
    const page = await openLive();
    await busy(page, 45);
    made.emit('ejected', { service: 'inventory', instance: '127.0.0.1:4032', forMs: 30_000, failures: 5 });
    await page.locator('.edge .flow').first().waitFor({ state: 'attached' });
    await picture(page, 'console-live');
    expect(await page.locator('.node.is-service').count()).toBe(5);
  });

  test('1,000 requests are there, and the page stays quick', async () => {
    await start();
    const page = await openLive();
    for (let index = 0; index < 100; index += 1) {
      for (const record of makeDay(10, { seed: index + 1 })) made.end(record);
      await page.waitForTimeout(110);
    }
    await page.getByText(/^1,000 requests/).waitFor();
    expect(await page.locator('.stream a.request').count()).toBe(100);
    await page.getByRole('button', { name: /Show 200 more/ }).click();
    await page.locator('.stream a.request').nth(299).waitFor();
  });

  test('the stream is paused and filtered, and the filter stands in the address', async () => {
    await start();
    const page = await openLive();
    made.end(whole);
    await page.locator('.stream a.request').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    made.end(odd);
    await page.getByRole('button', { name: 'Go on (1 new)' }).waitFor();
    expect(await page.locator('.stream a.request').count()).toBe(1);
    await page.getByRole('button', { name: 'Go on (1 new)' }).click();
    await page.locator('.stream a.request').nth(1).waitFor();
    await page.getByRole('combobox', { name: 'Reason' }).selectOption('aggregation.timeout');
    await page.waitForURL(/#\/\?reason=aggregation.timeout/);
    await page.waitForFunction(() => document.querySelectorAll('.stream a.request').length === 1);
    await page.reload();
    await page.locator('.stream a.request').first().waitFor();
    expect(await page.locator('.stream a.request').count()).toBe(1);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.stream a.request').nth(1).waitFor();
  });

  test('static files are hidden until they are wanted', async () => {
    await start();
    const page = await openLive();
    const file = makeRecord({
      seed: 7,
      shape: 3,
      over: { route: '/page.js', path: '/page.js', responseHeaders: { 'content-type': 'text/javascript' } },
    });
    made.end(file);
    made.end(whole);
    await page.locator('.stream a.request').first().waitFor();
    expect(await page.locator('.stream a.request').count()).toBe(1);
    await page.getByLabel('probes and files').check();
    await page.locator('.stream a.request').nth(1).waitFor();
  });

  test('the arrow keys go from request to request, and Enter opens one', async () => {
    await start();
    const page = await openLive();
    made.end(whole);
    made.end(odd);
    const rows = page.locator('.stream a.request');
    await rows.nth(1).waitFor();
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(whole.id));
  });

  test('two requests stand side by side on one scale, one of them from before a restart', async () => {
    const folder = temporaryFolder();
    await start({ folder });
    const first = await openLive();
    made.end(whole);
    await first.locator('.stream a.request').first().waitFor();
    await first.context().close();
    await served.stop();
    await start({ folder });
    const page = await openLive();
    made.end(odd);
    await page.locator('.stream a.request').nth(1).click();
    await page.getByText('before the last restart').waitFor();
    await page.getByRole('button', { name: 'Compare with another' }).click();
    await page.locator('.stream a.request').first().click();
    await page.getByText(/B took 5\d\d ms longer, .* Most of it is stock: \+488 ms\./).waitFor();
    expect(await page.locator('.pair .waterfall').count()).toBe(2);
    expect(await barriers(page)).toEqual([]);
    await picture(page, 'console-compare');
  });

  test('what if: each cell says what the client would have got', async () => {
    await start();
    made.end(odd);
    const page = await open(`#/request/${odd.id}`);
    await page.getByRole('link', { name: 'What if a part fails?' }).click();
    await page.getByText('Without featured there is no answer.').waitFor();
    await page.getByRole('button', { name: /^stock slow: 200 without stock/ }).click();
    await page.getByText('"reason": "aggregation.timeout"').waitFor();
    expect(await barriers(page)).toEqual([]);
    await picture(page, 'console-what-if');
  });

  test('what clients and services send is text and nothing else', async () => {
    const folder = temporaryFolder();
    await start({ folder });
    const page = await openLive();
    const hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}${7*7}"\'`';
    const record = makeRecord({ seed: 9, fates: { stock: 'late' } });
    const line = { level: hostile, time: hostile, msg: hostile, traceId: record.traceId, [hostile]: hostile };
    mkdirSync(join(folder, 'logs'));
    writeFileSync(
      join(folder, 'logs', 'catalog.log'),
      `${JSON.stringify(line)}\n${record.traceId} ${hostile}\n`,
    );
    made.end({
      ...record,
      route: hostile,
      path: hostile,
      aggregation: hostile,
      client: hostile,
      problem: { code: hostile, service: hostile, policy: hostile, cause: hostile },
      requestHeaders: { [hostile]: hostile, 'user-agent': 'javascript:window.hacked=1' },
      responseHeaders: { [hostile]: hostile },
      parts: record.parts.map((part) => ({
        ...part,
        name: hostile,
        service: hostile,
        operation: hostile,
        reason: hostile,
      })),
      calls: record.calls.map((call) => ({
        ...call,
        service: hostile,
        operation: hostile,
        code: hostile,
        attempts: call.attempts.map((each) => ({ ...each, instance: hostile, code: hostile })),
      })),
    });
    await page.locator('.stream a.request').first().click();
    await page.getByRole('heading', { name: 'Where the time went' }).waitFor();
    await page.locator('.log li').nth(1).waitFor();
    for (const row of await page.locator('.row-head').all()) await row.click();
    await page.goto(`${served.url}/console#/what-if/${encodeURIComponent(hostile)}`);
    await page.getByText('Nothing to try').waitFor();
    await page.goto(`${served.url}/console#/request/${encodeURIComponent(hostile)}`);
    await page.getByText('This request is not here').waitFor();
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  test('with a token it asks for it once for a tab, and no cookie is set', async () => {
    const token = 'a-token-of-thirty-two-characters-or-more';
    await start({ token });
    const page = await open();
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('No request yet.').waitFor();
    await page.reload();
    await page.getByText('No request yet.').waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(page.url()).not.toContain(token);
  });
});
