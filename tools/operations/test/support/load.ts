import { Agent, request } from 'node:https';
import type { Balancer } from '../../src/balancer.js';

/** Clients of a balancer, who ask without a pause of more than a moment until they are stopped. */
export interface Load {
  /** Resolves when so many more have been answered; gives what failed since it was last asked, in words. */
  answered(count: number): Promise<readonly string[]>;
  /** Serial numbers of the certificates that were seen. */
  readonly serials: ReadonlySet<string>;
  stop(): Promise<void>;
}

const LANES = 4;
const PAUSE_MS = 50;

/** Half of the clients keep their connection, the others make one for each request. */
export function startLoad(balancer: Balancer, path: string): Load {
  const serials = new Set<string>();
  const waiting = new Set<() => void>();
  let replies = 0;
  let failures: string[] = [];
  let isOver = false;
  const lane = async (index: number): Promise<void> => {
    const keeps = index % 2 === 0;
    const agent = new Agent({ keepAlive: keeps, maxSockets: 1 });
    while (!isOver) {
      const failure = await ask(balancer, { path, agent, serials });
      if (failure !== undefined) failures.push(failure);
      replies += 1;
      for (const look of waiting) look();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    agent.destroy();
  };
  const lanes = Array.from({ length: LANES }, (_, index) => lane(index));
  return {
    serials,
    answered(count) {
      const until = replies + count;
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      const look = (): void => {
        if (replies < until) return;
        waiting.delete(look);
        resolve(failures.splice(0));
      };
      waiting.add(look);
      return promise;
    },
    async stop() {
      isOver = true;
      await Promise.all(lanes);
      failures = [];
    },
  };
}

/** Another visitor each time, so that no rate limit is in the way. */
function someVisitor(): Record<string, string> {
  const byte = () => Math.floor(Math.random() * 256);
  return { 'x-forwarded-for': `10.${byte()}.${byte()}.${byte()}` };
}

interface Asking {
  readonly path: string;
  readonly agent: Agent;
  readonly serials: Set<string>;
}

/** Undefined where it was answered as it should be. */
function ask({ url, authorities }: Balancer, { path, agent, serials }: Asking): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request(
      `${url}${path}`,
      { agent, ca: [...authorities], headers: someVisitor() },
      (answer) => {
        const { socket, statusCode: status } = answer;
        if ('getPeerCertificate' in socket) {
          const { getPeerCertificate } = socket as { getPeerCertificate: () => { serialNumber?: string } };
          serials.add(getPeerCertificate.call(socket).serialNumber ?? '');
        }
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('error', (error) => resolve(error.message));
        answer.once('end', () => {
          resolve(status === 200 ? undefined : `${status} ${Buffer.concat(parts).toString().slice(0, 300)}`);
        });
      },
    );
    sent.once('error', (error) => resolve(String(error))).end();
  });
}
