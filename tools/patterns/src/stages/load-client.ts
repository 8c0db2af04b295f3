/** A process that asks for screens as fast as they come, on bare sockets: it has to cost less than what it asks. */
import { connect, type Socket } from 'node:net';

export interface LoadTask {
  readonly port: number;
  /** The paths of a screen: those of a step at once, and a step after the one before it. */
  readonly steps: readonly (readonly string[])[];
  readonly headers: Readonly<Record<string, string>>;
  /** Of partners, in turn. */
  readonly keys: readonly string[];
  readonly screensAtOnce: number;
  readonly seconds: number;
}

export interface LoadReply {
  readonly screens: number;
  readonly failures: number;
  readonly seconds: number;
}

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', (task: LoadTask) => {
  void run(task).then((reply) => process.send?.(reply));
});
process.send?.('ready');

let visitors = 0;

async function run(task: LoadTask): Promise<LoadReply> {
  const idle: Connection[] = [];
  const started = performance.now();
  const until = started + task.seconds * 1_000;
  let [screens, failures] = [0, 0];
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      if (await screen(task, idle)) screens += 1;
      else failures += 1;
    }
  };
  await Promise.all(Array.from({ length: task.screensAtOnce }, lane));
  const seconds = (performance.now() - started) / 1_000;
  for (const connection of idle) connection.close();
  return { screens, failures, seconds };
}

/** Whether all of its calls were answered with 200. */
async function screen({ port, steps, headers, keys }: LoadTask, idle: Connection[]): Promise<boolean> {
  visitors += 1;
  const visitor = `12.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}`;
  const key = keys.length === 0 ? '' : `authorization: Bearer ${keys[visitors % keys.length]}\r\n`;
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const fields = `host: shop.test\r\naccept-encoding: gzip\r\nx-forwarded-for: ${visitor}\r\n${key}${more.join('')}\r\n`;
  let isOk = true;
  for (const paths of steps) {
    const statuses = await Promise.all(
      paths.map((path) => ask(`GET ${path} HTTP/1.1\r\n${fields}`, port, idle)),
    );
    isOk = isOk && statuses.every((status) => status === 200);
  }
  return isOk;
}

async function ask(text: string, port: number, idle: Connection[]): Promise<number> {
  const connection = idle.pop() ?? new Connection(port);
  const status = await connection.ask(text);
  if (connection.isOpen) idle.push(connection);
  return status;
}

/** One kept connection; it reads no more of an answer than where it ends. */
class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #done: ((status: number) => void) | undefined;
  isOpen = true;

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.isOpen = false;
      this.#done?.(0);
    });
  }

  /** The status of the answer; 0 where the connection ended. */
  ask(text: string): Promise<number> {
    return new Promise((resolve) => {
      this.#done = resolve;
      if (!this.isOpen) resolve(0);
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = /content-length: *(\d+)/i.exec(head)?.[1];
    const isWhole =
      length === undefined
        ? this.#received.subarray(-5).equals(LAST_CHUNK)
        : this.#received.length >= end + 4 + Number(length);
    if (!isWhole) return;
    this.#received = Buffer.alloc(0);
    this.#done?.(Number(head.slice(9, 12)));
  }
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
