import type { App } from './apps.js';
import { findElsewhere, gone, note, type Noted } from './elsewhere.js';
import { describeExit, launchApp, LaunchError, type AppProcess } from './launch.js';

export type Addresses = Readonly<Record<string, string>>;

export interface SupervisedOptions {
  readonly env: NodeJS.ProcessEnv;
  /** What is run of it. */
  readonly from: 'source' | 'build';
  /** Whether it is started again when it ended and its sources have changed; else its end is everybody's. */
  readonly isWatched: boolean;
  /** Each line that it writes. */
  readonly onLine: (line: string) => void;
  /** It is ready, for the first time or again. */
  readonly onReady: (addresses: Addresses, isElsewhere: boolean) => void;
  /** Something that the watching person has to know, in one line. */
  readonly onNote: (line: string) => void;
}

/** One app that is kept running: by a process of ours, or by that of another terminal for as long as it lasts. */
export class Supervised {
  private readonly stopping = new AbortController();
  private changed = new AbortController();
  private process: AppProcess | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly app: App,
    private readonly options: SupervisedOptions,
  ) {}

  /**
   * Starts it and keeps it running until `stop`. Rejects when it cannot be started, or has ended: with one line that says
   * why. Watched apps are started again instead, when a file has changed.
   */
  run(): Promise<void> {
    this.running = this.options.isWatched ? this.keep() : this.once();
    return this.running;
  }

  /** A file that it is made of has changed. */
  change(file: string): void {
    this.changed.abort(file);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.process?.stop();
    await this.running.catch(() => undefined);
  }

  private async once(): Promise<void> {
    const { app } = this;
    const { pid, exited } = await this.launch(this.stopping.signal);
    const exit = await exited;
    if (this.stopping.signal.aborted) return;
    throw new Error(
      `${app.name} (process ${pid}) ended with ${describeExit(exit)}; its log: .facet/logs/${app.name}.log`,
    );
  }

  private async keep(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.changed = new AbortController();
      const round = AbortSignal.any([this.stopping.signal, this.changed.signal]);
      const elsewhere = await findElsewhere(this.app, Number(this.options.env['PORT']));
      if (elsewhere === undefined) await this.untilChanged(round);
      else await this.lent(elsewhere);
    }
  }

  /** Its process, from its start to the change after which it is started again; ended at the end. */
  private async untilChanged(round: AbortSignal): Promise<void> {
    const { name } = this.app;
    try {
      const { exited } = await this.launch(round);
      const exit = await Promise.race([exited, fired(round)]);
      if (exit !== undefined && !round.aborted) {
        this.options.onNote(`${name} ended with ${describeExit(exit)}: an edit of it starts it again`);
      }
    } catch (error) {
      if (!round.aborted) this.options.onNote(`${messageOf(error)}: an edit of it starts it again`);
    }
    await fired(round);
    const file: unknown = this.changed.signal.reason;
    if (!this.stopping.signal.aborted)
      this.options.onNote(`${name} is started again: ${String(file)} has changed`);
    await this.process?.stop();
  }

  private async launch(signal: AbortSignal): Promise<AppProcess> {
    const { env, from, onLine, onReady } = this.options;
    const process = await launchApp(this.app.name, { env, from, onLine, signal });
    this.process = process;
    note(process);
    onReady(process.addresses, false);
    return process;
  }

  private async lent(elsewhere: Noted): Promise<void> {
    this.options.onReady(elsewhere.addresses, true);
    await gone(elsewhere, this.stopping.signal);
    if (!this.stopping.signal.aborted)
      this.options.onNote(`${this.app.name} has ended in the other terminal, and is started here`);
  }
}

const messageOf = (error: unknown): string => (error instanceof LaunchError ? error.message : String(error));

const fired = (signal: AbortSignal): Promise<undefined> =>
  signal.aborted
    ? Promise.resolve(undefined)
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
