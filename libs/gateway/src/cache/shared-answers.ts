import type { GatewayRequest } from '../answers/gateway-request.js';
import type { Body, ReplyWriter } from '../reply/writer.js';
import { operationsOf } from '../routes/services.js';
import type { Route } from '../routes/route.js';
import type { ResponseCache } from './response-cache.js';
import { ruleOf } from './rule.js';

/** Answers a request by itself. */
type Perform = (request: GatewayRequest) => void;

/** One request that is being answered, and those who wait for the same answer. */
class InFlightAnswer {
  #leader: GatewayRequest | undefined;
  #followers = new Set<GatewayRequest>();
  #hasLeaderLeft = false;

  constructor(leader: GatewayRequest) {
    this.#leader = leader;
    leader.onLeft = () => {
      this.#hasLeaderLeft = true;
      this.#cancelIfAlone();
    };
  }

  add(follower: GatewayRequest, perform: Perform): void {
    this.#followers.add(follower);
    follower.onLeft = () => {
      this.#followers.delete(follower);
      follower.leave();
      this.#cancelIfAlone();
      // It ends as one that was cancelled.
      perform(follower);
    };
  }

  /** Gives those who still wait, and holds nothing any more: a long-lived map keeps what left it until it is rebuilt. */
  end(): ReadonlySet<GatewayRequest> {
    const followers = this.#followers;
    this.#leader = undefined;
    this.#followers = new Set();
    return followers;
  }

  #cancelIfAlone(): void {
    if (this.#hasLeaderLeft && this.#followers.size === 0) this.#leader?.leave();
  }
}

/**
 * Answers of one route that are the same for everybody: from the response cache, or once for all who ask the same at the same
 * time.
 */
export class SharedAnswers {
  readonly #inFlight = new Map<string, InFlightAnswer>();
  readonly #prefix: string;
  readonly #operations: readonly string[];
  /** False as soon as an answer has turned out not to be for everybody: nobody waits for one of those. */
  #isForAll = true;

  constructor(
    private readonly cache: ResponseCache,
    private readonly writer: ReplyWriter,
    route: Route,
  ) {
    this.#prefix = `${route.method} ${route.path} `;
    this.#operations = [...new Set(operationsOf(route).map(({ pattern }) => pattern))];
  }

  /** Answers a request from the cache or together with another one, or lets it be performed. */
  answer(request: GatewayRequest, perform: Perform): void {
    const { url = '' } = request.raw.raw;
    if (request.caller !== undefined || url.includes('explain')) return perform(request);
    const key = this.#prefix + url;
    const now = performance.now();
    const entry = this.cache.find(key, now);
    if (entry !== undefined) {
      for (const operation of entry.cached.operations) this.cache.decided(operation, 'hit');
      return this.writer.writeCached(request, entry, now);
    }
    if (!this.#isForAll) return perform(request);
    const inFlight = this.#inFlight.get(key);
    if (inFlight !== undefined) {
      for (const operation of this.#operations) this.cache.decided(operation, 'coalesced');
      return inFlight.add(request, perform);
    }
    this.#inFlight.set(key, new InFlightAnswer(request));
    request.reads = this.cache.reads();
    perform(request);
  }

  /** A request has its answer, or a problem: `body` is undefined then. */
  done(request: GatewayRequest, body: Body, perform: Perform): void {
    const { reads, kept } = request;
    if (reads === undefined) return;
    const key = this.#prefix + (request.raw.raw.url ?? '');
    if (typeof body === 'string' && request.status === 200) {
      if (kept === undefined) this.#isForAll = !isPrivate(request);
      else this.cache.store(key, reads, kept, body);
    }
    const followers = this.#inFlight.get(key)?.end();
    this.#inFlight.delete(key);
    request.onLeft = undefined;
    for (const follower of followers ?? []) {
      follower.onLeft = undefined;
      this.answer(follower, perform);
    }
  }
}

function isPrivate({ cacheControl }: GatewayRequest): boolean {
  return cacheControl?.startsWith('private') === true;
}

/** Whether all that a route answers with may be the same for everybody, as far as its contracts say. */
export function mayBeShared(route: Route): boolean {
  const { method, target } = route;
  if (method !== 'GET' || (target.kind !== 'aggregation' && target.kind !== 'operation')) return false;
  if (target.kind === 'aggregation' && target.aggregation.parts.some(({ kind }) => kind === 'deferred'))
    return false;
  const sources = target.kind === 'operation' ? [...target.sources.values()] : [];
  if (sources.some(({ from }) => from === 'caller' || from === 'header')) return false;
  return operationsOf(route).every((operation) => {
    const { ttlMs, isPersonal } = ruleOf(operation);
    return ttlMs > 0 && !isPersonal;
  });
}
