import type { Priority } from '@facet/contracts';

import { corrupt, isId, parseFrame, type WireRequest } from './wire.js';

const OPEN = '{"pattern":"';
const ID = ',"id":';
const CONTEXT = ',"facet":{';
const CONTEXT_END = '},"data":';
const DATA = ',"data":';
const CLOSING_BRACE = 0x7d;
const MAX_ID_DIGITS = 15;
// eslint-disable-next-line no-control-regex -- JSON has neither in a text that needs no parsing
const NEEDS_PARSING = /[\\\u0000-\u001f]/;

/**
 * The request in one frame. Clients of ours put the data last, so that it is cut out and nothing else is parsed: what goes
 * along is left as text until it is read. Any other frame is parsed whole. Throws `transport.corrupt-frame`.
 */
export function readRequest(text: string): WireRequest {
  return sliced(text) ?? parsed(text);
}

function parsed(text: string): WireRequest {
  const request = parseFrame(text) as { readonly id?: unknown };
  if (request.id === undefined || isId(request.id)) return request as WireRequest;
  throw corrupt('A client sent an id that is no string and no number');
}

/** Undefined where the frame has another shape. */
function sliced(text: string): WireRequest | undefined {
  if (!text.startsWith(OPEN) || text.charCodeAt(text.length - 1) !== CLOSING_BRACE) return undefined;
  const quote = text.indexOf('"', OPEN.length);
  const pattern = text.slice(OPEN.length, quote);
  if (quote < 0 || NEEDS_PARSING.test(pattern) || !text.startsWith(ID, quote + 1)) return undefined;
  let at = quote + 1 + ID.length;
  const digits = digitsAt(text, at);
  if (digits === 0) return undefined;
  const id = Number(text.slice(at, at + digits));
  at += digits;
  let context: string | undefined;
  if (text.startsWith(CONTEXT, at)) {
    // A quote inside a text has a backslash before it, so that no text holds this end.
    const close = text.indexOf(CONTEXT_END, at);
    if (close < 0) return undefined;
    context = text.slice(at + CONTEXT.length - 1, close + 1);
    at = close + 1;
  }
  if (!text.startsWith(DATA, at)) return undefined;
  try {
    return { pattern, id, context, data: JSON.parse(text.slice(at + DATA.length, -1)) as unknown };
  } catch {
    return undefined;
  }
}

/** How many digits of a whole number as JSON writes it stand at `from`; 0 where there is none. */
function digitsAt(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
  const digits = at - from;
  const isPadded = digits > 1 && text.charCodeAt(from) === 0x30;
  return isPadded || digits > MAX_ID_DIGITS ? 0 : digits;
}

const TIME_LEFT = '{"timeLeft":';
const PRIORITY = ',"priority":"';

/**
 * What a server needs of a request's context before it takes the request: clients of ours write it first. Undefined where
 * it is written otherwise, and has to be parsed.
 */
export function headOf(context: string): { timeLeftMs: number; priority: Priority } | undefined {
  if (!context.startsWith(TIME_LEFT)) return undefined;
  const digits = digitsAt(context, TIME_LEFT.length);
  const at = TIME_LEFT.length + digits;
  const behind = context[at];
  if (digits === 0 || (behind !== ',' && behind !== '}')) return undefined;
  const timeLeftMs = Number(context.slice(TIME_LEFT.length, at));
  if (context.startsWith(`${PRIORITY}normal"`, at)) return { timeLeftMs, priority: 'normal' };
  if (context.startsWith(`${PRIORITY}high"`, at)) return { timeLeftMs, priority: 'high' };
  if (context.startsWith(`${PRIORITY}low"`, at)) return { timeLeftMs, priority: 'low' };
  return context.includes('"priority"') ? undefined : { timeLeftMs, priority: 'normal' };
}
