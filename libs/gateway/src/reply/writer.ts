import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { UserHooks } from '../http/user-hooks.js';
import type { RequestContext } from '../request/context.js';
import type { ResponseEntry } from '../cache/response-cache.js';
import { compress, compressPieces, type Compressed, type Compression } from './compression.js';
import { isKnown } from './etag.js';
import { mergedVary, varies, varyTexts } from './vary.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** What is sent beside the header; nothing for a 204 or a 304. */
export type Body = string | Buffer | Readable | undefined;

/**
 * The one place where answers are written, problems too: their header in one piece, their body in the form that the client
 * takes. Streams, and answers that hooks of the gateway's user have to see, are handed to Fastify with the same header.
 */
export class ReplyWriter {
  #isLeaving = false;

  constructor(
    private readonly compression: Compression | undefined,
    private readonly hooks: UserHooks,
  ) {}

  /** From now on each answer asks its client to close the connection. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Answers a request, once. */
  write(context: RequestContext, body: Body): void {
    const { reply } = context;
    context.isWritten = true;
    if (context.status === 0) context.status = 200;
    if (context.etag !== undefined && context.status === 200 && isKnownTo(context)) {
      context.status = 304;
      body = undefined;
    }
    const hasForms = this.#markForms(context);
    if (body instanceof Readable || this.hooks.haveReply) return this.#throughFastify(context, body);
    reply.hijack();
    const coding = hasForms ? this.#codingOf(context, body) : undefined;
    if (coding === undefined) return this.#send(context, body);
    const compressed = compress(body as string | Buffer, coding);
    context.setField('content-encoding', coding);
    if (compressed instanceof Promise) {
      compressed.then(
        (late) => this.#send(context, late),
        () => reply.raw.destroy(),
      );
    } else this.#send(context, compressed);
  }

  /** Answers a request with what is kept ready. */
  writeCached(context: RequestContext, entry: ResponseEntry, now: number): void {
    const { body, etag, serverTiming, madeAt } = entry.cached;
    context.isWritten = true;
    context.isKept = true;
    context.status = 200;
    context.contentType = JSON_TYPE;
    context.cacheControl = entry.cacheControlAt(now);
    context.serverTiming = serverTiming;
    if (madeAt !== undefined) context.fields.push('age', String(Math.floor((now - madeAt) / 1_000)));
    context.etag = etag;
    if (isKnownTo(context)) context.status = 304;
    const hasForms = this.#markForms(context);
    if (this.hooks.haveReply) return this.#throughFastify(context, Buffer.from(body, 'latin1'));
    context.reply.hijack();
    if (context.status === 304) return this.#send(context, undefined);
    const { 'accept-encoding': accepted } = context.raw.headers;
    const coding = hasForms ? this.compression?.codingFor(accepted, body.length) : undefined;
    if (coding === undefined) return this.#send(context, body, body.length);
    context.fields.push('content-encoding', coding);
    const form = entry.formOf(coding);
    if (typeof form === 'string') return this.#send(context, form, form.length);
    form.then(
      (late) => this.#send(context, late, late.length),
      () => context.reply.raw.destroy(),
    );
  }

  /** Completes the header of an answer that Fastify sends: a stream, a page, a sign-in, a plugin's route. */
  complete(context: RequestContext, payload: unknown): unknown {
    const { reply } = context;
    if (!context.isWritten) {
      context.isWritten = true;
      reply.raw.once('close', () => context.answered());
    }
    context.status = reply.statusCode;
    const [type, etag] = [reply.getHeader('content-type'), reply.getHeader('etag')];
    if (type !== undefined) context.contentType = String(type);
    if (etag !== undefined) context.etag = String(etag);
    const hasForms = this.#markForms(context);
    if (hasForms && context.etag !== undefined) reply.header('etag', context.etag);
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : undefined;
    if (body !== undefined) context.bytesOut = Buffer.byteLength(body);
    const pieces = payload instanceof Readable && !reply.hasHeader('content-encoding') ? payload : undefined;
    const coding = hasForms ? this.#codingOf(context, body ?? pieces) : undefined;
    if (coding !== undefined) {
      reply.header('content-encoding', coding).removeHeader('content-length');
      payload =
        pieces === undefined ? compress(body as string | Buffer, coding) : compressPieces(pieces, coding);
    }
    this.#fillIn(context);
    return payload;
  }

