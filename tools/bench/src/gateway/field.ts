import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIssuer } from '@facet/testing/issuer';
import { WorkerPool, type Worker } from '../worker.js';
import type { FacetSettings } from './facet-gateway.js';
import { browserHeaders, type GatewayName, type Racer } from './scenarios.js';
import type { Target } from './client.js';

/** All processes of a run: services, gateways, and the client that loads them. */
export interface Field extends AsyncDisposable {
  readonly client: Worker;
  readonly gateways: ReadonlyMap<GatewayName, Worker>;
  targetOf(racer: Racer): Target;
}

const AUDIENCE = 'urn:facet:bench';
const VALID_SECONDS = 3_500;

/** Starts them, each as a process of its own with the flags of a production start. */
export async function openField(): Promise<Field> {
  const issuer = await startIssuer();
  const logs = mkdtempSync(join(tmpdir(), 'facet-bench-'));
  const workers = new WorkerPool();
  const close = async (): Promise<void> => {
    await workers[Symbol.asyncDispose]();
    await issuer.stop();
    rmSync(logs, { recursive: true, force: true });
  };
  try {
    const service = async (kind: 'stock' | 'facet'): Promise<number> =>
      (await workers.start(`${kind} service`, `./gateway/${kind}-services.ts`)).ask<number>('port');
    const [stock, ...own] = [
      await service('stock'),
      await service('facet'),
      await service('facet'),
      await service('facet'),
    ] as const;
    const one = [own[0]];
    const ours = (name: GatewayName, settings: FacetSettings) =>
      start(workers, name, {
        ...{ script: 'facet', argument: JSON.stringify(settings) },
        output: join(logs, `${name}.log`),
      });
    const gateways = new Map<GatewayName, Worker>([
      ['stock', await start(workers, 'stock', { script: 'stock', argument: String(stock) })],
      ['public', await ours('public', { ports: one, cache: false })],
      ['token', await ours('token', { ports: one, cache: false, issuer: issuer.url })],
      ['three', await ours('three', { ports: own, cache: false })],
      ['foreign', await ours('foreign', { ports: [stock], cache: false })],
      ['cached', await ours('cached', { ports: one, cache: true })],
      ['bare', await start(workers, 'bare', { script: 'bare', argument: String(own[0]) })],
      ['empty', await start(workers, 'empty', { script: 'empty', argument: '' })],
    ]);
    const urls = new Map<GatewayName, string>();
    for (const [name, worker] of gateways) urls.set(name, await worker.ask<string>('url'));
    const iat = Math.floor(Date.now() / 1_000);
    const token = await issuer.token(AUDIENCE, { claims: { iat, exp: iat + VALID_SECONDS } });
    const headers = { browser: browserHeaders, token: { authorization: `Bearer ${token}` } };
    return {
      client: await workers.start('client', './gateway/client.ts'),
      gateways,
      targetOf: ({ gateway, path, headers: kind }) => ({
        url: `${urls.get(gateway) ?? ''}/${path}/1`,
        ...(kind === undefined ? {} : { headers: headers[kind] }),
      }),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function start(
  workers: WorkerPool,
  name: GatewayName,
  {
    script,
    argument,
    output,
  }: { readonly script: string; readonly argument: string; readonly output?: string },
): Promise<Worker> {
  return workers.start(`${name} gateway`, `./gateway/${script}-gateway.ts`, [argument], output);
}
