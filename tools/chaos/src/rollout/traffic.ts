import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, kindOf, type Answer, type Asked } from './http.js';

/** A kind of client, as it asks. */
export interface Client {
  readonly name: string;
  /** Addresses that it reads in turn. */
  readonly reads: readonly { readonly url: string; readonly headers: Readonly<Record<string, string>> }[];
  /** What it reads as a stream of events, if anything. */
  readonly stream?: string;
  /** A purchase of its own: `key` is the same however often it is sent. */
  readonly buy: (key: string) => Asked & { readonly url: string };
}

/** A request of the load, over. */
export interface Sample {
  readonly at: number;
  readonly tookMs: number;
  /** How it failed; undefined where it did not. */
  readonly failure?: string;
}

export interface TrafficOptions {
  /** Between two requests of a lane, in milliseconds: what bounds the load. */
  readonly pauseMs: { readonly read: number; readonly buy: number; readonly stream: number };
}

/** How often a purchase is sent again before it is given up. */
const TRIES = 40;
const AGAIN_MS = 250;

/** Three kinds of client that read, buy and follow streams all the time, one lane for each. */
export class Traffic {
  readonly samples: Sample[] = [];
  /** The orders that were answered: one for each purchase. */
  readonly orders: string[] = [];
  /** Streams that were cut off, and that came whole at the next try. */
  resumed = 0;
  readonly #lanes: Promise<void>[];
  #isOver = false;
  #pausedUntil = Promise.resolve();
  #buying = new Set<Promise<unknown>>();

  constructor(clients: readonly Client[], { pauseMs }: TrafficOptions) {
    this.#lanes = clients.flatMap((client) => [
      this.#lane(pauseMs.read, (turn) => this.#read(client, turn)),
      this.#lane(pauseMs.buy, () => this.#buy(client)),
      ...(client.stream === undefined
        ? []
        : [this.#lane(pauseMs.stream, () => this.#follow(client.stream ?? ''))]),
    ]);
  }

  /** Lets purchases that are under way end and begins none until `look` is done. */
  async betweenPurchases<T>(look: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pausedUntil = promise;
    try {
      await Promise.all(this.#buying);
      return await look();
    } finally {
      resolve();
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
  }

  async #lane(pauseMs: number, work: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#isOver; turn += 1) {
      await work(turn);
      await sleep(pauseMs);
    }
  }

  async #read({ reads }: Client, turn: number): Promise<void> {
    const each = reads[turn % reads.length];
    if (each !== undefined) this.#note(await ask(each.url, { headers: each.headers }), [200]);
  }

  /** As a client does that has heard nothing, or that it may try again: with the same key, until it knows. */
  async #buy(client: Client): Promise<void> {
    await this.#pausedUntil;
    const bought = this.#untilKnown(client, randomUUID());
    this.#buying.add(bought);
    await bought;
    this.#buying.delete(bought);
  }

  async #untilKnown(client: Client, key: string): Promise<void> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const { url, ...asked } = client.buy(key);
      const answer = await ask(url, asked);
      // A purchase whose first request is still worked on is refused until that is over: that is the promise, no failure.
      const isStillWorkedOn = turn > 0 && answer.body.includes('"idempotency.');
      if (!isStillWorkedOn) this.#note(answer, [200, 201]);
      const [, id] = /"id":"(ord_[^"]+)"/.exec(answer.body) ?? [];
      if (id !== undefined && answer.status < 300) return void this.orders.push(id);
      // It was undone, and will not be tried again under this key.
      if (turn > 0 && answer.status === 409 && !isStillWorkedOn) return;
      await sleep(AGAIN_MS);
    }
  }

  /** A stream that breaks off is asked for again, as an `EventSource` does. */
  async #follow(url: string): Promise<void> {
    const headers = { accept: 'text/event-stream' };
    const answer = await ask(url, { headers });
    if (isEnded(answer)) return this.#note(answer, [200]);
    if (answer.status !== 200) return this.#note(answer, []);
    const again = await ask(url, { headers });
    if (isEnded(again)) this.resumed += 1;
    this.#note(again, isEnded(again) ? [200] : []);
  }

  #note(answer: Answer, expected: readonly number[]): void {
    const { status, tookMs, isWhole } = answer;
    const isFine = expected.includes(status) && isWhole;
    this.samples.push({ at: performance.now(), tookMs, ...(isFine ? {} : { failure: kindOf(answer) }) });
  }
}

const isEnded = ({ body, isWhole }: Answer): boolean => isWhole && /^event: end$/m.test(body);