  /** Whether the answer has compressed forms. What has says so in each of them, whichever is chosen, and in a 304. */
  #markForms(context: RequestContext): boolean {
    const { compression } = this;
    if (compression === undefined) return false;
    if (context.status !== 304 && !compression.appliesTo(context.contentType)) return false;
    context.vary |= varies.encoding;
    // The same answer in another form has other bytes: its tag says that the two mean the same (RFC 9110, 8.8.3.3).
    if (context.etag?.startsWith('"') === true) context.etag = `W/${context.etag}`;
    return true;
  }

  #codingOf({ raw }: RequestContext, body: Body): Compressed | undefined {
    if (body === undefined) return undefined;
    const bytes = body instanceof Readable ? undefined : Buffer.byteLength(body);
    return this.compression?.codingFor(raw.headers['accept-encoding'], bytes);
  }

  /** `bytes` is the length of a body that has one character for each byte already. */
  #send(context: RequestContext, body: string | Buffer | undefined, bytes?: number): void {
    const { raw } = context.reply;
    if (raw.headersSent || raw.destroyed) {
      raw.destroy();
      return context.answered();
    }
    const fields = this.#fieldsOf(context);
    const { status } = context;
    const length = bytes ?? (body === undefined ? 0 : Buffer.byteLength(body));
    if (status !== 204 && status !== 304) fields.push('content-length', String(length));
    context.sent = fields;
    context.bytesOut = context.method === 'HEAD' ? 0 : length;
    raw.writeHead(status, fields);
    if (length === 0 || context.method === 'HEAD') raw.end();
    // One byte for each character: there is nothing to encode.
    else if (typeof body === 'string' && body.length === length) raw.end(body, 'latin1');
    else raw.end(body);
    context.answered();
  }

  #fieldsOf(context: RequestContext): string[] {
    const { endpoint, contentType, cacheControl, etag, serverTiming, vary, cors } = context;
    const fields = endpoint.fixed.slice();
    fields.push('x-request-id', context.requestId);
    if (cors !== undefined) for (const each of cors) fields.push(each);
    for (const each of context.fields) fields.push(each);
    if (contentType !== undefined) fields.push('content-type', contentType);
    if (cacheControl !== undefined) fields.push('cache-control', cacheControl);
    if (etag !== undefined) fields.push('etag', etag);
    if (serverTiming !== undefined) fields.push('server-timing', serverTiming);
    if (vary !== 0) fields.push('vary', varyTexts[vary] as string);
    if (this.#isLeaving) fields.push('connection', 'close');
    const isProblem = context.problem !== undefined;
    const isOwn = endpoint.isDirect && !this.hooks.haveRequest && !isProblem;
    return isOwn ? fields : merged(fields, context.reply, isProblem);
  }

  #throughFastify(context: RequestContext, body: Body): void {
    const { reply, status } = context;
    const { raw } = reply;
    if (reply.sent || raw.headersSent || raw.destroyed) {
      raw.destroy();
      return context.answered();
    }
    raw.once('close', () => context.answered());
    this.#fillIn(context);
    void reply.code(status).send(body);
  }

  /** Puts the fields of the answer on Fastify's reply, but for those that somebody has set there already. */
  #fillIn(context: RequestContext): void {
    const { reply } = context;
    const fields = this.#fieldsOf(context);
    context.sent = fields;
    for (let index = 0; index < fields.length; index += 2) {
      reply.header(fields[index] as string, fields[index + 1]);
    }
  }
}

/** Whether the client has the answer already: it is to be sent a 304. */
function isKnownTo({ raw, etag, method }: RequestContext): boolean {
  return (method === 'GET' || method === 'HEAD') && isKnown(raw.headers['if-none-match'], etag as string);
}

/** What belongs to a body that a problem has taken the place of. */
const OF_A_BODY: ReadonlySet<string> = new Set([
  ...['content-length', 'content-encoding', 'content-type', 'cache-control', 'etag'],
]);

/** The fields of an answer, and over them those that handlers or hooks of the gateway's user have set on Fastify's reply. */
function merged(fields: string[], reply: FastifyReply, isProblem: boolean): string[] {
  const own = reply.getHeaders();
  const names = Object.keys(own).filter(
    (name) => own[name] !== undefined && name !== 'content-length' && !(isProblem && OF_A_BODY.has(name)),
  );
  if (names.length === 0) return fields;
  const all: string[] = [];
  const replaced = new Set(names);
  for (let index = 0; index < fields.length; index += 2) {
    const [name, value] = [fields[index] as string, fields[index + 1] as string];
    if (name === 'vary' && replaced.has(name)) own[name] = mergedVary(value, [own[name]].flat().join());
    else if (!replaced.has(name)) all.push(name, value);
  }
  for (const name of names) for (const value of [own[name]].flat()) all.push(name, String(value));
  return all;
}
