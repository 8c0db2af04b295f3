import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { loopback, publishAll, published } from '../build/publish.js';
import { startRegistry, type Registry } from './registry.js';

jest.setTimeout(900_000);

let registry: Registry;
/** Outside of this workspace. */
let outside: string;
beforeAll(async () => {
  registry = await startRegistry();
  outside = mkdtempSync(join(tmpdir(), 'facet-outside-'));
});
afterAll(async () => {
  await registry?.stop();
  rmSync(outside, { recursive: true, force: true });
});

const { PATH, HOME, TMPDIR } = process.env;
/** Those of this workspace are not on the path: what runs there is what was installed there. */
const path = (PATH ?? '')
  .split(':')
  .filter((each) => !each.includes('node_modules'))
  .join(':');
const environment = { PATH: path, HOME, TMPDIR, CI: 'true', NX_DAEMON: 'false', NX_TUI: 'false' };

async function run(
  cwd: string,
  env: Record<string, string>,
  command: string,
  ...args: readonly string[]
): Promise<string> {
  try {
    const options = { cwd, env: { ...environment, ...env }, maxBuffer: 100_000_000 };
    const { stdout, stderr } = await promisify(execFile)(command, args, options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')}\n${stdout.slice(-6_000)}\n${stderr.slice(-6_000)}`, {
      cause: error,
    });
  }
}

/** Third parties are installed from where this machine has them; without network npm's cache may have them all. */
const hasThirdParties =
  spawnSync('npm', ['view', 'reflect-metadata', 'version', '--prefer-offline'], { env: environment })
    .status === 0;
const describeInstalled = hasThirdParties ? describe : describe.skip;

const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

