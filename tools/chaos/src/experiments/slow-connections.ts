import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { experiment } from '../experiment.js';
import { failed, Load, quantile, tally } from '../load.js';
import { screensOf, startShop } from '../sites.js';

const CONNECTIONS = 10_000;
const OF_ONE_ADDRESS = 500;
const WATCHED_MS = 12_000;

export const slowConnections = experiment(
  {
    name: 'slow-connections',
    promise: `${CONNECTIONS.toLocaleString('en')} connections that send a byte a second: everybody else is served, p99 at most 150 ms, and they are closed`,
  },
  async (cleanup) => {
    // Whom the gateway trusts is where the good requests come from; the slow ones count to their addresses.
    const world = await startShop(cleanup, { TRUSTED_PROXIES: '127.0.0.1/32', ANSWER_CACHE: 'false' });
    const load = cleanup.add(new Load(screensOf(world), { lanes: 4, pauseMs: 20 }));
    await sleep(1_000);
    const mark = load.replies.length;
    const slow = cleanup.add(new SlowConnections(new URL(world.url('mobile-bff'))));
    await slow.open();
    await sleep(WATCHED_MS);
    const replies = load.since(mark);
    const p99 = Math.round(quantile(replies, 0.99));
    const { most, left } = slow;
    return {
      seen: `${tally(replies)}; p99 ${p99} ms; ${most.toLocaleString('en')} at once, ${left} of them left`,
      held: failed(replies).length === 0 && p99 <= 150 && most >= 0.9 * CONNECTIONS && left === 0,
    };
  },
);

/** The connections send in turn, a few at a time: this process also takes the time of the good answers. */
const TURNS = 100;

/** From many addresses of this machine, each within what one may open. */
class SlowConnections {
  readonly #open = new Set<Socket>();
  readonly #turns = Array.from({ length: TURNS }, () => new Set<Socket>());
  #turn = 0;
  readonly #drip = setInterval(() => {
    this.#turn = (this.#turn + 1) % TURNS;
    for (const socket of this.#turns[this.#turn] ?? []) if (socket.writable) socket.write('x');
  }, 1_000 / TURNS);
  most = 0;

  constructor(private readonly target: URL) {}

  get left(): number {
    return this.#open.size;
  }

  async open(): Promise<void> {
    const { hostname: host, port } = this.target;
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const localAddress = `127.1.0.${1 + Math.floor(index / OF_ONE_ADDRESS)}`;
      const socket = connect({ host, port: Number(port), localAddress });
      const turn = this.#turns[index % TURNS];
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#open.delete(socket);
        turn?.delete(socket);
      });
      socket.once('connect', () => {
        this.#open.add(socket);
        turn?.add(socket);
        this.most = Math.max(this.most, this.#open.size);
      });
      socket.write('GET /v1/home HTTP/1.1\r\n');
      if (index % 100 === 99) await sleep(5);
    }
  }

  stop(): void {
    clearInterval(this.#drip);
    for (const socket of this.#open) socket.destroy();
  }
}
