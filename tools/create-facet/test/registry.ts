import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A registry of the test's own, on 127.0.0.1: it has what is published to it, and nothing else. */
export interface Registry {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-registry-'));
  const port = await freePort();
  const config = join(folder, 'config.yaml');
  mkdirSync(join(folder, 'storage'));
  writeFileSync(
    config,
    [
      `storage: ${join(folder, 'storage')}`,
      'web: { enable: false }',
      'log: { type: stdout, format: json, level: error }',
      'max_body_size: 100mb',
      "packages: { '**': { access: $all, publish: $all } }",
      '',
    ].join('\n'),
  );
  const manifest = createRequire(import.meta.url).resolve('verdaccio/package.json');
  const script = join(dirname(manifest), 'bin/verdaccio');
  const args = [script, '--config', config, '--listen', `127.0.0.1:${port}`];
  const { PATH, TMPDIR } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, TMPDIR, HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}/`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`verdaccio did not start:\n${output}`);
    await sleep(50);
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}-/ping`).then(
    ({ ok }) => ok,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
