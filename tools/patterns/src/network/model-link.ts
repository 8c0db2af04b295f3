import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Link } from './link.js';
import type { Network } from './networks.js';

/** Bytes of data in a packet of 1,500. */
const MSS = 1_448;
/** What Linux sends before it hears anything (RFC 6928). */
const INITIAL_WINDOW = 10 * MSS;
const MIN_RTO_MS = 200;
/** IP and TCP headers. */
const HEADERS = 52;

/**
 * A link where no packets can be sent: real sockets of this machine, and between them a model of TCP. It has the round trip
 * of the handshake, slow start, congestion avoidance, a shared line with a rate, and losses that a sender recovers from. It has
 * no packets, no delayed acknowledgements and no receive window.
 */
export class ModelLink implements Link {
  readonly #down: Line;
  readonly #up: Line;
  readonly #relays = new Map<number, number>();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly network: Network,
    random: () => number,
  ) {
    this.#down = new Line(network.downMbit, network.rttMs, network.loss, random);
    this.#up = new Line(network.upMbit, network.rttMs, network.loss, random);
  }

  /** A link to these ports of 127.0.0.1; the same `seed` loses the same packets. */
  static async open(network: Network, ports: readonly number[], seed: number): Promise<ModelLink> {
    const link = new ModelLink(network, randomFrom(seed));
    for (const port of ports) await link.#relay(port);
    return link;
  }

  connect(port: number): Socket {
    const relay = this.#relays.get(port);
    if (relay === undefined) throw new Error(`this link leads to no port ${port}`);
    return connect({ host: '127.0.0.1', port: relay, noDelay: true });
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  async #relay(port: number): Promise<void> {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#pass(client, port));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
    this.#relays.set(port, (server.address() as AddressInfo).port);
  }

  #pass(client: Socket, port: number): void {
    const server = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    // The client's kernel says at once that it is connected; what it sends waits for the handshake that was not.
    const openAt = performance.now() + this.network.rttMs + this.#up.handshakeLoss();
    const up = new Sender(this.#up, openAt, server);
    const down = new Sender(this.#down, openAt, client);
    for (const [from, to, sender] of [
      [client, server, up],
      [server, client, down],
    ] as const) {
      this.#sockets.add(from);
      from
        .on('data', (chunk: Buffer) => sender.send(chunk))
        .on('end', () => sender.end())
        .on('error', () => undefined)
        .on('close', () => {
          this.#sockets.delete(from);
          // What was sent before an end still arrives; after a reset nothing does.
          if (from.readableEnded) return;
          sender.close();
          to.destroy();
        });
      to.on('close', () => sender.close());
    }
  }
}

/** One direction of the link, which all connections share. */
class Line {
  #freeAt = 0;

  constructor(
    private readonly mbit: number,
    readonly rttMs: number,
    private readonly loss: number,
    private readonly random: () => number,
  ) {}

  /** When the other end has this many bytes that are sent at `now`. */
  arrival(bytes: number, now: number): number {
    this.#freeAt = Math.max(now, this.#freeAt) + ((bytes + HEADERS) * 8) / (this.mbit * 1_000);
    return this.#freeAt + this.rttMs / 2;
  }

  loses(): boolean {
    return this.loss > 0 && this.random() < this.loss;
  }

  /** A handshake whose packet is lost begins again after a second. */
  handshakeLoss(): number {
    return this.loses() || this.loses() ? 1_000 : 0;
  }
}

/** One direction of one connection: a sender with its congestion window. */
class Sender {
  #waiting: Buffer[] = [];
  readonly #onTheWay: Buffer[] = [];
  #inFlight = 0;
  #window = INITIAL_WINDOW;
  #threshold = Infinity;
  #lastArrival = 0;
  #lastSent = 0;
  #isEnding = false;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly line: Line,
    private readonly openAt: number,
    private readonly to: Socket,
  ) {}

  send(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#pump();
  }

  end(): void {
    this.#isEnding = true;
    this.#finish();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting = [];
  }

  #pump(): void {
    const now = Math.max(performance.now(), this.openAt);
    if (this.#inFlight === 0 && now - this.#lastSent > MIN_RTO_MS + this.line.rttMs)
      this.#window = Math.min(this.#window, INITIAL_WINDOW);
    while (this.#waiting.length > 0 && this.#inFlight < this.#window) this.#transmit(this.#segment(), now);
  }

  /** The next bytes that go into one packet. */
  #segment(): Buffer {
    const parts: Buffer[] = [];
    let left = MSS;
    while (left > 0 && this.#waiting.length > 0) {
      const chunk = this.#waiting.shift() as Buffer;
      parts.push(chunk.subarray(0, left));
      if (chunk.length > left) this.#waiting.unshift(chunk.subarray(left));
      left -= Math.min(left, chunk.length);
    }
    return Buffer.concat(parts);
  }

  #transmit(segment: Buffer, now: number): void {
    this.#inFlight += segment.length;
    this.#lastSent = now;
    let arrival = this.line.arrival(segment.length, now);
    if (this.line.loses()) {
      arrival += this.#recovery();
      this.#window = Math.max(2 * MSS, this.#window / 2);
      this.#threshold = this.#window;
    }
    // What comes after a lost packet waits for it.
    this.#lastArrival = Math.max(arrival, this.#lastArrival);
    this.#onTheWay.push(segment);
    this.#at(this.#lastArrival, () => {
      // Timers are a millisecond wide, and may overtake each other; packets of a connection do not.
      this.to.write(this.#onTheWay.shift() ?? segment);
      this.#at(performance.now() + this.line.rttMs / 2, () => this.#acknowledged(segment.length));
    });
  }

  /** Packets that follow show a loss after one round trip; at the tail it takes a probe after two, or the timer. */
  #recovery(): number {
    const { rttMs } = this.line;
    const followed = this.#waiting.reduce((sum, { length }) => sum + length, 0) >= 3 * MSS;
    if (followed) return rttMs;
    return this.#inFlight > MSS ? 2 * rttMs : Math.max(2 * rttMs, MIN_RTO_MS) + rttMs;
  }

  #acknowledged(bytes: number): void {
    this.#inFlight -= bytes;
    this.#window += this.#window < this.#threshold ? bytes : (MSS * bytes) / this.#window;
    this.#pump();
    this.#finish();
  }

  #finish(): void {
    if (this.#isEnding && this.#inFlight === 0 && this.#waiting.length === 0) this.to.end();
  }

  #at(time: number, work: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        work();
      },
      Math.max(0, time - performance.now()),
    );
    this.#timers.add(timer);
  }
}

/** Numbers from 0 to 1, the same ones for a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
