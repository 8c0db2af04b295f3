import type { Server } from 'node:http';
import { StreamableFile } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type {
  FastifyHttpOptions,
  FastifyInstance,
  FastifyReply,
  onRequestHookHandler,
  onResponseHookHandler,
} from 'fastify';
import { JSON_TYPE, type ReplyWriter } from '../reply/writer.js';
import { contextOf, type RequestContext } from '../request/context.js';

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

  /** Nest adds two hooks for every request that only call what may be set later: they are added when something is set. */
  override setInstance<T = unknown>(given: T): void {
    const instance = given as FastifyInstance;
    const { addHook } = instance as unknown as {
      addHook: (this: unknown, ...args: unknown[]) => FastifyInstance;
    };
    const skipped = new Set<unknown>(['onRequest', 'onResponse']);
    const skipping = function (this: unknown, ...args: unknown[]): FastifyInstance {
      if (!skipped.delete(args[0])) return addHook.apply(this, args);
      if (skipped.size === 0) instance.addHook = addHook;
      return instance;
    };
    instance.addHook = skipping;
    super.setInstance(given);
  }

  override setOnRequestHook(hook: onRequestHookHandler): void {
    this.getInstance<FastifyInstance>().addHook('onRequest', hook);
  }

  override setOnResponseHook(hook: onResponseHookHandler): void {
    this.getInstance<FastifyInstance>().addHook('onResponse', hook);
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
