import type { ServerTimes } from '@facet/contracts';
import type { RemoteError, TransportError } from './errors.js';

/**
 * Gets the answer to one request. Exactly one of `arrived` and `missed` is called, once, after `send` has returned, and
 * none after `cancel`. What it throws is a defect of its own and closes the connection.
 */
export interface ReplyHandler {
  /**
   * The answer's JSON lies in `bytes` from `start` to `end`; it is empty where the service answered nothing. Valid during
   * the call only. `ageMs` is how old it is already, where the kind of service can say so. It is as the peer wrote it: nobody has looked yet whether it is JSON.
   */
  arrived(bytes: Buffer, start: number, end: number, ageMs?: number): void;
  missed(error: TransportError | RemoteError): void;
  /** What the server says of its own times, before `arrived` or `missed`, where the call asked for them. */
  timed?(times: ServerTimes): void;
  /** An answer that is not the last. Who has no such method takes the first one as `arrived`, and cancels the rest. */
  more?(bytes: Buffer, start: number, end: number): void;
}

const FIRST_SLOTS = 64;

/**
 * The requests of one connection that wait, in slots by id. Ids count from 1 and never come again: a slot tells by its id
 * whether it still holds the request that is asked for. Takes no memory for a request but its slot.
 */
export class PendingTable {
  #handlers: (ReplyHandler | undefined)[] = [];
  /** By slot: the request's id (0 where free), size in bytes, deadline, and the number of its frame. */
  #ids = new Float64Array(0);
  #sizes = new Float64Array(0);
  #deadlines = new Float64Array(0);
  #frames = new Float64Array(0);
  #lastId = 0;
  #count = 0;
  #size = 0;

  constructor() {
    this.#resize(FIRST_SLOTS);
  }

  get count(): number {
    return this.#count;
  }

  /** What was added as `size`, together. */
  get size(): number {
    return this.#size;
  }

  /** The id of the next request. At most half of the slots are taken, so that a free one is near. */
  nextId(): number {
    if (this.#count * 2 >= this.#ids.length) this.#resize(this.#ids.length * 2);
    do this.#lastId++;
    while (this.#ids[this.#slotOf(this.#lastId)] !== 0);
    return this.#lastId;
  }

  /** Whether a request ever had this id. */
  wasGiven(id: number): boolean {
    return Number.isInteger(id) && id >= 1 && id <= this.#lastId;
  }

  /** Adds the request that `nextId` was called for. `deadline` is on the clock of `performance.now()`. */
  add(id: number, handler: ReplyHandler, request: { size: number; deadline: number; frame: number }): void {
    const slot = this.#slotOf(id);
    this.#handlers[slot] = handler;
    this.#ids[slot] = id;
    this.#sizes[slot] = request.size;
    this.#deadlines[slot] = request.deadline;
    this.#frames[slot] = request.frame;
    this.#count++;
    this.#size += request.size;
  }

  get(id: number): ReplyHandler | undefined {
    const slot = this.#slotOf(id);
    return this.#ids[slot] === id ? this.#handlers[slot] : undefined;
  }

  /** Takes a request out and returns its handler, for the caller to call. Undefined where that was done already. */
  take(id: number): ReplyHandler | undefined {
    const slot = this.#slotOf(id);
    const handler = this.get(id);
    if (handler === undefined) return undefined;
    this.#handlers[slot] = undefined;
    this.#ids[slot] = 0;
    this.#count--;
    this.#size -= this.#sizes[slot] as number;
    return handler;
  }

  /** Calls `expired` for each request whose deadline is not after `now`. Returns the next deadline, Infinity for none. */
  sweep(now: number, expired: (id: number) => void): number {
    const due: number[] = [];
    let next = Infinity;
    for (let slot = 0; slot < this.#ids.length; slot++) {
      if (this.#ids[slot] === 0) continue;
      const deadline = this.#deadlines[slot] as number;
      if (deadline <= now) due.push(this.#ids[slot] as number);
      else if (deadline < next) next = deadline;
    }
    for (const id of due) expired(id);
    return next;
  }

  /** Fails all requests, the oldest first, with what `errorOf` makes for the number of a frame. */
  failAll(errorOf: (frame: number, isFirst: boolean) => TransportError): void {
    const waiting = this.#ids.filter((id) => id !== 0).sort();
    for (const id of waiting) {
      const frame = this.#frames[this.#slotOf(id)] as number;
      this.take(id)?.missed(errorOf(frame, id === waiting[0]));
    }
  }

  /** The number of slots is a power of two. */
  #slotOf(id: number): number {
    return id % this.#ids.length;
  }

  /** Ids in different slots stay in different ones when there are twice as many. */
  #resize(slots: number): void {
    const old = {
      handlers: this.#handlers,
      ids: this.#ids,
      sizes: this.#sizes,
      deadlines: this.#deadlines,
      frames: this.#frames,
    };
    this.#handlers = new Array<ReplyHandler | undefined>(slots).fill(undefined);
    this.#ids = new Float64Array(slots);
    this.#sizes = new Float64Array(slots);
    this.#deadlines = new Float64Array(slots);
    this.#frames = new Float64Array(slots);
    for (let from = 0; from < old.ids.length; from++) {
      const id = old.ids[from] as number;
      if (id === 0) continue;
      const to = this.#slotOf(id);
      this.#handlers[to] = old.handlers[from];
      this.#ids[to] = id;
      this.#sizes[to] = old.sizes[from] as number;
      this.#deadlines[to] = old.deadlines[from] as number;
      this.#frames[to] = old.frames[from] as number;
    }
  }
}
