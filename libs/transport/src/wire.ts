import type { FirstOf, Priority } from '@facet/contracts';
import type { IncomingContext, OutgoingCall } from './call.js';
import { TransportError } from './errors.js';

/** The patterns and ids that the two ends keep for themselves. No service may use them. */
export const HELLO = 'facet:hello';
export const CANCEL = 'facet:cancel';
export const DRAIN_ID = 'facet:drain';

/** What a stock server says, word for word, to a pattern that it does not know. */
export const NO_HANDLER = 'There is no matching message handler defined in the remote service.';

/** What tells an answer's request. Nest's ends echo null too. */
export type WireId = string | number | null;

/** A request as it was received; everything is as unproven as the peer. */
export interface WireRequest {
  readonly pattern?: unknown;
  readonly data?: unknown;
  readonly id?: WireId;
  readonly metadata?: unknown;
  /** What a client of ours sends along, parsed; or as it came, in `context`. */
  readonly facet?: unknown;
  readonly context?: string | undefined;
}

/** A reply as Nest's own client understands it. */
export interface WireReply {
  readonly id?: unknown;
  readonly err?: unknown;
  readonly response?: unknown;
  readonly isDisposed?: boolean;
  readonly status?: string;
}

const PATTERNS_KEPT = 1024;
const patterns = new Map<string, string>();
const objectPatterns = new WeakMap<object, string>();

function patternJson(pattern: OutgoingCall['pattern']): string {
  if (typeof pattern !== 'string') return objectPatternJson(pattern);
  let json = patterns.get(pattern);
  if (json === undefined) {
    json = `{"pattern":${JSON.stringify(pattern)}`;
    if (patterns.size < PATTERNS_KEPT) patterns.set(pattern, json);
  }
  return json;
}

/** An operation names its pattern with the same object each time. */
function objectPatternJson(pattern: object): string {
  let json = objectPatterns.get(pattern);
  if (json === undefined) objectPatterns.set(pattern, (json = `{"pattern":${JSON.stringify(pattern)}`));
  return json;
}

/** What goes along with a request to an end of ours; the names on the wire are those of `readContext`. */
export interface WireContext {
  readonly timeLeftMs: number | undefined;
  readonly fields: boolean;
  readonly first: boolean;
  readonly times: boolean;
}

/** The JSON of a request, its data last, as `readRequest` cuts it; of an event where `id` is undefined. `context` only for a peer that understands it. */
export function encodeRequest(call: OutgoingCall, id: number | undefined, context?: WireContext): string {
  let json = patternJson(call.pattern);
  const data = dataJson(call.data);
  if (id !== undefined) json += `,"id":${id}`;
  if (call.metadata !== undefined) json += `,"metadata":${JSON.stringify(call.metadata)}`;
  if (context !== undefined) json += contextJson(call, context);
  return data === undefined ? `${json}}` : `${json},"data":${data}}`;
}

function dataJson(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new TransportError('transport.unserialisable', 'The request cannot be written as JSON', { cause });
  }
}

function contextJson(call: OutgoingCall, { timeLeftMs, fields, first, times }: WireContext): string {
  let json = call.priority === undefined ? '' : `,"priority":"${call.priority}"`;
  if (call.caller !== undefined) json += `,"caller":${callers.json(call.caller)}`;
  if (call.traceparent !== undefined) json += `,"trace":${traces.json(call.traceparent)}`;
  if (fields && call.fields !== undefined) json += fieldsJson(call.fields);
  if (first && call.first !== undefined) json += firstJson(call.first);
  if (times && call.times === true) json += ',"times":true';
  if (timeLeftMs !== undefined && timeLeftMs !== Infinity) {
    return `,"facet":{"timeLeft":${Math.max(1, Math.floor(timeLeftMs))}${json}}`;
  }
  return json === '' ? '' : `,"facet":{${json.slice(1)}}`;
}

/** Calls of one request follow each other, and what they have in common is the same text. */
class LastText {
  #text = '';
  #json = '""';

  json(text: string): string {
    if (text !== this.#text) {
      this.#json = JSON.stringify(text);
      this.#text = text;
    }
    return this.#json;
  }
}

const callers = new LastText();
const traces = new LastText();

const fieldTexts = new WeakMap<readonly string[], string>();
const firstTexts = new WeakMap<FirstOf, string>();

