import { z } from 'zod';

/** What is exported of traces, and where to. */
export interface TracesConfig {
  /** Where the collector takes OTLP over HTTP, e.g. `http://localhost:4318`; nothing is exported where absent. */
  readonly endpoint?: string;
  /** The share of new traces that are exported whatever becomes of them, from 0 to 1. */
  readonly ratio: number;
  /** A request that takes longer is exported in any case, in milliseconds. */
  readonly slowMs: number;
}

/** The variables of OpenTelemetry that are read here; its exporter reads `OTEL_EXPORTER_OTLP_HEADERS` and others of its own. */
export const traceVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'expected the address of a collector, http://localhost:4318' })
    .optional()
    .describe('The collector that traces are sent to, by OTLP over HTTP. Without it none are exported'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'expected a share from 0 to 1')
    .transform(Number)
    .default(1)
    .describe('The share of new traces that are exported in any case'),
  TRACE_SLOW_MS: z
    .string()
    .regex(/^\d{1,6}$/, 'expected milliseconds')
    .transform(Number)
    .default(1_000)
    .describe('A request that takes longer is exported, whatever the sampling says'),
};

export function tracesConfig(read: z.output<z.ZodObject<typeof traceVariables>>): TracesConfig {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = read;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ratio: read.OTEL_TRACES_SAMPLER_ARG,
    slowMs: read.TRACE_SLOW_MS,
  };
}
