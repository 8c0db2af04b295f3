import { startDatabase, type Database } from '@facet/database';
import { developmentEnv, type App } from './apps.js';
import { describeExit, launchApp, type AppProcess } from './launch.js';
import { openLog, worthShowing } from './log-lines.js';
import type { Progress } from './progress.js';
import type { Started } from './summary.js';

/** Everything that `npm start` runs: the database, the services, the gateways. */
export interface Stack {
  readonly started: readonly Started[];
  /** Resolves, with one line that says what, when a part of it has ended by itself. */
  readonly broken: Promise<string>;
}

export interface StackOptions {
  readonly apps: readonly App[];
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

/** Starts apps and ends what it has started, in whichever state that is. */
export class Stacker {
  private readonly abort = new AbortController();
  private readonly processes = new Map<App, AppProcess>();
  private launching: Promise<unknown> = Promise.resolve();
  private database: Database | undefined;

  constructor(private readonly options: StackOptions) {}

  /** All apps at the same time; rejects with the first that does not start. */
  async start(): Promise<Stack> {
    const { apps, env } = this.options;
    const databaseUrl = env['DATABASE_URL'] || (await this.startDatabase());
    this.abort.signal.throwIfAborted();
    const launches = apps.map((app) => this.launch(app, { ...env, DATABASE_URL: databaseUrl }));
    this.launching = Promise.allSettled(launches);
    const started = await Promise.all(launches);
    return { started, broken: this.firstToEnd(started) };
  }

  /** Gateways first, so that they still find their services while they finish; the database last. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.launching;
    await this.stopWhere(({ kind }) => kind !== 'service');
    await this.stopWhere(({ kind }) => kind === 'service');
    await this.database?.stop();
  }

  private async startDatabase(): Promise<string> {
    const before = performance.now();
    this.database = await startDatabase();
    this.options.progress.ready('database', `127.0.0.1:${this.database.port}  ${seconds(before)}`);
    return this.database.url;
  }

  private async launch(app: App, env: NodeJS.ProcessEnv): Promise<Started> {
    const { apps, progress } = this.options;
    const before = performance.now();
    const log = openLog(app.name);
    const process = await launchApp(app.name, {
      env: { ...env, ...developmentEnv(app, apps, env) },
      signal: this.abort.signal,
      onLine: (line) => {
        log.write(`${line}\n`);
        const shown = worthShowing(line);
        if (shown !== undefined && !this.abort.signal.aborted) progress.print(`${app.name}  ${shown}`);
      },
    });
    this.processes.set(app, process);
    const { http, tcp } = process.addresses;
    progress.ready(app.name, `${http ?? tcp ?? ''}  ${seconds(before)}`);
    return { app, process };
  }

  private firstToEnd(started: readonly Started[]): Promise<string> {
    const ends = started.map(async ({ app, process }) => {
      const exit = await process.exited;
      return `${app.name} (process ${process.pid}) ended with ${describeExit(exit)}; its log: .facet/logs/${app.name}.log`;
    });
    const database = this.database?.exited.then((line) => `The database ended: ${line}`);
    return Promise.race([...ends, ...(database === undefined ? [] : [database])]);
  }

  private async stopWhere(matches: (app: App) => boolean): Promise<void> {
    const chosen = [...this.processes].filter(([app]) => matches(app));
    await Promise.all(chosen.map(([, process]) => process.stop()));
  }
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
