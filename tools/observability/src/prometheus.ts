import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer, type AddressInfo } from 'node:net';
import { eventually } from '@facet/testing';
import { ruleFiles } from './files.js';
import { prometheusConfig, type Job } from './scrape.js';

/** Whether this machine can start a Prometheus (Debian's package has `promtool` too). */
export const hasPrometheus =
  spawnSync('prometheus', ['--version']).status === 0 && spawnSync('promtool', ['--version']).status === 0;

export interface PrometheusOptions {
  /** The admin ports to read, by the name of the app: `{ catalog: '127.0.0.1:4021' }`. */
  readonly targets: Readonly<Record<Job, Readonly<Record<string, string>>>>;
  /** By how much every window of the rules is divided. Default 1. */
  readonly scale?: number;
  /** How often metrics are read and rules are evaluated, as Prometheus writes it: `500ms`. */
  readonly interval: string;
  /** Samples of the past, as OpenMetrics with times. */
  readonly history?: string;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface FiringAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A real Prometheus with the workspace's rules, on a port and in a folder of its own. */
export interface Prometheus {
  readonly url: string;
  /** @throws Error with what Prometheus says against it */
  query(expr: string): Promise<readonly Sample[]>;
  /** The alerts that fire at the moment. */
  firing(): Promise<readonly FiringAlert[]>;
  stop(): Promise<void>;
}

/** @throws Error with Prometheus' own words where it does not start */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-prometheus-'));
  writeConfig(folder, options);
  if (options.history !== undefined) addHistory(folder, options.history);
  const url = `http://127.0.0.1:${await freePort()}`;
  const { child, ended } = launch(folder, new URL(url).host);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await Promise.race([eventually(isReady), ended.then((words) => Promise.reject(new Error(words)))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, query: (expr) => queryPrometheus(url, expr), firing: () => firing(url), stop };
}

function writeConfig(folder: string, { targets, scale = 1, interval }: PrometheusOptions): void {
  const discovery = (job: Job) => ({
    static_configs: Object.entries(targets[job]).map(([process, address]) => ({
      targets: [address],
      labels: { process },
    })),
  });
  const files = { ...ruleFiles(scale), 'prometheus.yml': prometheusConfig({ discovery, interval }) };
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** @throws Error with promtool's own words where it is no OpenMetrics */
function addHistory(folder: string, history: string): void {
  const [file, data] = [join(folder, 'history.txt'), join(folder, 'data')];
  mkdirSync(data, { recursive: true });
  writeFileSync(file, history);
  const { status, stderr } = spawnSync(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', file, data],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(stderr);
}

function launch(folder: string, address: string): { child: ChildProcess; ended: Promise<string> } {
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--storage.tsdb.retention.time=1y',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4_000)));
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(words)));
  return { child, ended };
}

/** The samples of an expression now. @throws Error with what Prometheus says against it */
export async function queryPrometheus(url: string, expr: string): Promise<readonly Sample[]> {
  const { result } = await read<{
    result: readonly { metric: Record<string, string>; value: [number, string] }[];
  }>(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  return result.map(({ metric: labels, value: [, text] }) => ({ labels, value: Number(text) }));
}

async function firing(url: string): Promise<readonly FiringAlert[]> {
  const { alerts } = await read<{
    alerts: readonly { state: string; labels: Record<string, string> }[];
  }>(`${url}/api/v1/alerts`);
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels: { alertname = '', ...labels } }) => ({ name: alertname, labels }));
}

async function read<T>(url: string): Promise<T> {
  const body = (await (await fetch(url)).json()) as { status: string; data: T; error?: string };
  if (body.status !== 'success') throw new Error(`${body.error ?? 'no answer'}: ${url}`);
  return body.data;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