describe('a registry on this machine', () => {
  test('takes every package, and no other registry does', async () => {
    expect(() => loopback('https://registry.example.com')).toThrow('to a registry on this machine alone');
    expect(() => loopback('http://127.0.0.1.example.com')).toThrow('to a registry on this machine alone');
    expect(() => loopback(undefined)).toThrow('no registry: packages are published');
    await publishAll(registry.url);
    const names = published.map((folder) => manifestIn(folder).name);
    expect(names).toEqual(expect.arrayContaining(['create-facet', '@facet/gateway', '@facet/nx-plugin']));
    for (const name of names) {
      const { status } = await fetch(`${registry.url}${name.replace('/', '%2f')}`);
      expect({ name, status }).toEqual({ name, status: 200 });
    }
  });

  describeInstalled(
    `gives a workspace of its own${hasThirdParties ? '' : ' (skipped: no npm registry answers)'}`,
    () => {
      let shop: string;
      let since: number;

      test('which npm create makes, and npm installs', async () => {
        since = performance.now();
        // Third parties come from where this machine has them: from npm's cache where they are there.
        const create = [
          'create',
          '--yes',
          'facet@latest',
          'shop',
          '--',
          '--gateways=web,mobile',
          '--no-install',
        ];
        const said = await run(outside, { npm_config_registry: registry.url }, 'npm', ...create);
        expect(said).toContain('shop is there. Next:');
        shop = join(outside, 'shop');
        expect(existsSync(join(shop, 'apps/partner-bff'))).toBe(false);
        const manifest = JSON.parse(readFileSync(join(shop, 'apps/web-bff/package.json'), 'utf8')) as {
          name: string;
        };
        expect(manifest.name).toBe('@shop/web-bff');
        appendFileSync(join(shop, '.npmrc'), `@facet:registry=${registry.url}\n`);
        await run(shop, {}, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
        expect(existsSync(join(shop, 'node_modules/@facet/gateway/dist/index.js'))).toBe(true);
      });

      test('that starts, and answers with the first command after that', async () => {
        const ports = Object.fromEntries(
          ['DATABASE', 'WEB_BFF', 'MOBILE_BFF', 'IDENTITY', 'NOTES'].map((app, index) => [
            `${app}_PORT`,
            String(first + 2 * index),
          ]),
        );
        const child = spawn('node_modules/.bin/node', ['node_modules/.bin/facet', 'start'], {
          cwd: shop,
          env: { ...environment, ...ports },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const exited = new Promise((resolve) => child.once('close', resolve));
        let output = '';
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => (output += text));
        try {
          while (!/All is up/.test(output)) {
            if (child.exitCode !== null) throw new Error(output);
            await sleep(50);
          }
          // What has just started on a busy machine can take longer for its first call than the budget gives it.
          let answer = await fetch(`http://127.0.0.1:${ports['WEB_BFF_PORT']}/api/home`);
          for (let tries = 1; answer.status === 504 && tries < 10; tries++)
            answer = await fetch(`http://127.0.0.1:${ports['WEB_BFF_PORT']}/api/home`);
          expect(((await answer.json()) as { list: { items: unknown[] } }).list.items.length).toBeGreaterThan(
            0,
          );
          process.stdout.write(`From npm create to an answer: ${seconds(since)}\n`);
        } finally {
          child.kill('SIGINT');
          await exited;
        }
      });

      test('whose types are right, whose tests pass, and which is generated into', async () => {
        await run(shop, {}, 'npx', 'tsc', '--build');
        await run(shop, {}, 'npm', 'test', '--', '-p', 'identity,domain-notes,mobile-bff');
        await run(shop, {}, 'npx', 'nx', 'g', '@facet/nx-plugin:bff', 'kiosk', '--client=mobile');
        await run(shop, {}, 'npx', 'tsc', '--build');
        const made = readFileSync(join(shop, 'apps/kiosk-bff/package.json'), 'utf8');
        expect(made).toContain('"@shop/kiosk-bff"');
        expect(made).toContain('"@shop/domain-notes"');
      });

      test('beside which a stock Nest service takes one line of the guide', async () => {
        const folder = join(shop, 'stock');
        mkdirSync(folder);
        writeFileSync(join(folder, 'main.ts'), STOCK_SERVICE);
        const file = join(folder, 'tsconfig.json');
        writeFileSync(
          file,
          JSON.stringify({
            extends: '../tsconfig.base.json',
            compilerOptions: { noEmit: true, composite: false, declarationMap: false, declaration: false },
          }),
        );
        await run(shop, {}, 'npx', 'tsc', '--project', file);
        const loader = ['--import', '@facet/dev/register', 'stock/main.ts'];
        expect(await run(shop, {}, 'node_modules/.bin/node', ...loader)).toContain('{"available":3}');
      });
    },
  );
});

/** Below those that the system gives to outgoing connections. */
const first = randomInt(10_000, 15_000) * 2;

function manifestIn(folder: string): { readonly name: string } {
  return JSON.parse(readFileSync(new URL(`../../../${folder}/package.json`, import.meta.url), 'utf8')) as {
    name: string;
  };
}

const STOCK_SERVICE = `
import 'reflect-metadata';
import { Channel } from '@facet/transport';
import { FacetServer } from '@facet/transport/nest';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';

@Controller()
class StockController {
  @MessagePattern('stock.levels')
  levels() {
    return { available: 3 };
  }
}

@Module({ controllers: [StockController] })
class StockModule {}

const port = Number(process.env['STOCK_PORT'] ?? 28999);
const app = await NestFactory.createMicroservice(StockModule, {
  strategy: new FacetServer({ host: '127.0.0.1', port }),
  logger: false,
});
await app.listen();
const channel = new Channel({ host: '127.0.0.1', port });
const peer = await channel.connect();
process.stdout.write(JSON.stringify(await channel.call({ pattern: 'stock.levels', data: {}, timeoutMs: 5_000 })) + '\\n');
if (!peer.hasExtensions) throw new Error('the service does not know the extensions');
await channel.drain();
await app.close();
`;
