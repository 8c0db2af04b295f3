import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { GatewayConsole, GatewayInside, Route } from '@facet/gateway';
import { facetFolder } from './facet-folder.js';
import { History } from './history.js';
import { readJson, refuse, sendBody, sendJson } from './http/answer.js';
import { loadAssets } from './http/assets.js';
import { refusedHost, refusedPeer, refusedReader, tokenCheck } from './http/guard.js';
import { Live } from './live/live.js';
import { linesOfTrace } from './logs.js';
import { Neighbours } from './neighbours.js';
import { routeViews } from './routes.js';
import { whatIf } from './what-if.js';

export const PREFIX = '/console';

export interface ConsoleOptions {
  /** Where the console keeps requests across restarts and finds other gateways; `.facet` of the workspace where absent. */
  readonly folder?: string;
}

/** The console of a gateway, for its option `console`. */
export function openConsole(gateway: GatewayInside, { folder }: ConsoleOptions = {}): GatewayConsole {
  return new Console(gateway, folder ?? facetFolder());
}

type Answer = (response: ServerResponse, request: IncomingMessage, id: string) => void | Promise<void>;

const NO_JSON = { status: 415, title: 'Only application/json' };
const NOT_FOUND = { status: 404, title: 'Not Found' };

class Console implements GatewayConsole {
  readonly #live: Live;
  readonly #routes: readonly Route[];
  readonly #history: History | undefined;
  readonly #neighbours: Neighbours | undefined;
  readonly #logs: string | undefined;
  readonly #isTokenRight: ((header: string | undefined) => boolean) | undefined;
  #assets: ReturnType<typeof loadAssets> | undefined;
  readonly #restored: Promise<void>;

  constructor(gateway: GatewayInside, folder: string) {
    this.#routes = gateway.routes;
    this.#live = new Live(gateway, routeViews(gateway.routes));
    this.#isTokenRight = gateway.token === undefined ? undefined : tokenCheck(gateway.token);
    if (!gateway.production) {
      this.#history = new History(join(folder, 'console', `${gateway.name}.ndjson`));
      this.#neighbours = new Neighbours(join(folder, 'console', 'gateways'), gateway.name);
      this.#logs = join(folder, 'logs');
    }
    this.#restored = this.#restore();
  }

  readonly pages = {
    prefix: PREFIX,
    answer: (request: IncomingMessage, response: ServerResponse): void => {
      this.#answer(request, response).catch(() => response.destroy());
    },
  };

  listening(adminUrl: string): void {
    this.#neighbours?.announce(adminUrl).catch(() => undefined);
  }

  async close(): Promise<void> {
    const { details } = this.#live;
    this.#live.close();
    await this.#neighbours?.leave();
    await this.#restored;
    // A full disk is no reason not to stop.
    if (details.length > 0) await this.#history?.save(details).catch(() => undefined);
  }

  async #restore(): Promise<void> {
    if (this.#history !== undefined) this.#live.restore(await this.#history.load());
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isOpen = this.#isTokenRight === undefined;
    const refused = refusedHost(request) ?? (isOpen ? refusedPeer(request.socket.remoteAddress) : undefined);
    if (refused !== undefined) return refuse(response, refused);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path.startsWith(`${PREFIX}/api/`)) return this.#api(path.slice(PREFIX.length + 5), request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, wrongMethod('GET, HEAD'));
    this.#assets ??= loadAssets(PREFIX);
    const isPage = path === PREFIX || path === `${PREFIX}/`;
    const asset = this.#assets.get(isPage ? `${PREFIX}/index.html` : path);
    if (asset === undefined) refuse(response, NOT_FOUND);
    else sendBody(response, asset);
  }

  async #api(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusedReader(request, this.#isTokenRight);
    if (refused !== undefined) return refuse(response, refused);
    const [name = '', id = '', ...rest] = path.split('/');
    const method = name === 'what-if' ? 'POST' : 'GET';
    const answer = rest.length > 0 ? undefined : this.#answers.get(name);
    if (answer === undefined) return refuse(response, NOT_FOUND);
    if (request.method !== method) return refuse(response, wrongMethod(method));
    const isJson = request.headers['content-type']?.startsWith('application/json') === true;
    // What a form of another page can send is no JSON.
    if (method === 'POST' && !isJson) return refuse(response, NO_JSON);
    await this.#restored;
    await answer(response, request, id);
  }

  readonly #answers: ReadonlyMap<string, Answer> = new Map<string, Answer>(
    Object.entries({
      live: (response) => {
        const { feed } = this.#live;
        if (feed.isFull) refuse(response, { status: 503, title: 'Too many consoles are open' });
        else feed.add(response, () => this.#live.hello());
      },
      requests: (response, _, id) => {
        const found = this.#live.find(id);
        if (found === undefined) refuse(response, NOT_FOUND);
        else sendJson(response, found);
      },
      logs: async (response, _, id) => {
        const isTrace = /^[0-9a-f]{32}$/.test(id);
        sendJson(response, isTrace && this.#logs !== undefined ? await linesOfTrace(this.#logs, id) : []);
      },
      'what-if': async (response, request) => {
        const asked = (await readJson(request))?.['route'];
        const route = this.#routes.find(({ method, path }) => `${method} ${path}` === asked);
        if (route?.target.kind !== 'aggregation') return refuse(response, NOT_FOUND);
        sendJson(response, await whatIf(route.target.aggregation));
      },
      gateways: async (response) => sendJson(response, (await this.#neighbours?.list()) ?? []),
    } satisfies Record<string, Answer>),
  );
}

function wrongMethod(allow: string) {
  return { status: 405, title: 'Method Not Allowed', headers: { allow } };
}
