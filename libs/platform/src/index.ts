export { startAdmin, type AdminOptions, type AdminPages, type AdminServer, type Check } from './admin.js';
export {
  addresses,
  CONFIG_EXIT_CODE,
  ConfigError,
  flag,
  loadConfig,
  logLevels,
  port,
  processVariables,
  redisVariable,
  someOf,
  whole,
  type ConfigFault,
  type Environment,
  type LogLevel,
} from './config.js';
export { Fault, type FaultOptions, type FieldFault, type WireFault } from './fault.js';
export { listenFault, listening, StartError, type ListenOptions } from './listen.js';
export { createLogger, nestLogger, lineWriter, type Logger, type LoggerOptions } from './logger.js';
export { Counter, type CounterSeries } from './metrics/counter.js';
export { Gauge, type Reading } from './metrics/gauge.js';
export { Histogram, SECONDS, type HistogramSeries } from './metrics/histogram.js';
export { createMetrics } from './metrics/registry.js';
export { isRedisAddress, redisAddress } from './redis-address.js';
export {
  runProcess,
  STOP_LIMIT_MS,
  type ProcessMessage,
  type ProcessOptions,
  type Running,
} from './process.js';
export {
  continueTrace,
  formatTraceparent,
  newSpanId,
  parseTraceparent,
  type TraceParent,
  type TraceSpan,
  withSpan,
} from './traces/context.js';
export { tracesConfig, traceVariables, type TracesConfig } from './traces/config.js';
export { openTraces, type SpanExporter } from './traces/exporter.js';
export type { Span } from './traces/span.js';
