/** Apps for a copy of the workspace, as their main.ts. */

/** One that listens, and does no more than `body` says. */
export const service = (name: string, body = ''): string => `
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { listening, runProcess } from '@facet/platform';
await runProcess('${name}', async () => {
  const server = createServer();
  const port = Number(process.env.PORT);
  await listening(server, { host: '127.0.0.1', port, variable: 'PORT' });
  ${body}
  return { addresses: { tcp: '127.0.0.1:' + port }, stop: () => new Promise((done) => server.close(() => done())) };
});
`;

/** One that answers `status` and `text` to everything. */
export const gateway = (name: string, status = 404, text = 'nothing here'): string => `
import { createServer } from 'node:http';
import { listening, runProcess } from '@facet/platform';
await runProcess('${name}', async () => {
  const server = createServer((_, response) => response.writeHead(${status}).end('${text}'));
  const port = Number(process.env.PORT);
  await listening(server, { host: '127.0.0.1', port, variable: 'PORT' });
  return { addresses: { http: 'http://127.0.0.1:' + port }, stop: () => new Promise((done) => server.close(() => done())) };
});
`;
