import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { stockPeer, TransportError, type OutgoingCall, type Peer } from '@facet/transport';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { formatAddress, type Address } from '../../address.js';
import { contextFields, PendingChannel } from '../pending-channel.js';
import type { ResolvedHttp } from './options.js';
import { failureOf, replyOf } from './reply.js';
import type { HttpRequest, RequestTemplate } from './request-template.js';
import type { Validators } from './validators.js';

/** The way to one instance of an HTTP service: an axios client with a keep-alive agent of its own. */
export class HttpChannel extends PendingChannel<AbortController> {
  readonly #agent: Agent;
  readonly #client: AxiosInstance;

  constructor(
    address: Address,
    private readonly options: ResolvedHttp,
    private readonly validators: Validators,
  ) {
    const name = formatAddress(address.host, address.port);
    super(name, options.maxPending);
    this.#agent = agentOf(options);
    this.#client = clientOf(name, this.#agent, options);
  }

  async connect(): Promise<Peer> {
    try {
      await this.#probe(this.options.connectTimeoutMs);
    } catch (error) {
      const reason = asConnectError(error as TransportError);
      this.close(reason);
      throw reason;
    }
    this.ready();
    return stockPeer;
  }

  /** An instance that cannot be connected to any more is closed, so that it is connected to again after a pause. */
  async ping(timeoutMs: number): Promise<void> {
    try {
      await this.#probe(timeoutMs);
    } catch (error) {
      if (isGone(error as TransportError)) this.close(error as TransportError);
      throw error;
    }
  }

  protected begin(id: number, call: OutgoingCall): AbortController {
    const template = call.pattern as RequestTemplate;
    const request = template.fill(call.data);
    const { maxRequestBytes } = this.options;
    if (request.body !== undefined && Buffer.byteLength(request.body) > maxRequestBytes)
      throw this.error('transport.frame-too-large', `the request is over ${maxRequestBytes} bytes`);
    const abort = new AbortController();
    const context = contextFields(call);
    const key = template.followsService ? `${request.url} ${JSON.stringify(request.headers)}` : undefined;
    const etag = key === undefined ? undefined : this.validators.etagOf(key);
    if (etag !== undefined) context['if-none-match'] = etag;
    this.#request(request, context, abort.signal)
      .then(
        (response) => {
          const complete = key === undefined ? response : this.validators.complete(key, response);
          this.#arrived(id, complete, template);
        },
        (error: unknown) => this.#failed(id, failureOf(error)),
      )
      // A handler that throws is a defect of its own.
      .catch((error: unknown) => process.emitWarning(error as Error));
    return abort;
  }

  /** Ends the request with its socket. */
  protected giveUp(abort: AbortController): void {
    abort.abort();
  }

  protected release(): void {
    this.#agent.destroy();
  }

  #request(
    { method, url, headers, body }: HttpRequest,
    context: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AxiosResponse<Buffer>> {
    return this.#client.request({ method, url, headers: { ...headers, ...context }, data: body, signal });
  }

  #arrived(id: number, response: AxiosResponse<Buffer>, template: RequestTemplate): void {
    const handler = this.take(id);
    if (handler === undefined) return;
    const reply = replyOf(response);
    if (Buffer.isBuffer(reply)) handler.arrived(reply, 0, reply.length, template.ageOf(response.headers));
    else handler.missed(reply);
  }

  #failed(id: number, error: TransportError): void {
    const handler = this.take(id);
    if (isGone(error)) this.close(error);
    handler?.missed(error);
  }

  /** Any answer but a failure of the server itself. */
  async #probe(timeoutMs: number): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = { method: 'HEAD', url: this.options.probePath, headers: {}, body: undefined } as const;
    let status: number;
    try {
      ({ status } = await this.#request(request, {}, signal));
    } catch (error) {
      if (signal.aborted) throw this.error('transport.deadline', 'did not answer a probe in time');
      throw failureOf(error);
    }
    if (status >= 500) throw this.error('transport.closed', `answered a probe with ${status}`);
  }
}

function agentOf({ tls, maxPending }: ResolvedHttp): Agent {
  const keepAlive = { keepAlive: true, maxFreeSockets: maxPending, scheduling: 'lifo' as const };
  if (tls === undefined) return new Agent(keepAlive);
  const { ca, servername } = tls;
  return new TlsAgent({
    ...{ ...keepAlive, rejectUnauthorized: true },
    ...(ca !== undefined && { ca: [ca].flat() }),
    ...(servername !== undefined && { servername }),
  });
}

/** Nothing of what axios does for pages: no redirects, proxies, unpacking, parsing. */
function clientOf(name: string, agent: Agent, options: ResolvedHttp): AxiosInstance {
  const { tls, host, headers, maxAnswerBytes, maxRequestBytes } = options;
  return axios.create({
    baseURL: `${tls === undefined ? 'http' : 'https'}://${name}`,
    allowAbsoluteUrls: false,
    httpAgent: agent,
    httpsAgent: agent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxRequestBytes,
    decompress: false,
    responseType: 'arraybuffer',
    transformRequest: [],
    transformResponse: [],
    validateStatus: null,
    headers: {
      ...{ accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'facet' },
      ...(host !== undefined && { host }),
      ...headers,
    },
  });
}

/** Nobody listens there: the next request would fail as well. */
function isGone({ code, written }: TransportError): boolean {
  return code === 'transport.connect-failed' && !written;
}

function asConnectError({ code, message, cause }: TransportError): TransportError {
  const known = code === 'transport.deadline' ? 'transport.connect-timeout' : 'transport.connect-failed';
  return new TransportError(known, message, { cause });
}
