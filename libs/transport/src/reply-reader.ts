import { RemoteError, TransportError } from './errors.js';
import type { Pending, PendingTable } from './pending.js';
import { scanReply, scanned } from './reply-scan.js';
import { DRAIN_ID, NO_HANDLER, readReply, type WireReply } from './wire.js';

interface ReplyEvents {
  /** The server wants no new requests. */
  drain(): void;
  /** More answers will come to a call that takes one. */
  surplus(id: number): void;
}

const QUOTE = 0x22;

/** Brings each reply to the call that waits for it. One that nobody waits for is dropped. */
export class ReplyReader {
  constructor(
    private readonly calls: PendingTable,
    private readonly events: ReplyEvents,
  ) {}

  /** Takes one frame. Throws `transport.corrupt-frame` where it is no JSON. */
  receive(bytes: Buffer, start: number, end: number, ascii: boolean): void {
    if (!scanReply(bytes, start, end)) return this.#receiveParsed(bytes, start, end);
    const { id, start: from, end: to } = scanned;
    const call = this.calls.get(id);
    if (call === undefined) return;
    const json = bytes.toString(ascii ? 'latin1' : 'utf8', from, to);
    if (call.receiver.raw && bytes[from] !== QUOTE) return this.#finish(id, call, json);
    const answer = tryParse(json);
    if (answer === undefined) return this.#receiveParsed(bytes, start, end);
    this.#finish(id, call, call.receiver.raw ? json : answer);
  }

  #finish(id: number, call: Pending, answer: unknown): void {
    this.calls.take(id);
    call.receiver.next(answer);
    call.receiver.end();
  }

  #receiveParsed(bytes: Buffer, start: number, end: number): void {
    const value = tryParse(bytes.toString('utf8', start, end));
    if (value === undefined) {
      throw new TransportError('transport.corrupt-frame', 'The peer sent a frame that is no JSON');
    }
    const reply = readReply(value);
    if (typeof reply.id === 'number') this.#settle(reply.id, reply);
    else if (reply.id === DRAIN_ID) this.events.drain();
  }

  #settle(id: number, reply: WireReply): void {
    const call = this.calls.get(id);
    if (call === undefined) return;
    const { receiver } = call;
    const last = reply.isDisposed === true;
    if (last || reply.err) this.calls.take(id);
    if (reply.err) return receiver.fail(errorOf(reply));
    const { response } = reply;
    if (response !== undefined || !last) receiver.next(receiver.raw ? jsonOf(response) : response);
    if (last) receiver.end();
    else if (!receiver.many) this.events.surplus(id);
  }
}

function errorOf(reply: WireReply): Error {
  if (reply.err !== NO_HANDLER) return new RemoteError(reply.err);
  const message = 'The service has no handler for this pattern';
  return new TransportError('transport.no-handler', message, { written: true });
}

/** Undefined where `json` is none; no JSON means undefined. */
function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function jsonOf(response: unknown): string | undefined {
  return response === undefined ? undefined : JSON.stringify(response);
}
