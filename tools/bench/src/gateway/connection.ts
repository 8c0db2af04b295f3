import { connect, type Socket } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

interface Waiting {
  readonly resolve: (bytes: number) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One kept HTTP/1.1 connection that sends GETs, one after the other. Node's own client costs as much as some of the
 * gateways that are measured, on the same two cores; this one costs a tenth of it.
 */
export class Connection {
  private socket: Socket | undefined;
  private waiting: Waiting | undefined;
  /** Whether it can be used again: a gateway closes a connection that has been idle for long. */
  isOpen = true;
  private received: Buffer = Buffer.alloc(0);

  private constructor(private readonly port: number) {}

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port);
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.removeAllListeners('error');
    socket.on('error', (error) => connection.fail(error));
    socket.on('close', () => connection.fail(new Error(`port ${String(port)} closed the connection`)));
    socket.on('data', (chunk) => connection.read(chunk));
    connection.socket = socket;
    return connection;
  }

  /** Sends the text of a request; resolves with the length of the body in bytes, rejects where the status is not 200. */
  get(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket?.write(request, 'latin1');
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket?.destroy();
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (!head.startsWith('HTTP/1.1 200 ') || Number.isNaN(length)) {
      return this.fail(new Error(`port ${String(this.port)} answered "${head.slice(0, 200)}"`));
    }
    if (this.received.length < end + 4 + length) return;
    this.received = this.received.subarray(end + 4 + length);
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.resolve(length);
  }

  private fail(error: Error): void {
    this.isOpen = false;
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}

/** The text of a GET. */
export function requestText(url: URL, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: url.host, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
