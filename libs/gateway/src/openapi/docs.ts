import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { COUNTS_ADDRESS } from '../request/endpoint.js';
import type { Json } from './schemas.js';

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const counted = { config: COUNTS_ADDRESS };

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** `/openapi.json`, and `/docs`: a page that shows it, with everything that it needs from here. */
export function serveDocs(instance: FastifyInstance, name: string, document: () => Json): void {
  instance.get('/openapi.json', counted, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document()),
  );
  instance.get('/docs', counted, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(page(name)),
  );
  instance.get('/docs/start.js', counted, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(START),
  );
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const [file, type] of Object.entries(types)) {
    instance.get(`/docs/${file}`, counted, async (_request, reply) =>
      reply.type(type).send(await readFile(join(folder, file))),
    );
  }
}

const START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });\n";

function page(name: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${name}</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
}
