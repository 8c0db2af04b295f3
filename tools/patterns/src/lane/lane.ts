/** A process that is a client: in a network namespace of its own where packets are sent. */
import { chainOf, gatheredChain } from '../clients/chain.js';
import { screens } from '../clients/screens.js';
import type { BuildScreen } from '../clients/api.js';
import { HttpClient, type Protocol } from '../clients/http.js';
import { readyNamespace } from '../network/isolate.js';
import type { Link } from '../network/link.js';
import { ModelLink } from '../network/model-link.js';
import { openPacketLink } from '../network/packet-link.js';
import { frontOf, type Front } from '../ways.js';
import type { LaneReply, LaneSettings, Task } from './tasks.js';
import { takeTurn, type Turn } from './turn.js';

let settings: LaneSettings;
let link: Link;
let visitors = 0;

const say = (reply: LaneReply): void => void process.send?.(reply);

process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on(
  'message',
  (message: { settings: LaneSettings; congestion?: string } | { id: number; task: Task }) => {
    if ('settings' in message) void open(message.settings, message.congestion);
    else void work(message.id, message.task);
  },
);
say({ id: -1 });

async function open(given: LaneSettings, congestion: string | undefined): Promise<void> {
  settings = given;
  try {
    if (given.packets !== undefined) {
      readyNamespace(congestion);
      link = openPacketLink(given.packets);
    } else link = await ModelLink.open(given.network, Object.values(given.ports), given.seed);
    say({ id: 0 });
  } catch (error) {
    say({ id: 0, error: String(error) });
  }
}

async function work(id: number, task: Task): Promise<void> {
  try {
    say({ id, turns: await turnsOf(task) });
  } catch (error) {
    say({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function turnsOf(task: Task): Promise<readonly Turn[]> {
  switch (task.kind) {
    case 'cell': {
      const { screen, way, protocol, warm } = task.cell;
      const build = screens[screen][way];
      const front = frontOf(way, screen);
      return warm
        ? warmTurns(build, { front, protocol, turns: task.turns })
        : coldTurns(build, { front, protocol, turns: task.turns });
    }
    case 'again':
      return againTurns(task);
    case 'chain': {
      const front = task.way === 'direct' ? 'services' : 'general';
      const build = task.way === 'direct' ? chainOf(task.length) : gatheredChain(task.length);
      return warmTurns(build, { front, protocol: 'h2', turns: task.turns });
    }
  }
}

interface How {
  readonly front: Front;
  readonly protocol: Protocol;
  readonly turns: number;
}

async function coldTurns(build: BuildScreen, { front, protocol, turns }: How): Promise<readonly Turn[]> {
  const done: Turn[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const client = newClient(front, protocol);
    done.push(await takeTurn(client, build));
    client.close();
  }
  return done;
}

async function warmTurns(build: BuildScreen, { front, protocol, turns }: How): Promise<readonly Turn[]> {
  const client = newClient(front, protocol);
  const done: Turn[] = [];
  await takeTurn(client, build);
  for (let turn = 0; turn < turns; turn += 1) done.push(await takeTurn(client, build));
  client.close();
  return done;
}

async function againTurns({
  screen,
  way,
  laterMs,
  turns,
}: Extract<Task, { kind: 'again' }>): Promise<readonly Turn[]> {
  const client = newClient(frontOf(way, screen), 'h2');
  client.keeps = true;
  const build = screens[screen][way];
  const done: Turn[] = [];
  await takeTurn(client, build);
  for (let turn = 0; turn < turns; turn += 1) {
    // Each time so much after the last one.
    client.laterMs += laterMs;
    done.push(await takeTurn(client, build));
  }
  client.close();
  return done;
}

/** A new visitor, or a partner with one of its keys. */
function newClient(front: Front, protocol: Protocol): HttpClient {
  visitors += 1;
  const { keys, tls, ports, seed } = settings;
  const visitor = seed * 65_536 + visitors;
  const key = keys[visitors % keys.length] ?? '';
  return new HttpClient({
    ...{ link, protocol, tls, port: ports[front] },
    headers: {
      'x-forwarded-for': `11.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`,
      ...(front === 'partner' || front === 'general' ? { authorization: `Bearer ${key}` } : {}),
    },
  });
}
