import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it was exported, with the process that it came from. Times in milliseconds since 1970. */
export interface CollectedSpan {
  readonly process: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** As OpenTelemetry numbers them: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** What has arrived so far. */
  readonly spans: readonly CollectedSpan[];
  stop(): Promise<void>;
}

/** A collector that takes traces by OTLP over HTTP (protobuf), in this process. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') spans.push(...spansOf(Buffer.concat(chunks)));
      response
        .writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/x-protobuf' })
        .end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The fields of one protobuf message, by number: bytes, or a number for varints and fixed ones. */
type Message = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

function parse(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value =
      wire === 0
        ? varint()
        : wire === 1
          ? take(8).readBigUInt64LE()
          : take(wire === 5 ? 4 : Number(varint()));
    const known = fields.get(tag >> 3);
    if (known === undefined) fields.set(tag >> 3, [value]);
    else known.push(value);
  }
  return fields;
}

const messages = (of: Message, field: number): Message[] =>
  (of.get(field) ?? []).map((bytes) => parse(bytes as Buffer));
const bytesOf = (of: Message, field: number): Buffer => (of.get(field)?.[0] ?? Buffer.alloc(0)) as Buffer;
const numberOf = (of: Message, field: number): number => Number(of.get(field)?.[0] ?? 0);
const millisecondsOf = (of: Message, field: number): number => numberOf(of, field) / 1e6;

function attributesOf(of: Message, field: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(of, field).map((pair) => [
      bytesOf(pair, 1).toString(),
      valueOf(messages(pair, 2)[0] ?? new Map<number, Buffer[]>()),
    ]),
  );
}

function valueOf(any: Message): unknown {
  if (any.has(1)) return bytesOf(any, 1).toString();
  if (any.has(2)) return numberOf(any, 2) === 1;
  if (any.has(3)) return numberOf(any, 3);
  if (!any.has(4)) return undefined;
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64LE(any.get(4)?.[0] as bigint);
  return bits.readDoubleLE();
}

/** `ExportTraceServiceRequest`, opentelemetry/proto/trace/v1/trace.proto. */
function spansOf(body: Buffer): CollectedSpan[] {
  return messages(parse(body), 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1)[0];
    const process = resource === undefined ? '' : String(attributesOf(resource, 1)['service.name']);
    const spans = messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2));
    return spans.map((span) => ({
      process,
      traceId: bytesOf(span, 1).toString('hex'),
      spanId: bytesOf(span, 2).toString('hex'),
      parentSpanId: bytesOf(span, 4).toString('hex'),
      name: bytesOf(span, 5).toString(),
      kind: numberOf(span, 6),
      startMs: millisecondsOf(span, 7),
      endMs: millisecondsOf(span, 8),
      attributes: attributesOf(span, 9),
      isError: messages(span, 15).some((status) => numberOf(status, 3) === 2),
    }));
  });
}
