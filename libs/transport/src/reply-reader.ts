import { RemoteError, TransportError } from './errors.js';
import type { Pending, PendingTable } from './pending.js';
import { findResponse, scanReply, scanned } from './reply-scan.js';
import { corrupt, DRAIN_ID, isId, NO_HANDLER, parseFrame, readReply, type WireReply } from './wire.js';

interface ReplyEvents {
  /** The server wants no new requests. */
  drain(): void;
  /** More answers will come to a call that takes one. */
  surplus(id: number): void;
}

const QUOTE = 0x22;

interface Slice {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Brings each reply to the call that waits for it. One that nobody waits for is dropped. */
export class ReplyReader {
  constructor(
    private readonly calls: PendingTable,
    private readonly events: ReplyEvents,
  ) {}

  /** Takes one frame. Throws `transport.corrupt-frame` where it is no reply. */
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
    const frame = parseFrame(bytes.toString('utf8', start, end));
    const reply = readReply(frame);
    const { id } = reply;
    if (typeof id === 'number') {
      const call = this.calls.get(id);
      if (call === undefined) return;
      const { raw } = call.receiver;
      return this.#settle(
        id,
        call,
        raw ? { ...reply, response: rawOf(frame, { bytes, start, end }) } : reply,
      );
    }
    if (id === DRAIN_ID) this.events.drain();
    else if (id !== undefined && !isId(id))
      throw corrupt('The peer sent an id that is no string and no number');
  }

  #settle(id: number, call: Pending, reply: WireReply): void {
    const { receiver } = call;
    const last = reply.isDisposed === true;
    if (last || reply.err) this.calls.take(id);
    if (reply.err) return receiver.fail(errorOf(reply));
    const { response } = reply;
    if (response !== undefined || !last) receiver.next(response);
    if (last) receiver.end();
    else if (!receiver.many) this.events.surplus(id);
  }
}

/** The response of a reply whose keys stand in another order, as text: writing it again would walk all of it. */
function rawOf(frame: object, { bytes, start, end }: Slice): string | undefined {
  if (readReply(frame).response === frame) return bytes.toString('utf8', start, end);
  return findResponse(bytes, start, end) ? bytes.toString('utf8', scanned.start, scanned.end) : undefined;
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
