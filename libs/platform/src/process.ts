import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_EXIT_CODE, ConfigError, logLevels, type LogLevel } from './config.js';
import { listenFault, StartError } from './listen.js';
import { standardOutput } from './standard-output.js';
import { createLogger, setLevel, type Logger } from './logger.js';

/** A process that has started. */
export interface Running {
  /** Where it can be reached, by kind: `{ http: 'http://127.0.0.1:3000', tcp: '127.0.0.1:4020', admin: … }`. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Takes no new work, finishes what it has, lets go of everything. */
  stop(): Promise<void>;
}

/** What a process tells the one that started it, over Node's IPC channel where there is one. */
export type ProcessMessage =
  | { type: 'ready'; name: string; addresses: Readonly<Record<string, string>> }
  | { type: 'failed'; name: string; message: string };

/** 30 seconds: an orchestrator has to wait a little longer. */
export const STOP_LIMIT_MS = 30_000;

export interface ProcessOptions {
  /** How long stopping may take before the process ends all the same, in milliseconds. Default `STOP_LIMIT_MS`. */
  readonly stopLimitMs?: number;
}

/** A terminal gives Ctrl-C to the whole group and the parent passes it on: so soon, it is one request and not two. */
const SAME_REQUEST_MS = 250;

/**
 * The life of a process: starts it, says so, and stops it once on SIGTERM, on SIGINT or when the parent that holds
 * its IPC channel is gone. Asked to stop before it is ready it ends at once, as does a second signal. Exit codes:
 * 0 stopped, 1 failed, 78 bad configuration.
 */
export async function runProcess(
  name: string,
  start: (context: { logger: Logger }) => Promise<Running>,
  { stopLimitMs = STOP_LIMIT_MS }: ProcessOptions = {},
): Promise<void> {
  const logger = createLogger({ name, level: levelOf(process.env['LOG_LEVEL']) });
  const fail = (error: unknown) => void failed(name, logger, error);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const stopWanted = Promise.withResolvers<string>();
  listenForStop(logger, stopWanted.resolve);
  listenForLevel(logger);
  try {
    const running = await Promise.race([start({ logger }), stopWanted.promise]);
    if (typeof running === 'string') {
      logger.info({ why: running }, 'stopped before it was ready');
      process.exit(0);
    }
    logger.info({ addresses: running.addresses }, 'ready');
    await tellParent({ type: 'ready', name, addresses: running.addresses });
    logger.info({ why: await stopWanted.promise }, 'stopping');
    await stopWithin(running, stopLimitMs, logger);
    await lastWords();
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}

function listenForStop(logger: Logger, stop: (why: string) => void): void {
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (first !== undefined && now - first > SAME_REQUEST_MS) {
      logger.warn({ signal }, 'asked to stop again: ending at once');
      process.exit(1);
    }
    first ??= now;
    stop(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const orphaned = () => stop('the parent process has gone');
  process.once('disconnect', orphaned);
  // It may have gone while this process was loading: then nobody will say so any more.
  if (process.send !== undefined && !process.connected) orphaned();
}

/** SIGUSR2 has a process log more, `debug`, until it comes again. */
function listenForLevel(logger: Logger): void {
  const usual = logger.level as LogLevel;
  process.on('SIGUSR2', () => {
    const level = logger.level === usual ? 'debug' : usual;
    setLevel(logger, level);
    logger.warn({ now: level }, 'the log level has changed');
  });
}

async function stopWithin(running: Running, limitMs: number, logger: Logger): Promise<void> {
  const timer = setTimeout(() => {
    logger.error({ limitMs }, 'not stopped in time: ending all the same');
    process.exit(1);
  }, limitMs);
  await running.stop();
  clearTimeout(timer);
  logger.info('stopped');
}

async function failed(name: string, logger: Logger, error: unknown): Promise<void> {
  const cause = listenFault(error instanceof Error ? error : new Error(String(error)), 'PORT');
  const { message } = cause;
  if (cause instanceof ConfigError) process.stderr.write(`${message}\n`);
  else if (cause instanceof StartError) logger.fatal(message);
  else logger.fatal({ err: cause }, message);
  await tellParent({ type: 'failed', name, message });
  await lastWords();
  process.exit(cause instanceof ConfigError ? CONFIG_EXIT_CODE : 1);
}

const LAST_WORDS_MS = 500;

/** Lets what was logged leave in its order, for as long as somebody reads it. */
async function lastWords(): Promise<void> {
  await Promise.race([standardOutput().flush(), sleep(LAST_WORDS_MS)]);
}

/** Resolves when the message has left; a parent that is gone is no fault. */
function tellParent(message: ProcessMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

function levelOf(value: string | undefined): LogLevel {
  return logLevels.find((level) => level === value?.trim()) ?? 'info';
}
