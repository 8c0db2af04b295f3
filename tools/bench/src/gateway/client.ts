import { load, type LoadRequest, type LoadResult } from '../load.js';
import { quantile } from '../stats.js';
import { answerParent } from '../worker.js';
import { Connection, requestText } from './connection.js';

/** What is asked of a gateway, again and again. */
export interface Target {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SteadyRequest extends Target {
  readonly perSecond: number;
  readonly seconds: number;
}

const idle = new Map<string, Connection[]>();

async function withConnection<T>(url: URL, use: (connection: Connection) => Promise<T>): Promise<T> {
  const free = idle.get(url.port) ?? [];
  idle.set(url.port, free);
  let known = free.pop();
  while (known?.isOpen === false) known = free.pop();
  const connection = known ?? (await Connection.open(Number(url.port)));
  try {
    const result = await use(connection);
    free.push(connection);
    return result;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function length({ url, headers }: Target): Promise<number> {
  const at = new URL(url);
  return withConnection(at, (connection) => connection.get(requestText(at, headers)));
}

function closedLoop({ url, headers, ...request }: LoadRequest & Target): Promise<LoadResult> {
  const at = new URL(url);
  const text = requestText(at, headers);
  return load(request, () => withConnection(at, (connection) => connection.get(text)));
}

/**
 * Sends at a fixed rate, whether or not answers come. A latency counts from the moment at which the request was due, so
 * that a gateway which stalls is charged for those that had to wait.
 */
async function steady({ url, headers, perSecond, seconds }: SteadyRequest): Promise<number[]> {
  const at = new URL(url);
  const text = requestText(at, headers);
  const latencies: number[] = [];
  const running: Promise<unknown>[] = [];
  const start = performance.now();
  const total = Math.max(1, Math.round(perSecond * seconds));
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    for (; sent < due; sent += 1) {
      const dueAt = start + (sent * 1_000) / perSecond;
      const answered = withConnection(at, (connection) => connection.get(text));
      running.push(answered.then(() => latencies.push(performance.now() - dueAt)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
  return [0.5, 0.99].map((p) => quantile(latencies, p));
}

answerParent({ length, load: closedLoop, steady });
