import { readFile } from 'node:fs/promises';
import type { Plugin } from '@facet/gateway';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'";

const pages = [
  { path: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
];

/** The page that lives on this gateway. It has nothing from elsewhere and knows no token. */
export const servePages: Plugin = async (app) => {
  for (const { path, file, type } of pages) {
    const body = await readFile(new URL(`../pages/${file}`, import.meta.url));
    app.get(path, (_request, reply) =>
      reply
        .type(type)
        .headers({
          'cache-control': 'no-cache',
          'content-security-policy': POLICY,
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        })
        .send(body),
    );
  }
};
