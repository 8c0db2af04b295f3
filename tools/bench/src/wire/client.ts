import { ClientTCP } from '@nestjs/microservices';
import { Channel } from '@facet/transport';
import { firstValueFrom } from 'rxjs';
import { load, type LoadRequest, type LoadResult } from '../load.js';
import { answerParent } from '../worker.js';
import { body290 } from './payloads.js';

export type Work = 'echo 290 B' | 'forward 20 KB';

interface Client {
  echo(data: unknown): Promise<unknown>;
  /** The 20 KB answer as a gateway that only passes it on needs it: its JSON. */
  forward(): Promise<string>;
}

async function stockClient(port: number): Promise<Client> {
  const client = new ClientTCP({ host: '127.0.0.1', port });
  await client.connect();
  return {
    echo: (data) => firstValueFrom(client.send<unknown>('echo', data)),
    forward: async () => JSON.stringify(await firstValueFrom(client.send<unknown>('large', {}))),
  };
}

async function facetClient(port: number): Promise<Client> {
  const channel = new Channel({
    host: '127.0.0.1',
    port,
    // The bursts put more on one connection than the default bound lets wait.
    maxPendingBytes: 64 * 1_048_576,
    maxQueueBytes: 64 * 1_048_576,
  });
  await channel.connect();
  return {
    echo: (data) => channel.call({ pattern: 'echo', data }),
    forward: () => channel.forward({ pattern: 'large', data: {} }),
  };
}

const port = Number(process.argv[3]);
const client = await (process.argv[2] === 'stock' ? stockClient(port) : facetClient(port));

answerParent({
  load: ({ work, ...request }: LoadRequest & { work: Work }): Promise<LoadResult> =>
    load(request, work === 'echo 290 B' ? () => client.echo(body290) : () => client.forward()),
  burst: async ({ count, bytes }: { count: number; bytes: number }): Promise<number> => {
    const text = 'x'.repeat(bytes);
    const answers = await Promise.all(Array.from({ length: count }, () => client.echo(text)));
    return answers.filter((answer) => answer === text).length;
  },
});
