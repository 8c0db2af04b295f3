import { afterEach } from '@jest/globals';
import type { ClientTCP } from '@nestjs/microservices';

import type { Channel, ChannelOptions } from '../../src/index.js';

import { channelTo as openChannel } from './ends.js';
import { stockClient as openStockClient, type Running } from './sockets.js';

const closers: (() => unknown)[] = [];

afterEach(closeAll);

/** Closes what the test opened, the last first; also runs after each test. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** Closes the thing when the test is over. */
export function closing<T>(thing: T, close: (thing: T) => unknown): T {
  closers.push(() => close(thing));
  return thing;
}

export async function channelTo(port: number, options?: Partial<ChannelOptions>): Promise<Channel> {
  return closing(await openChannel(port, options), (channel) => channel.destroy());
}

export async function stockClient(port: number): Promise<ClientTCP> {
  return closing(await openStockClient(port), (client) => client.close());
}

export async function running(server: Promise<Running>): Promise<Running> {
  return closing(await server, (each) => each.close());
}
