import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.js';
import { cleanText, redactLine } from './redact.js';
import { standardOutput } from './standard-output.js';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** The process's name, on every line. */
  readonly name: string;
  readonly level: LogLevel;
  /** Where lines go; standard output where absent. */
  readonly destination?: DestinationStream;
}

/** Writes one JSON object a line. What may be a credential is taken out, control characters are escaped. */
export function createLogger({ name, level, destination = standardOutput() }: LoggerOptions): Logger {
  const { formatters, ...usual } = usualOptions(name, level);
  const options = {
    ...usual,
    formatters: { ...formatters, log: redactLine },
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: cleanText },
  };
  return pino(options, destination);
}

/**
 * The same log at `info`, for lines made of this process's own words alone: codes, names of routes, ids that it has made,
 * numbers. Their fields are JSON already, `"status":200,"msg":"answered"`, and are written as they are; nothing that a client
 * or a service has sent may be among them.
 */
export function lineWriter(logger: Logger): (fields: string) => void {
  const destination = (logger as unknown as Record<symbol, DestinationStream>)[pino.symbols.streamSym];
  const { name = '' } = logger.bindings() as { name?: string };
  const middle = `","pid":${process.pid},"name":${JSON.stringify(name)},`;
  let at = 0;
  let head = '';
  return (fields) => {
    if (!logger.isLevelEnabled('info')) return;
    const now = Date.now();
    if (now !== at) {
      at = now;
      head = `{"level":"info","time":"${new Date(now).toISOString()}${middle}`;
    }
    destination?.write(`${head}${fields}}\n`);
  };
}

/** Changes from which level on a logger writes while it is used, and who writes lines for it. */
export function setLevel(logger: Logger, level: LogLevel): void {
  logger.level = level;
}

function usualOptions(name: string, level: string) {
  return {
    name,
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
}

type Severity = 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'trace';

/** What Nest says while it puts an application together; of interest only to who looks for a fault in that. */
const NEST_BOOT = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Nest's `LoggerService` over ours: hand it to `NestFactory.create(module, { logger: nestLogger(logger) })`. */
export function nestLogger(logger: Logger) {
  const write = (severity: Severity, message: unknown, rest: unknown[]) => {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const level = severity === 'info' && NEST_BOOT.has(context ?? '') ? 'debug' : severity;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const details = {
      ...(context === undefined ? {} : { context }),
      ...(stack === undefined ? {} : { stack }),
    };
    if (message instanceof Error) logger[level]({ ...details, err: message }, message.message);
    else if (typeof message === 'string') logger[level](details, message);
    else logger[level]({ ...details, details: message });
  };
  const as =
    (severity: Severity) =>
    (message: unknown, ...rest: unknown[]): void =>
      write(severity, message, rest);
  return {
    log: as('info'),
    error: as('error'),
    warn: as('warn'),
    debug: as('debug'),
    verbose: as('trace'),
    fatal: as('fatal'),
  };
}
