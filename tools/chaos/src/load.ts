import { Agent, request } from 'node:http';

/** One answer under load; 0 for none. */
export interface Reply {
  readonly status: number;
  readonly tookMs: number;
  /** Of a problem: what programs decide by. */
  readonly code?: string;
}

export interface LoadOptions {
  /** The requests under way at once. */
  readonly lanes: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pauses of each lane between two requests, in milliseconds. Default 0. */
  readonly pauseMs?: number;
}

/** Asks addresses in turn until it is stopped. */
export class Load {
  readonly replies: Reply[] = [];
  readonly #agent: Agent;
  readonly #lanes: Promise<void>[];
  #isOver = false;

  constructor(
    private readonly urls: readonly string[],
    { lanes, headers = {}, pauseMs = 0 }: LoadOptions,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: lanes });
    this.#lanes = Array.from({ length: lanes }, (_, lane) => this.#ask(lane, headers, pauseMs));
  }

  /** The answers since the one of that number. */
  since(mark: number): readonly Reply[] {
    return this.replies.slice(mark);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
    this.#agent.destroy();
  }

  async #ask(lane: number, headers: Readonly<Record<string, string>>, pauseMs: number): Promise<void> {
    for (let turn = lane; !this.#isOver; turn += 1) {
      const url = this.urls[turn % this.urls.length] ?? '';
      this.replies.push(
        await ask(url, { headers: { ...headers, 'x-forwarded-for': someAddress() }, agent: this.#agent }),
      );
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Another visitor each time, as a proxy in front tells it: plans are not what most experiments are about. */
export function someAddress(): string {
  const byte = () => Math.floor(Math.random() * 256);
  return `10.${byte()}.${byte()}.${byte()}`;
}

export function ask(
  url: string,
  { headers = {}, agent }: { headers?: Readonly<Record<string, string>>; agent?: Agent } = {},
): Promise<Reply> {
  const at = performance.now();
  const tookMs = () => performance.now() - at;
  return new Promise((resolve) => {
    const sent = request(url, { headers, ...(agent === undefined ? {} : { agent }) }, (answer) => {
      const { statusCode: status = 0 } = answer;
      const problem: Buffer[] = [];
      if (status >= 400) answer.on('data', (data: Buffer) => problem.push(data));
      else answer.resume();
      answer.once('end', () => resolve({ status, tookMs: tookMs(), ...codeOf(Buffer.concat(problem)) }));
      answer.once('error', () => resolve({ status: 0, tookMs: tookMs() }));
    });
    sent.once('error', () => resolve({ status: 0, tookMs: tookMs() })).end();
  });
}

/** The code of a problem and the service that is missing; nothing of another body. */
function codeOf(body: Buffer): Pick<Reply, 'code'> {
  const [, code] = /"code":"([^"]+)"/.exec(body.toString()) ?? [];
  const [, service] = /"service":"([^"]+)"/.exec(body.toString()) ?? [];
  return code === undefined ? {} : { code: service === undefined ? code : `${code} (${service})` };
}

export function quantile(replies: readonly Pick<Reply, 'tookMs'>[], share: number): number {
  const sorted = replies.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** `200: 1,234, 503 overload.shed: 5, none: 1`. */
export function tally(replies: readonly Reply[]): string {
  const counts = new Map<string, number>();
  for (const { status, code } of replies) {
    const kind = code === undefined ? String(status || 'none') : `${status} ${code}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const all = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return all.map(([kind, count]) => `${kind}: ${count.toLocaleString('en')}`).join(', ');
}

export const failed = (replies: readonly Reply[]): readonly Reply[] =>
  replies.filter(({ status }) => status < 200 || status > 299);
