import type { Credentials, OutgoingRequest } from './credentials/credentials.js';
import { exhaustedFor, pause, retryAfter } from './limits.js';
import type {
  Answered,
  CallOptions,
  ClientProblem,
  Operation,
  Problem,
  Refused,
  StreamOptions,
} from './operation.js';
import { acceptOf, piecesIn, type Piece } from './pieces.js';
import { clientProblem, known, problemIn } from './problems.js';
import { attemptOf, baseOf, requestOf, type RequestParts } from './request.js';

export interface ClientOptions {
  /** Where the gateway is: `https://shop.example.com`. Default: where the page is from. */
  readonly baseUrl?: string;
  /** What proves the caller: `session()`, `bearer(…)`, `apiKey(…)`. Default: nothing, a visitor. */
  readonly credentials?: Credentials;
  /** How long a call may take with all its attempts, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** How often a call is tried at most, where trying again can do no harm. Default 3. */
  readonly attempts?: number;
  /** How many answers are kept, to be used again where the gateway says that they still hold. Default 100. */
  readonly keptAnswers?: number;
  /** Told of each answer of a route that is going to be removed. */
  readonly onDeprecated?: (notice: DeprecationNotice) => void;
  readonly fetch?: typeof fetch;
}

export interface DeprecationNotice {
  readonly method: string;
  /** `/api/products/{id}` */
  readonly path: string;
  /** From when on it may be gone, where that is said. */
  readonly sunset?: Date;
  readonly link?: string;
}

type Input = Readonly<Record<string, unknown>>;
type AnyResult = Answered<unknown> | Refused<Problem>;

/** What the calls of one client share. */
interface Shared {
  readonly base: string;
  readonly options: ClientOptions;
  readonly answers: Map<string, KeptAnswer>;
  /** Until when a limit of the gateway is used up, in milliseconds since 1970. */
  exhaustedUntil: number;
}

/** An answer and its ETag. */
interface KeptAnswer {
  readonly etag: string;
  readonly text: string;
}

/** Makes a client of its operations: each is a function, and has `stream` for those that can be streamed. */
export function bindOperations<Client>(
  operations: Readonly<Record<keyof Client & string, Operation>>,
  options: ClientOptions = {},
): Client {
  const shared: Shared = { base: baseOf(options.baseUrl), options, answers: new Map(), exhaustedUntil: 0 };
  const bound = Object.entries<Operation>(operations).map(([name, operation]) => {
    const call = (input: Input = {}, given: CallOptions = {}) => callOf(shared, operation, input, given);
    const stream = (input: Input = {}, given: StreamOptions = {}) =>
      streamOf(shared, operation, input, given);
    return [name, Object.assign(call, { stream })] as const;
  });
  return Object.fromEntries(bound) as Client;
}

async function callOf(
  shared: Shared,
  operation: Operation,
  input: Input,
  given: CallOptions,
): Promise<AnyResult> {
  const request = partsOf(shared, operation, input, given);
  const sent = await send(shared, operation, request, given);
  if (!(sent instanceof Response)) return sent;
  const { status, headers } = sent;
  try {
    const text = status === 304 ? (shared.answers.get(request.url.href)?.text ?? '') : await sent.text();
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    keep(shared, request, headers.get('etag'), text);
    const { degraded = [] } = (value as { meta?: { degraded?: never[] } } | undefined)?.meta ?? {};
    return { ok: true, value, status: status === 304 ? 200 : status, degraded, headers };
  } catch (error) {
    throwIfAborted(given);
    return refused(badAnswer(error, status));
  }
}

/**
 * A stream that breaks off begins again, and what was given out already is left out; one that does not get to its end
 * within the call's time ends with a problem.
 */
async function* streamOf(
  shared: Shared,
  operation: Operation,
  input: Input,
  { format = 'ndjson', ...given }: StreamOptions,
): AsyncGenerator<Piece | { event: 'error'; problem: Problem }> {
  const { headers, ...parts } = partsOf(shared, operation, input, given);
  const request = { ...parts, headers: { ...headers, accept: acceptOf(format) } };
  const seen = new Set<string>();
  const attempts = shared.options.attempts ?? 3;
  for (let attempt = 1; ; attempt += 1) {
    const sent = await send(shared, operation, request, given);
    if (!(sent instanceof Response)) {
      yield { event: 'error', problem: sent.problem };
      return;
    }
    try {
      if (sent.body === null) throw new Error('there is no body');
      for await (const piece of piecesIn(sent.body, format)) {
        const key = `${piece.event} ${piece.part ?? ''}`;
        if (!seen.has(key)) yield typed(piece, operation);
        seen.add(key);
        if (piece.event === 'end' || piece.event === 'error') return;
      }
    } catch (error) {
      throwIfAborted(given);
      if (attempt < attempts) continue;
      yield { event: 'error', problem: badAnswer(error, sent.status) };
      return;
    }
    if (attempt < attempts) continue;
    yield { event: 'error', problem: badAnswer(new Error('it ends too early'), sent.status) };
    return;
  }
}

/** A problem in the middle of a stream may have any code too. */
function typed(piece: Piece, { codes }: Operation): Piece {
  return piece.problem === undefined ? piece : { ...piece, problem: known(piece.problem, codes) };
}

function partsOf({ base }: Shared, operation: Operation, input: Input, given: CallOptions): RequestParts {
  const { headers, ...parts } = requestOf(base, operation, input);
  const all = { accept: 'application/json', ...headers };
  if (operation.once !== true) return { ...parts, headers: all };
  return { ...parts, headers: { ...all, 'idempotency-key': given.idempotencyKey ?? crypto.randomUUID() } };
}

