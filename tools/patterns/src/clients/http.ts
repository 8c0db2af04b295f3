import { Agent, request as httpsRequest } from 'node:https';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { constants, createGunzip } from 'node:zlib';
import type { Link } from '../network/link.js';
import type { Api, GetOptions } from './api.js';

export type Protocol = 'h1' | 'h2';

/** What a browser opens to one host over HTTP/1.1. */
const MOST_CONNECTIONS = 6;

export interface HttpOptions {
  readonly link: Link;
  readonly port: number;
  readonly protocol: Protocol;
  readonly tls: { readonly ca: string; readonly host: string };
  readonly headers: Readonly<Record<string, string>>;
}

/** One call as it was seen by the client; times in milliseconds of `performance.now()`. */
export interface Seen {
  readonly path: string;
  readonly startedAt: number;
  endedAt: number;
  /** Of the body as it was sent, and after it was unpacked. */
  bodyBytes: number;
  rawBytes: number;
  /** 0 for none. */
  status: number;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readable;
}

/** An answer that the client may show again. */
interface Stored {
  readonly body: unknown;
  readonly etag: string | undefined;
  readonly storedAt: number;
  readonly maxAgeMs: number;
}

/** HTTP over one link to one front: connections that are kept, gzip, and where asked for the cache that every browser has. */
export class HttpClient implements Api {
  readonly calls: Seen[] = [];
  readonly #sockets: Socket[] = [];
  readonly #agent: Agent;
  readonly #stored = new Map<string, Stored>();
  #session: ClientHttp2Session | undefined;
  /** By how much the cache thinks that it is later. */
  laterMs = 0;
  keeps = false;

  constructor(private readonly options: HttpOptions) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    this.#agent.createConnection = () => this.#open(['http/1.1']);
  }

  /** Connections that were opened, and bytes on the wire both ways: TLS and HTTP, without the headers of TCP and IP. */
  get wire(): { readonly connections: number; readonly up: number; readonly down: number } {
    const sum = (of: (socket: Socket) => number): number =>
      this.#sockets.reduce((all, each) => all + of(each), 0);
    return {
      connections: this.#sockets.length,
      up: sum(({ bytesWritten }) => bytesWritten),
      down: sum(({ bytesRead }) => bytesRead),
    };
  }

  async get<T>(path: string, { timeoutMs = 10_000 }: GetOptions = {}): Promise<T> {
    const known = this.keeps ? this.#stored.get(path) : undefined;
    if (known !== undefined && performance.now() + this.laterMs < known.storedAt + known.maxAgeMs)
      return known.body as T;
    const conditional = known?.etag === undefined ? {} : { 'if-none-match': known.etag };
    const { reply, text } = await this.#call(path, { timeoutMs, headers: conditional });
    if (reply.status === 304 && known !== undefined) return known.body as T;
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`);
    const body = JSON.parse(text) as T;
    if (this.keeps) this.#store(path, reply, body);
    return body;
  }

  async lines<T>(path: string, onLine: (line: T) => void): Promise<void> {
    let left = '';
    const onText = (text: string): void => {
      const lines = (left + text).split('\n');
      left = lines.pop() ?? '';
      for (const line of lines) onLine(JSON.parse(line) as T);
    };
    const headers = { accept: 'application/x-ndjson' };
    const { reply } = await this.#call(path, { timeoutMs: 10_000, headers, onText });
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`);
  }

  close(): void {
    this.#session?.destroy();
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }

  #store(path: string, { headers }: Reply, body: unknown): void {
    const seconds = /max-age=(\d+)/.exec(String(headers['cache-control']))?.[1];
    const etag = headers['etag'];
    this.#stored.set(path, {
      body,
      etag: etag === undefined ? undefined : [etag].flat().join(),
      storedAt: performance.now() + this.laterMs,
      maxAgeMs: Number(seconds ?? 0) * 1_000,
    });
  }

  async #call(
    path: string,
    { timeoutMs, headers, onText }: { timeoutMs: number; headers: object; onText?: (text: string) => void },
  ): Promise<{ reply: Reply; text: string }> {
    const seen: Seen = {
      path,
      startedAt: performance.now(),
      endedAt: Infinity,
      bodyBytes: 0,
      rawBytes: 0,
      status: 0,
    };
    this.calls.push(seen);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const all = { 'accept-encoding': 'gzip', ...this.options.headers, ...headers } as Record<
        string,
        string
      >;
      const send =
        this.options.protocol === 'h2'
          ? this.#overHttp2(path, all, signal)
          : this.#overHttp1(path, all, signal);
      const reply = await send;
      seen.status = reply.status;
      return { reply, text: await read(reply, seen, onText) };
    } finally {
      seen.endedAt = performance.now();
    }
  }

  #overHttp1(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const asked = httpsRequest(
        { host: this.options.tls.host, path, headers, agent: this.#agent, signal },
        (reply) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: reply }),
      );
      asked.on('error', reject).end();
    });
  }

  #overHttp2(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply> {
    const session = (this.#session ??= this.#openSession());
    return new Promise((resolve, reject) => {
      const stream = session.request({ ':path': path, ...headers }, { signal });
      stream.on('error', reject);
      stream.once('response', (fields) =>
        resolve({ status: Number(fields[':status']), headers: fields, body: stream }),
      );
      stream.end();
    });
  }

  #openSession(): ClientHttp2Session {
    // The windows of a browser: with Node's own of 64 KB a far server stands still.
    const session = connectHttp2(`https://${this.options.tls.host}`, {
      createConnection: () => this.#open(['h2']),
      settings: { initialWindowSize: 6_291_456, enablePush: false },
    });
    session.once('connect', () => session.setLocalWindowSize(15_728_640));
    session.on('error', () => undefined);
    return session;
  }

  #open(protocols: readonly string[]): TLSSocket {
    const { link, port, tls } = this.options;
    const socket = link.connect(port);
    this.#sockets.push(socket);
    const options = { socket, ca: tls.ca, servername: tls.host, ALPNProtocols: [...protocols] };
    return connectTls(options).on('error', () => undefined);
  }
}

async function read({ body, headers }: Reply, seen: Seen, onText?: (text: string) => void): Promise<string> {
  body.on('data', (chunk: Buffer) => (seen.bodyBytes += chunk.length));
  const isPacked = headers['content-encoding'] === 'gzip';
  const unpacked = isPacked ? body.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH })) : body;
  body.on('error', (error) => unpacked.destroy(error));
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of unpacked as AsyncIterable<Buffer>) {
    seen.rawBytes += chunk.length;
    const piece = decoder.decode(chunk, { stream: true });
    if (onText === undefined) text += piece;
    else onText(piece);
  }
  return text;
}
