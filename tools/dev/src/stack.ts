import { setTimeout as sleep } from 'node:timers/promises';
import { findDatabase, startDatabase, type Database } from '@facet/database';
import { developmentEnv, type App } from './apps.js';
import { openLog, prettyLine, worthShowing } from './log-lines.js';
import type { Production } from './production/production.js';
import type { Progress } from './progress.js';
import { watchSources } from './sources.js';
import type { Started } from './summary.js';
import { Supervised } from './supervised.js';

export interface StackOptions {
  /** Of the whole workspace: each is told where the others are. */
  readonly apps: readonly App[];
  /** Those that are started. */
  readonly chosen: readonly App[];
  /** The one that is being worked on: its whole log is shown, and all are started again where their sources change. */
  readonly watched?: App | undefined;
  /** Where it runs as in production. */
  readonly production?: Production | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

const LOOK_AGAIN_MS = 300;

/** Runs the database and apps, and ends what it has started, in whichever state that is. */
export class Stack {
  private readonly stopping = new AbortController();
  private readonly failed = Promise.withResolvers<never>();
  private supervised: readonly Supervised[] = [];
  private database: Database | undefined;
  private stopWatching: (() => Promise<void>) | undefined;

  constructor(private readonly options: StackOptions) {
    this.failed.promise.catch(() => undefined);
  }

  /** Rejects, with one line that says why, when an app or the database has ended by itself. */
  get broken(): Promise<never> {
    return this.failed.promise;
  }

  /** Starts all apps at the same time and resolves when all of them are ready; rejects with the first that is not. */
  async start(): Promise<readonly Started[]> {
    const { chosen, env, watched, production } = this.options;
    const url = env['DATABASE_URL'] || (needsDatabase(chosen) ? await this.findOrStartDatabase() : undefined);
    this.stopping.signal.throwIfAborted();
    production?.startBalancer((line) => this.failed.reject(new Error(`HAProxy ended: ${line}`)));
    const starts = chosen.map((app) => this.supervise(app, { ...env, DATABASE_URL: url }));
    if (watched !== undefined) {
      this.stopWatching = await watchSources(chosen, (app, file) =>
        this.supervised.find((each) => each.app === app)?.change(file),
      );
    }
    return Promise.race([Promise.all(starts), this.broken]);
  }

  /** Gateways first, so that they still find their services while they finish; the database last. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.stopWatching?.();
    await this.stopWhere(({ kind }) => kind !== 'service');
    await this.stopWhere(({ kind }) => kind === 'service');
    await this.options.production?.stop();
    await this.database?.stop();
  }

  private supervise(app: App, env: NodeJS.ProcessEnv): Promise<Started> {
    const { apps, progress, watched, production } = this.options;
    const log = openLog(app.name);
    const { promise, resolve } = Promise.withResolvers<Started>();
    let since = performance.now();
    const print = (line: string): void => {
      if (!this.stopping.signal.aborted) progress.print(line);
    };
    const one = new Supervised(app, {
      env: production?.envOf(app, env['DATABASE_URL']) ?? { ...env, ...developmentEnv(app, apps, env) },
      from: production === undefined ? 'source' : 'build',
      isWatched: watched !== undefined,
      onLine: (line) => {
        log.write(`${line}\n`);
        if (app === watched) print(prettyLine(line));
        else if (worthShowing(line) !== undefined) print(`${app.name}  ${worthShowing(line)}`);
      },
      onReady: (reported, isElsewhere) => {
        const addresses = production?.shown(app, reported) ?? reported;
        const how = isElsewhere ? 'in another terminal' : seconds(since);
        progress.ready(app.name, `${addresses['http'] ?? addresses['tcp'] ?? ''}  ${how}`);
        resolve({ app, addresses });
      },
      onNote: (line) => {
        since = performance.now();
        print(line);
      },
    });
    this.supervised = [...this.supervised, one];
    one.run().catch((error: unknown) => this.failed.reject(error));
    return promise;
  }

  /** That of another terminal serves as well, where this one is to be shared: it is replaced when it ends. */
  private async findOrStartDatabase(): Promise<string> {
    const before = performance.now();
    if (this.options.watched === undefined || findDatabase() === undefined) {
      const url = await this.startOwnDatabase();
      this.options.progress.ready('database', `127.0.0.1:${this.database?.port}  ${seconds(before)}`);
      return url;
    }
    const url = findDatabase() ?? '';
    this.options.progress.ready('database', `127.0.0.1:${new URL(url).port}  in another terminal`);
    void this.replaceDatabase();
    return url;
  }

  private async startOwnDatabase(): Promise<string> {
    this.database = await startDatabase();
    void this.database.exited.then((line) => {
      if (!this.stopping.signal.aborted) this.failed.reject(new Error(`The database ended: ${line}`));
    });
    return this.database.url;
  }

  private async replaceDatabase(): Promise<void> {
    const { signal } = this.stopping;
    while (findDatabase() !== undefined && !signal.aborted)
      await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await this.startOwnDatabase().catch((error: unknown) => this.failed.reject(error));
  }

  private async stopWhere(matches: (app: App) => boolean): Promise<void> {
    await Promise.all(this.supervised.filter(({ app }) => matches(app)).map((each) => each.stop()));
  }
}

export const needsDatabase = (apps: readonly App[]): boolean => apps.some(({ kind }) => kind === 'service');

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
