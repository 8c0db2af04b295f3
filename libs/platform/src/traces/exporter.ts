import type { SpanExporter as OtlpExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.js';
import type { TracesConfig } from './config.js';
import type { Span } from './span.js';

/** Takes spans that are over, and sends them in batches beside everything else. */
export interface SpanExporter {
  export(spans: readonly Span[]): void;
  /** Sends what is left; gives up after two seconds. */
  close(): Promise<void>;
}

interface ExporterOptions {
  /** The process's name, `service.name` of its spans. */
  readonly name: string;
  /** Where the collector takes OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly logger: Told;
}

/** Told that the collector cannot be reached. */
type Told = Pick<Logger, 'info' | 'warn'>;

const CLOSE_MS = 2_000;
/** How long spans wait for others to be sent with. */
const BATCH_MS = 1_000;

/** The exporter of a process; undefined where its configuration names no collector. */
export async function openTraces(
  name: string,
  { endpoint }: Pick<TracesConfig, 'endpoint'>,
  logger: Told,
): Promise<SpanExporter | undefined> {
  return endpoint === undefined ? undefined : openExporter({ name, endpoint, logger });
}

/** Loads OpenTelemetry's SDK, which nothing else here does, and exports by OTLP over HTTP (protobuf). */
async function openExporter({ name, endpoint, logger }: ExporterOptions): Promise<SpanExporter> {
  const [{ BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }, { toReadable }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
      import('@opentelemetry/resources'),
      import('./readable-span.js'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const processor = new BatchSpanProcessor({
    exporter: told(exporter, logger),
    scheduledDelayMillis: BATCH_MS,
  });
  const resource = resourceFromAttributes({ 'service.name': name, 'process.pid': process.pid });
  return {
    export: (spans) => {
      for (const span of spans) processor.onEnd(toReadable(span, resource));
    },
    close: async () => {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_MS);
      await Promise.race([processor.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** The same exporter; that the collector cannot be reached is logged once, as is that it is there again. */
function told(exporter: OtlpExporter, logger: Told): OtlpExporter {
  let isAway = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !isAway) logger.warn({ reason: result.error?.message }, 'traces cannot be exported');
        if (!failed && isAway) logger.info('traces are exported again');
        isAway = failed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
