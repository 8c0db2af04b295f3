import type { Server } from 'node:http';
import { StreamableFile } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyReply } from 'fastify';
import type { ReplyWriter } from '../reply/writer.js';
import { contextOf, type RequestContext } from '../request/context.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

type Reply = Parameters<FastifyAdapter['reply']>[0];

/** Nest's adapter for Fastify, but that texts and JSON of controllers are written by the gateway's own writer. */
export class GatewayAdapter extends FastifyAdapter {
  constructor(
    options: FastifyHttpOptions<Server>,
    private readonly writer: ReplyWriter,
  ) {
    super(options as never);
  }

  override reply(response: Reply, body: unknown, statusCode?: number): ReturnType<FastifyAdapter['reply']> {
    const context = 'request' in response ? contextOf((response as FastifyReply).request) : undefined;
    if (context === undefined || context.isWritten || !writeNow(context, this.writer, body, statusCode))
      return super.reply(response, body, statusCode);
    return response as never;
  }
}

/** Whether it could be written: streams, bytes and other types are Fastify's to send. */
function writeNow(context: RequestContext, writer: ReplyWriter, body: unknown, statusCode?: number): boolean {
  const { reply } = context;
  const own = reply.getHeader('content-type');
  const type = context.contentType ?? (own === undefined ? undefined : String(own));
  let text: string | undefined;
  if (body === undefined || body === null) text = undefined;
  else if (typeof body === 'string') {
    text = body;
    context.contentType = type ?? TEXT_TYPE;
  } else if (isPlain(body) && (type === undefined || type.startsWith('application/json'))) {
    text = JSON.stringify(body);
    context.contentType = type ?? JSON_TYPE;
  } else return false;
  if (statusCode !== undefined) reply.code(statusCode);
  if (context.status === 0) context.status = reply.statusCode;
  writer.write(context, text);
  return true;
}

/** Whether JSON says all of it. */
function isPlain(body: unknown): boolean {
  if (typeof body !== 'object') return typeof body === 'number' || typeof body === 'boolean';
  const { pipe, getReader, buffer } = body as Record<string, unknown>;
  const isStream = typeof pipe === 'function' || typeof getReader === 'function';
  const isOther = body instanceof StreamableFile || body instanceof Error || body instanceof Response;
  return !isStream && !isOther && !(buffer instanceof ArrayBuffer);
}
