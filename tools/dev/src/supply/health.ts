/**
 * The health check of an image that has no shell: `health.mjs`, which ends with 0 where the process says on its admin port that it is
 * ready, and otherwise says why not in one line and ends with 1.
 */
export const healthCheck = (adminPort: number): string => `import { get } from 'node:http';

const { ADMIN_HOST = '127.0.0.1', ADMIN_PORT = '${adminPort}' } = process.env;
const fail = (why) => {
  console.error(\`not ready: \${why}\`);
  process.exit(1);
};
get({ host: ADMIN_HOST, port: ADMIN_PORT, path: '/health/ready', timeout: 3_000 }, (response) => {
  if (response.statusCode === 200) process.exit(0);
  let body = '';
  response.setEncoding('utf8').on('data', (text) => (body += text));
  response.on('end', () => fail(\`\${response.statusCode} \${body}\`));
})
  .on('timeout', () => fail('no answer within 3 s'))
  .on('error', ({ message }) => fail(message));
`;
