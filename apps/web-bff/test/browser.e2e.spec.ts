/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
import { startSignInWorld } from '@facet/testing';

jest.setTimeout(120_000);

/** What a stranger's page hands to fetch. */
interface Attempt {
  readonly method?: string;
  readonly mode?: 'no-cors';
  readonly credentials: 'include';
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const inBrowser = existsSync(executablePath) ? describe : describe.skip;

inBrowser(
  `web-bff in Chromium${existsSync(executablePath) ? '' : ` (skipped: no ${executablePath})`}`,
  () => {
    let site: Awaited<ReturnType<typeof startSignInWorld>>;
    let evil: Server;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    const seen: Response[] = [];
    const secrets = new Set<string>();

    beforeAll(async () => {
      site = await startSignInWorld({ gateway: 'web-bff', services: ['accounts'] });
      evil = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>');
      });
      await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      browser = await chromium.launch({ executablePath, args });
      context = await browser.newContext();
      context.setDefaultTimeout(15_000);
      page = await context.newPage();
      page.on('response', (response) => {
        if (response.url().startsWith(site.origin)) seen.push(response);
      });
    });

    afterAll(async () => {
      await browser?.close();
      evil?.close();
      await site?.stop();
    });

    const userText = () => page.locator('#user').textContent();

    test('a visitor is not signed in, and the page breaks no rule of its own policy', async () => {
      const violations: string[] = [];
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) violations.push(message.text());
      });
      await page.goto(`${site.origin}/`);
      await page.getByText('You are not signed in.').waitFor();
      expect(violations).toEqual([]);
    });

    test('W1 a user signs in through the provider’s own page, and comes back', async () => {
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.waitForURL(`${site.issuer}/**`);
      await page.getByLabel('Name').fill('ada');
      await page.getByLabel('Password').fill('ada-in-development');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as Ada Byron.').waitFor();
      expect(page.url()).toBe(`${site.origin}/`);
    });

    test('W3 the browser holds the session as a __Host- cookie that is Secure, HttpOnly and Strict', async () => {
      const cookies = await context.cookies(site.origin);
      const session = cookies.find(({ name }) => name === '__Host-facet-session');
      expect(session).toMatchObject({
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
        expires: -1,
      });
      expect(cookies.map(({ name }) => name)).not.toContainEqual(expect.stringContaining('facet-login'));
    });

    test('the page calls an API route as its user', async () => {
      await page.getByRole('button', { name: 'Show my account' }).click();
      const answer = page.locator('#answer');
      await answer.getByText('cus_0001').waitFor();
      expect(JSON.parse((await answer.textContent()) ?? '')).toMatchObject({
        id: 'cus_0001',
        name: 'Ada Byron',
      });
    });

    test('W5 from inside the page no token and no session cookie can be read', async () => {
      const secret = (await context.cookies(site.origin)).find(
        ({ name }) => name === '__Host-facet-session',
      )?.value;
      const readable = await page.evaluate(async () => {
        const call = async (path: string) => (await fetch(path, { headers: { 'x-csrf': '1' } })).text();
        return JSON.stringify({
          cookie: document.cookie,
          local: { ...localStorage },
          session: { ...sessionStorage },
          databases: await indexedDB.databases(),
          html: document.documentElement.outerHTML,
          answers: await Promise.all(['/auth/user', '/auth/sessions', '/api/account'].map(call)),
        });
      });
      expect(readable).toContain('user-ada');
      const bodies = await Promise.all(seen.map((response) => response.text().catch(() => '')));
      for (const text of [readable, ...bodies]) {
        expect(text).not.toContain(secret);
        expect(text).not.toMatch(/eyJ[\w-]{10,}/);
        expect(text).not.toMatch(/(?:access|refresh|id)_token/);
      }
    });

    describe.each([
      ['another origin of the same site', 'localhost'],
      ['another site', '127.0.0.1'],
    ])('a page of %s', (_, host) => {
      let stranger: Page;
      const statuses: [string, number][] = [];

      beforeAll(async () => {
        stranger = await context.newPage();
        stranger.on('response', (response) => {
          if (response.url().startsWith(site.origin))
            statuses.push([response.request().method(), response.status()]);
        });
        await stranger.goto(`http://${host}:${(evil.address() as AddressInfo).port}/`);
      });
      afterAll(() => stranger?.close());

      const attempt = (path: string, init: Attempt) =>
        stranger.evaluate(
          async ([url, options]) => {
            try {
              const answer = await fetch(url, options);
              return { type: answer.type, text: await answer.text() };
            } catch (error) {
              return { type: 'refused', text: String(error) };
            }
          },
          [`${site.origin}${path}`, init] as const,
        );

      test.each(['/auth/user', '/api/account', '/auth/sessions'])('W8 cannot read %s', async (path) => {
        const headers = { 'x-csrf': '1' };
        expect(await attempt(path, { credentials: 'include', headers })).toMatchObject({ type: 'refused' });
        expect(await attempt(path, { credentials: 'include' })).toMatchObject({ type: 'refused' });
        expect(await attempt(path, { credentials: 'include', mode: 'no-cors' })).toEqual({
          type: 'opaque',
          text: '',
        });
      });

      test('W7 cannot write, by script or by a form', async () => {
        statuses.length = 0;
        for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
          const headers = { 'content-type': type };
          await attempt('/auth/logout', {
            method: 'POST',
            mode: 'no-cors',
            credentials: 'include',
            headers,
            body: 'a=b',
          });
        }
        await attempt('/auth/logout', { method: 'POST', mode: 'no-cors', credentials: 'include' });
        await stranger.evaluate((action) => {
          const form = Object.assign(document.createElement('form'), { method: 'post', action });
          document.body.append(form);
          form.submit();
        }, `${site.origin}/auth/logout`);
        await stranger.waitForURL(`${site.origin}/**`);
        expect(statuses).toHaveLength(4);
        for (const [method, status] of statuses) expect([method, status >= 400]).toEqual(['POST', true]);
      });

      test('leaves the user signed in', async () => {
        await page.reload();
        await page.getByText('Signed in as Ada Byron.').waitFor();
      });
    });

    test('a page of another origin cannot show this one in a frame', async () => {
      const stranger = await context.newPage();
      await stranger.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
      const framed = await stranger.evaluate(
        (src) =>
          new Promise<string>((resolve) => {
            const frame = Object.assign(document.createElement('iframe'), { src });
            frame.onload = () => resolve(frame.contentDocument === null ? 'blocked or foreign' : 'readable');
            document.body.append(frame);
          }),
        site.origin,
      );
      expect(framed).toBe('blocked or foreign');
      expect(stranger.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/');
      await stranger.close();
    });

    test('W10 a user signs out, and the cookie that was is dead', async () => {
      const cookies = await context.cookies(site.origin);
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByText('You are not signed in.').waitFor();
      await context.addCookies(cookies);
      await page.reload();
      await page.getByText('You are not signed in.').waitFor();
      expect(await userText()).toBe('You are not signed in.');
    });

    const signInAgain = async () => {
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByText('Signed in as Ada Byron.').waitFor();
    };
    const cookieHeader = async () => {
      const cookies = await context.cookies(site.origin);
      return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    };

    test('what the gateway refuses, it refuses as a problem and with the right status', async () => {
      await signInAgain();
      const cookie = await cookieHeader();
      const csrf = { cookie, 'x-csrf': '1' };
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const calls: [string, string, Record<string, string>, number][] = [
        ['GET', '/api/account', csrf, 200],
        ['GET', '/api/account', { cookie }, 401],
        ['GET', '/api/home', { cookie }, 401],
        ['GET', '/api/account', { 'x-csrf': '1' }, 401],
        ['GET', '/api/account', { ...csrf, origin: 'https://evil.example' }, 403],
        ['GET', '/api/account', { ...csrf, 'sec-fetch-site': 'cross-site' }, 403],
        ['GET', '/api/account', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.', 'x-csrf': '1' }, 401],
        ['GET', '/auth/user', csrf, 200],
        ['GET', '/auth/user', { cookie }, 401],
        ['GET', '/auth/logout', csrf, 405],
        ['POST', '/auth/logout', { ...csrf, ...form }, 415],
        ['POST', '/auth/backchannel-logout', form, 400],
        ['POST', '/auth/backchannel-logout', { 'content-type': 'application/json' }, 415],
        ['GET', '/auth/callback?code=a&state=b', {}, 400],
        ['GET', '/auth/login?returnTo=//e', {}, 400],
      ];
      for (const [method, path, headers, expected] of calls) {
        const body = method === 'POST' ? { body: 'a=b' } : {};
        const answer = await fetch(`${site.origin}${path}`, { method, headers, redirect: 'manual', ...body });
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, expected]);
        if (expected < 400) continue;
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(await answer.json()).toMatchObject({ status: expected, traceId: expect.any(String) });
      }
    });

    test('a sign-in that begins at 127.0.0.1 goes on at localhost, where its callback will be', async () => {
      const { port } = new URL(site.origin);
      const answer = await fetch(`http://127.0.0.1:${port}/auth/login?returnTo=/x`, { redirect: 'manual' });
      expect(answer.headers.get('location')).toBe(`${site.origin}/auth/login?returnTo=%2Fx`);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });

    test('W11 a session that ends at the provider ends here too, by the back channel', async () => {
      const cookie = await cookieHeader();
      const asked = () => fetch(`${site.origin}/auth/user`, { headers: { cookie, 'x-csrf': '1' } });
      expect((await asked()).status).toBe(200);
      const elsewhere = await context.newPage();
      await elsewhere.goto(`${site.issuer}/session/end`);
      await elsewhere.getByRole('button', { name: 'Yes, sign me out' }).click();
      await elsewhere.getByText('You can close this page.').waitFor();
      await elsewhere.close();
      expect((await asked()).status).toBe(401);
      await page.reload();
      await page.getByText('You are not signed in.').waitFor();
    });

    test('W11 after signing out here, ending the session at the provider’s page leads back', async () => {
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Name').fill('ada');
      await page.getByLabel('Password').fill('ada-in-development');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as Ada Byron.').waitFor();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('link', { name: 'End the session' }).click();
      await page.getByRole('button', { name: 'Yes, sign me out' }).click();
      await page.waitForURL(`${site.origin}/**`);
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Password').waitFor();
    });

    test('L2 what the gateway has logged of all this holds no cookie, code, token or name, and L3 the audit is in it', () => {
      const log = site.world.process('web-bff').output();
      const codes = seen.flatMap((response) => new URL(response.url()).searchParams.getAll('code'));
      expect(codes.length).toBeGreaterThan(0);
      for (const secret of [
        ...secrets,
        ...codes,
        'Ada Byron',
        'ada.byron',
        'eyJ',
        'a-secret',
        'in-development',
      ]) {
        expect(log).not.toContain(secret);
      }
      for (const event of [
        'sign-in success',
        'sign-out success',
        'sign-in failure',
        'access denied',
        'session.ended success',
      ]) {
        expect(log).toContain(`audit: ${event}`);
      }
    });
  },
);