const isOkay = ({ ok, status }: Response): boolean => ok || status === 304;

/** Sends until there is an answer, or a refusal that trying again does not change within the call's time. */
async function send(
  shared: Shared,
  operation: Operation,
  parts: RequestParts,
  given: CallOptions,
): Promise<Response | Refused<Problem>> {
  const { attempts = 3, timeoutMs = 15_000, credentials } = shared.options;
  const allowedMs = given.timeoutMs ?? timeoutMs;
  const deadline = Date.now() + allowedMs;
  const timer = AbortSignal.timeout(allowedMs);
  const signal = given.signal === undefined ? timer : AbortSignal.any([given.signal, timer]);
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const blockedMs = shared.exhaustedUntil - Date.now();
    if (blockedMs > 0 && Date.now() + blockedMs >= deadline)
      return refused(clientProblem('client.rate-limited', 'A limit of this caller is used up'), blockedMs);
    try {
      if (blockedMs > 0) await pause(blockedMs, signal);
      const request = attemptOf(parts, signal);
      const sent = await sendOnce(shared, operation, request);
      if (sent instanceof Response) return sent;
      const isLate = attempt >= attempts;
      if (sent.problem.status === 401 && !renewed && (await canRenew(credentials, request))) {
        renewed = true;
        continue;
      }
      const waitMs = waitBefore(operation, sent, attempt);
      if (isLate || waitMs === undefined || Date.now() + waitMs >= deadline) return sent;
      await pause(waitMs, signal);
    } catch (error) {
      throwIfAborted(given);
      if (timer.aborted) return refused(clientProblem('client.timeout', `No answer in ${allowedMs} ms`));
      throw error;
    }
  }
}

async function canRenew(credentials: Credentials | undefined, request: OutgoingRequest): Promise<boolean> {
  try {
    return (await credentials?.refused?.(request)) ?? false;
  } catch {
    return false;
  }
}

/** One attempt. Rejects where the call is at its end; everything else that can go wrong is a refusal. */
async function sendOnce(
  shared: Shared,
  operation: Operation,
  request: OutgoingRequest,
): Promise<Response | Refused<Problem>> {
  const { credentials, fetch: own } = shared.options;
  const { method, url, headers, body, signal } = request;
  const kept = shared.answers.get(url.href);
  if (method === 'GET' && kept !== undefined) headers.set('if-none-match', kept.etag);
  try {
    await credentials?.authorize(request);
  } catch (error) {
    signal.throwIfAborted();
    return refused(clientProblem('client.no-credentials', (error as Error).message));
  }
  let response: Response;
  try {
    response = await (own ?? fetch)(url, {
      ...{ method, headers, signal, redirect: 'error', credentials: credentials?.cookies ?? 'omit' },
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    signal.throwIfAborted();
    return refused(clientProblem('client.unreachable', (error as Error).message));
  }
  note(shared, operation, response);
  if (isOkay(response)) return response;
  const wait = retryAfter(response.headers);
  return refused(await problemIn(response, operation.codes), wait);
}

/** What an answer says beside its body. */
function note(shared: Shared, { method, path }: Operation, { headers }: Response): void {
  const waitMs = exhaustedFor(headers);
  if (waitMs > 0) shared.exhaustedUntil = Math.max(shared.exhaustedUntil, Date.now() + waitMs);
  if (!headers.has('deprecation')) return;
  const sunset = headers.get('sunset');
  const [, link] = /<([^>]*)>;\s*rel="deprecation"/.exec(headers.get('link') ?? '') ?? [];
  shared.options.onDeprecated?.({
    ...{ method, path },
    ...(sunset === null ? {} : { sunset: new Date(sunset) }),
    ...(link === undefined ? {} : { link }),
  });
}

const PASSING: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);

/**
 * How long to wait before another attempt, in milliseconds; undefined where none helps or it could do something twice: all
 * that read may be repeated, and what has an `Idempotency-Key`.
 */
function waitBefore(
  { method, once }: Operation,
  { problem: { status, code }, retryAfterMs }: Refused<Problem>,
  attempt: number,
): number | undefined {
  const isPassing = PASSING.has(status) || code === 'idempotency.in-progress';
  if (!isPassing || code === 'client.no-credentials') return undefined;
  if (method !== 'GET' && once !== true && status !== 429) return undefined;
  return (retryAfterMs ?? 0) + Math.random() * 100 * 2 ** attempt;
}

function keep(
  { answers, options }: Shared,
  { method, url }: RequestParts,
  etag: string | null,
  text: string,
): void {
  const { keptAnswers = 100 } = options;
  if (method !== 'GET' || etag === null || keptAnswers < 1) return;
  answers.delete(url.href);
  answers.set(url.href, { etag, text });
  const [oldest] = answers.keys();
  if (answers.size > keptAnswers && oldest !== undefined) answers.delete(oldest);
}

function refused<P extends Problem>(problem: P, retryAfterMs?: number): Refused<P> {
  return retryAfterMs === undefined ? { ok: false, problem } : { ok: false, problem, retryAfterMs };
}

function badAnswer(error: unknown, status: number): ClientProblem {
  const isLate = (error as Error).name === 'TimeoutError';
  return clientProblem(isLate ? 'client.timeout' : 'client.bad-answer', (error as Error).message, status);
}

const throwIfAborted = ({ signal }: CallOptions): void => signal?.throwIfAborted();