/** A selection names its fields with the same list each time. */
function fieldsJson(fields: readonly string[]): string {
  let json = fieldTexts.get(fields);
  if (json === undefined) fieldTexts.set(fields, (json = `,"fields":${JSON.stringify(fields)}`));
  return json;
}

function firstJson(first: FirstOf): string {
  let json = firstTexts.get(first);
  if (json === undefined) {
    json = `,"list":${JSON.stringify(first.list)},"first":${first.count}`;
    firstTexts.set(first, json);
  }
  return json;
}

/** The same of a context as text. */
export function readContextText(json: string): IncomingContext {
  try {
    return readContext(JSON.parse(json));
  } catch {
    return NOTHING_SENT;
  }
}

/** What a peer of ours sent along; what has not the right shape counts as not sent. */
export function readContext(facet: unknown): IncomingContext {
  if (typeof facet !== 'object' || facet === null) return NOTHING_SENT;
  const { timeLeft, caller, trace, priority, fields, list, first, times } = facet as Record<string, unknown>;
  return {
    timeLeftMs: typeof timeLeft === 'number' && Number.isFinite(timeLeft) ? timeLeft : undefined,
    caller: typeof caller === 'string' ? caller : undefined,
    traceparent: typeof trace === 'string' ? trace : undefined,
    priority: isPriority(priority) ? priority : 'normal',
    fields: isStrings(fields) ? fields : undefined,
    first: firstOf(list, first),
    times: times === true,
  };
}

const NOTHING_SENT: IncomingContext = {
  timeLeftMs: undefined,
  caller: undefined,
  traceparent: undefined,
  priority: 'normal',
  fields: undefined,
  first: undefined,
  times: false,
};

function firstOf(list: unknown, count: unknown): FirstOf | undefined {
  if (typeof list !== 'string' || !Number.isSafeInteger(count) || (count as number) < 0) return undefined;
  return { list, count: count as number };
}

function isPriority(value: unknown): value is Priority {
  return value === 'high' || value === 'normal' || value === 'low';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** An id as a frame may carry it: a number, a short string or null, and nothing that holds other values. */
export function isId(value: unknown): value is WireId {
  if (typeof value === 'string') return value.length <= MAX_ID_LENGTH;
  return value === null || Number.isFinite(value);
}

const MAX_ID_LENGTH = 128;

/** A frame as it was parsed. Throws `transport.corrupt-frame` where it is no JSON object. */
export function parseFrame(json: string): object {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw corrupt('The peer sent a frame that is no JSON', cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw corrupt('The peer sent a frame that is no JSON object');
}

export function corrupt(message: string, cause?: unknown): TransportError {
  return new TransportError('transport.corrupt-frame', message, { written: true, cause });
}

const ENVELOPE = new Set(['id', 'err', 'response', 'isDisposed', 'status']);

/** A parsed frame as Nest's client reads it: one that has keys of its own is a bare payload. */
export function readReply(frame: object): WireReply {
  const keys = Object.keys(frame);
  if (keys.every((key) => ENVELOPE.has(key))) return frame;
  return { id: (frame as WireReply).id, response: frame, isDisposed: true };
}

/**
 * The JSON of a reply, keys in the order in which a stock server writes them. `undefined` is no answer. `id` is the
 * client's, echoed.
 */
export function encodeValue(value: unknown, last: boolean, id: WireId | undefined): string {
  const idJson = typeof id === 'number' ? `${id}` : JSON.stringify(id);
  const json = JSON.stringify(value) as string | undefined;
  const end = last ? `"isDisposed":true,"id":${idJson}}` : `"id":${idJson}}`;
  return json === undefined ? `{${end}` : `{"response":${json},${end}`;
}

export function encodeError(err: unknown, id: WireId | undefined): string {
  return `{"err":${JSON.stringify(err)},"isDisposed":true,"id":${JSON.stringify(id)}}`;
}

export function encodeNoHandler(id: WireId | undefined): string {
  return `{"id":${JSON.stringify(id)},"status":"error","err":${JSON.stringify(NO_HANDLER)}}`;
}

/** Tells a client of ours to send nothing more here; a stock client knows no such id and ignores it. */
export const DRAIN_NOTICE = `{"isDisposed":true,"id":"${DRAIN_ID}"}`;
