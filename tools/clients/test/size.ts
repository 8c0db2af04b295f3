/** `npm run clients:size`: what a page downloads for a client, minified and compressed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readApps, workspaceRoot } from '@facet/dev';
import { build } from 'esbuild';
import { clientFolder } from '../src/index.js';

export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** The gateways that have a client. */
export const withClient = readApps()
  .filter(
    ({ kind, name }) => kind === 'gateway' && existsSync(join(workspaceRoot, clientFolder(name), 'src')),
  )
  .map(({ name }) => name);

/** Bytes of a bundle that makes a client of a gateway, with these of its credentials. */
export async function sizeOf(gateway: string, ...credentials: readonly string[]): Promise<Size> {
  const names = ['createClient', ...credentials].join(', ');
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${names} } from './index.ts';`,
      resolveDir: join(workspaceRoot, clientFolder(gateway), 'src'),
      loader: 'ts',
    },
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'browser', target: 'es2022' },
    conditions: ['@facet/source'],
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  return { minified: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const gateway of withClient) {
    for (const credentials of [
      [],
      ['session'],
      ['bearer'],
      ['dpop', 'createDpopKey'],
      ['apiKey', 'signed'],
    ]) {
      const { minified, gzip } = await sizeOf(gateway, ...credentials);
      const what = ['createClient', ...credentials].join(', ');
      process.stdout.write(`${gateway.padEnd(12)} ${what.padEnd(36)} ${minified} B, gzip ${gzip} B\n`);
    }
  }
}
