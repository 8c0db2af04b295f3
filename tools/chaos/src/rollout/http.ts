import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What came of a request; 0 is no answer. */
export interface Answer {
  readonly status: number;
  readonly tookMs: number;
  readonly body: string;
  /** Whether all of the body came. */
  readonly isWhole: boolean;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Asks once, over a connection that is kept; never rejects. */
export function ask(url: string, { method = 'GET', headers, body }: Asked): Promise<Answer> {
  const at = performance.now();
  const json = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve) => {
    let status = 0;
    const pieces: Buffer[] = [];
    const settle = (isWhole: boolean) =>
      resolve({ status, tookMs: performance.now() - at, body: Buffer.concat(pieces).toString(), isWhole });
    const onAnswer = (answer: IncomingMessage) => {
      status = answer.statusCode ?? 0;
      answer.on('data', (data: Buffer) => pieces.push(data));
      answer.once('end', () => settle(answer.complete)).once('error', () => settle(false));
    };
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    request(url, { method, agent, timeout: 30_000, headers: { ...type, ...headers } }, onAnswer)
      .once('timeout', function (this: ReturnType<typeof request>) {
        this.destroy(new Error('no answer in 30 s'));
      })
      .once('error', () => settle(false))
      .end(json);
  });
}

/** `503 balancer.no-instance`, as a tally names it. */
export function kindOf({ status, body, isWhole }: Answer): string {
  if (status === 0) return 'no answer';
  const [, code] = /"code":"([^"]+)"/.exec(body) ?? [];
  if (!isWhole) return `${status} cut off`;
  return code === undefined ? String(status) : `${status} ${code}`;
}
