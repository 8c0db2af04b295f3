import type { Run } from '@facet/aggregation';
import { ConfigError, type AdminPages } from '@facet/platform';
import type { Upstreams } from '@facet/routing';
import type { GatewayConfig } from './config.js';
import type { Recorder } from './record/recorder.js';
import type { RequestRecord } from './record/record.js';
import type { Route } from './routes/route.js';

/** A gateway that runs, as its console sees it. */
export interface GatewayInside {
  readonly name: string;
  readonly production: boolean;
  /** What a reader of the console has to send; nothing is asked for where absent. */
  readonly token?: string;
  readonly routes: readonly Route[];
  readonly upstreams: Pick<Upstreams, 'snapshot' | 'events'>;
  /** Reads the records of those requests that it wants, as they end. Gives back what ends that. */
  onRecord(reader: ConsoleReader): () => void;
  /** Has services asked for their own times, until what it gives back is called. */
  askForServerTimes(): () => void;
}

export interface ConsoleReader {
  /** Called for each request; nothing of its record is built before. */
  wants(status: number, durationMs: number, isDegraded: boolean, route: Route | undefined): boolean;
  read(record: RequestRecord): void;
}

/** The pages of a console, on the gateway's admin port. */
export interface GatewayConsole {
  readonly pages: AdminPages;
  /** The admin port listens, at this address. */
  listening(adminUrl: string): void;
  close(): Promise<void>;
}

/** Makes the console of a gateway: `openConsole` of `@facet/console`. */
export type ConsoleFactory = (gateway: GatewayInside) => GatewayConsole;

interface Parts extends Pick<GatewayInside, 'name' | 'routes' | 'upstreams'> {
  readonly config: GatewayConfig;
  readonly recorder: Recorder;
}

/**
 * Opens the console where there is one and the configuration has it on.
 *
 * @throws ConfigError in production without CONSOLE_TOKEN
 */
export function openGatewayConsole(
  open: ConsoleFactory | undefined,
  { config: { production, console }, recorder, name, routes, upstreams }: Parts,
): GatewayConsole | undefined {
  if (open === undefined || !console.enabled) return undefined;
  const { token } = console;
  if (production && token === undefined) {
    const expected = 'expected at least 32 characters where CONSOLE is true in production';
    throw new ConfigError(name, [{ variable: 'CONSOLE_TOKEN', expected }]);
  }
  return open({
    ...{ name, production, routes, upstreams },
    ...(token === undefined ? {} : { token }),
    onRecord: (reader) =>
      recorder.add({
        wants: ({ run, route }, { status, tookMs }) => reader.wants(status, tookMs, isDegraded(run), route),
        read: (record) => reader.read(record),
        wantsServerTimes: false,
      }),
    askForServerTimes: () =>
      recorder.add({ wants: () => false, read: () => undefined, wantsServerTimes: true }),
  });
}

function isDegraded(run: Run | undefined): boolean {
  return run !== undefined && (run.states.includes('missing') || run.states.includes('default'));
}
