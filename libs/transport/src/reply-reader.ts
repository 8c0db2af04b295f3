import { RemoteError, TransportError } from './errors.js';
import type { PendingTable, ReplyHandler } from './pending.js';
import { readTimes, TIMES_ID } from './server-times.js';
import { findResponse, scanReply, scanned } from './reply-scan.js';
import { corrupt, DRAIN_ID, isId, NO_HANDLER, parseFrame, readReply, type WireReply } from './wire.js';

interface ReplyEvents {
  /** The server wants no new requests. */
  drain(): void;
  /** More answers will come to a request that takes one. */
  surplus(id: number): void;
}

/** Brings each reply to the request that waits for it. One that nobody waits for is dropped. */
export class ReplyReader {
  constructor(
    private readonly pending: PendingTable,
    private readonly events: ReplyEvents,
  ) {}

  /** Takes one frame. Throws `transport.corrupt-frame` where it is no reply. */
  receive(bytes: Buffer, start: number, end: number): void {
    if (!scanReply(bytes, start, end)) return this.#receiveParsed(bytes, start, end);
    const { id, start: from, end: to } = scanned;
    this.pending.take(id)?.arrived(bytes, from, to);
  }

  #receiveParsed(bytes: Buffer, start: number, end: number): void {
    const frame = parseFrame(bytes.toString('utf8', start, end));
    const reply = readReply(frame);
    const { id } = reply;
    if (typeof id === 'number') {
      const handler = this.pending.get(id);
      if (handler === undefined) return;
      if (reply.response === frame) scanned.set(start, end);
      else if (!findResponse(bytes, start, end)) scanned.set(end, end);
      return this.#settle(id, handler, { reply, bytes });
    }
    if (id === DRAIN_ID) this.events.drain();
    else if (id === TIMES_ID) this.#timed(reply.response);
    else if (id !== undefined && !isId(id))
      throw corrupt('The peer sent an id that is no string and no number');
  }

  #timed(response: unknown): void {
    const timed = readTimes(response);
    if (timed !== undefined) this.pending.get(timed.of)?.timed?.(timed.times);
  }

  /** The answer lies where `scanned` says. */
  #settle(id: number, handler: ReplyHandler, { reply, bytes }: { reply: WireReply; bytes: Buffer }): void {
    const last = reply.isDisposed === true;
    const { start, end } = scanned;
    if (!last && !reply.err && handler.more !== undefined) return handler.more(bytes, start, end);
    if (last || reply.err) this.pending.take(id);
    else this.events.surplus(id);
    if (reply.err) handler.missed(errorOf(reply));
    else handler.arrived(bytes, start, end);
  }
}

function errorOf(reply: WireReply): TransportError | RemoteError {
  if (reply.err !== NO_HANDLER) return new RemoteError(reply.err);
  const message = 'The service has no handler for this pattern';
  return new TransportError('transport.no-handler', message, { written: true });
}
