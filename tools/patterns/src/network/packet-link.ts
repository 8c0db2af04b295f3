import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ip } from './isolate.js';
import type { Link } from './link.js';
import type { Network } from './networks.js';

const RELAY = fileURLToPath(new URL('relay.pl', import.meta.url));

/** The servers' end of a link of packets, whose other end is in the namespace of `clientPid`. */
export interface PacketLine {
  /** Where the client reaches the servers, and what it is called and has as its own address there. */
  readonly client: PacketLinkEnd;
  stop(): Promise<void>;
}

export interface PacketLinkEnd {
  readonly device: string;
  readonly own: string;
  readonly server: string;
}

/** Makes the two devices and the relay between them; `index` numbers links that are there at once. */
export async function startPacketLine(
  network: Network,
  index: number,
  clientPid: number,
): Promise<PacketLine> {
  const [near, far] = [`fps${index}`, `fpc${index}`];
  const bits = [network.downMbit, network.upMbit].map((mbit) => String(mbit * 1e6));
  const delay = String(Math.round(network.rttMs * 500));
  const args = [RELAY, near, far, delay, ...bits, String(network.loss), String(1_000 + index)];
  const relay = spawn('perl', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([once(relay.stdout, 'data'), failure(relay)]);
  const [server, own] = [`10.213.${index}.1`, `10.213.${index}.2`];
  ip(`addr add ${server} peer ${own} dev ${near}`);
  ip(`link set ${near} up`);
  ip(`link set ${far} netns ${clientPid}`);
  return {
    client: { device: far, own, server },
    async stop() {
      if (relay.exitCode !== null) return;
      const ended = once(relay, 'exit');
      relay.stdin.end();
      await ended;
    },
  };
}

async function failure(relay: ChildProcess): Promise<never> {
  await once(relay, 'exit');
  throw new Error(`the relay of packets ended with ${String(relay.exitCode)}`);
}

/** The client's end, in its own namespace. */
export function openPacketLink({ device, own, server }: PacketLinkEnd): Link {
  ip(`addr add ${own} peer ${server} dev ${device}`);
  ip(`link set ${device} up`);
  return {
    connect: (port) => connect({ host: server, port, noDelay: true }),
    stop: () => undefined,
  };
}
