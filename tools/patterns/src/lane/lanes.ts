import { fork, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sourceArguments } from '@facet/dev';
import { isIsolated } from '../network/isolate.js';
import type { Network } from '../network/networks.js';
import { startPacketLine, type PacketLine } from '../network/packet-link.js';
import type { LaneReply, LaneSettings, Task } from './tasks.js';
import type { Turn } from './turn.js';

const FILE = 'tools/patterns/src/lane/lane.ts';

export interface LaneOptions {
  readonly network: Network;
  readonly ports: LaneSettings['ports'];
  readonly tls: LaneSettings['tls'];
  readonly keys: readonly string[];
  readonly congestion?: string | undefined;
  /** The model of a network even where packets could be sent. */
  readonly modelled?: boolean;
}

interface Waiting {
  readonly resolve: (turns: readonly Turn[]) => void;
  readonly reject: (error: Error) => void;
}

let count = 0;
const running = new Set<Lane>();
process.on('exit', () => {
  for (const lane of running) lane.kill();
});

/** A client on a network of its own. */
export class Lane {
  readonly #waiting = new Map<number, Waiting>();
  #line: PacketLine | undefined;
  #next = 1;
  #isEnding = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly network: Network,
  ) {
    running.add(this);
    child.on('message', ({ id, turns = [], error }: LaneReply) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(turns);
      else waiting?.reject(new Error(`a client on ${network.name}: ${error}`));
    });
    child.on('exit', () => {
      running.delete(this);
      const error = new Error(`a client on ${network.name} ended`);
      if (!this.#isEnding) for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  static async start({ network, modelled = false, congestion, ...given }: LaneOptions): Promise<Lane> {
    const sendsPackets = isIsolated && !modelled;
    count += 1;
    const index = count;
    const lane = new Lane(startClient(sendsPackets), network);
    try {
      await lane.#said(-1);
      if (sendsPackets) lane.#line = await startPacketLine(network, index, lane.child.pid ?? 0);
      const packets = lane.#line?.client;
      const settings = { ...given, network, seed: index, ...(packets && { packets }) } satisfies LaneSettings;
      const ready = lane.#said(0);
      lane.child.send({ settings, congestion });
      await ready;
      return lane;
    } catch (error) {
      await lane.stop();
      throw error;
    }
  }

  async run(task: Task): Promise<readonly Turn[]> {
    const id = this.#next++;
    const said = this.#said(id);
    this.child.send({ id, task });
    return said;
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#line?.stop();
  }

  kill(): void {
    this.#isEnding = true;
    this.child.kill('SIGKILL');
  }

  #said(id: number): Promise<readonly Turn[]> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}

function startClient(sendsPackets: boolean): ChildProcess {
  const args = sourceArguments(FILE);
  const stdio: ['ignore', 'inherit', 'inherit', 'ipc'] = ['ignore', 'inherit', 'inherit', 'ipc'];
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url));
  if (!sendsPackets) return fork(args.at(-1) ?? '', { execArgv: args.slice(0, -1), stdio, cwd });
  return spawn('unshare', ['--net', process.execPath, ...args], { stdio, cwd });
}
