import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readApps } from '@facet/dev';

/** What a gateway says of itself, or why it would not start. */
export type DescribedGateway =
  | { readonly path: string; readonly text: string; readonly fault?: undefined }
  | { readonly path: string; readonly text?: undefined; readonly fault: string };

/** The documents of the gateways that have one, `apps/web-bff/openapi.json`, made anew from the source. Nothing is started. */
export function describeGateways(root: string): Promise<readonly DescribedGateway[]> {
  return Promise.all(gatewayDocuments(root).map((path) => describe(root, path)));
}

export function gatewayDocuments(root: string): readonly string[] {
  return readApps(root)
    .filter(({ kind }) => kind === 'gateway')
    .map(({ name }) => `apps/${name}/openapi.json`)
    .filter((path) => existsSync(join(root, path)));
}

async function describe(root: string, path: string): Promise<DescribedGateway> {
  const main = join(root, path, '../src/main.ts');
  const args = ['--import', join(root, 'tools/dev/register.mjs'), main, '--describe'];
  const options = { cwd: root, maxBuffer: 64 * 1_048_576 };
  try {
    return { path, text: (await promisify(execFile)(process.execPath, args, options)).stdout };
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const [, gateway] = path.split('/');
    const why = /^.*\b(?:Error: .*)$/m.exec(stderr)?.[0] ?? stderr.trim().split('\n')[0] ?? '';
    return {
      path,
      fault: `${gateway} does not start any more: ${why === '' ? message.split('\n')[0] : why.trim()}`,
    };
  }
}
