export { checkAccess } from './access.js';
export { afterReading } from './after-reading.js';
export { auditedCaller, auditTo, type Audit, type AuditEvent } from './audit.js';
export {
  headerValues,
  type AssertCaller,
  type Authenticator,
  type AuthRequest,
  type VerifyCaller,
} from './authenticator.js';
export type { BesideRoute } from './beside-route.js';
export type { Access, Caller } from './caller.js';
export { createMetrics, startAdmin, type AdminOptions, type AdminServer, type Check } from './admin.js';
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
  whole,
  type ConfigFault,
  type Environment,
  type LogLevel,
} from './config.js';
export type { RequestContext } from './context.js';
export { Fault, type FaultOptions, type FieldFault, type WireFault } from './fault.js';
export { listenFault, listening, StartError, type ListenOptions } from './listen.js';
export { createLogger, nestLogger, type Logger, type LoggerOptions } from './logger.js';
export { runProcess, type ProcessMessage, type ProcessOptions, type Running } from './process.js';
export { continueTrace, formatTraceparent, parseTraceparent, type TraceParent } from './trace.js';
