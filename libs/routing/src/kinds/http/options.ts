import { checkNames, checkNumber, POSITIVE_COUNT, POSITIVE_MS } from '@facet/contracts';

/** How the instances of an HTTP service are reached. What is left out has the default that is named. */
export interface HttpOptions {
  /** `https`: `true` with the authorities that Node knows, or with those that are named. Never without a check. */
  readonly tls?: boolean | TlsOptions;
  /** The `Host` of each request. Default: the instance's address. */
  readonly host?: string;
  /** Headers of each request, as `{ 'x-api-key': '…' }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked by `HEAD` whether an instance is well; any answer below 500 shows that. Default `/`. */
  readonly probePath?: string;
  /** The largest body of an answer, in bytes. Default 1 MiB. */
  readonly maxAnswerBytes?: number;
  /** The largest body of a request, in bytes. Default 1 MiB. */
  readonly maxRequestBytes?: number;
  /** Requests to one instance that wait for an answer, which is as many sockets. Default 256. */
  readonly maxPending?: number;
  /** For a connection to an instance and the first answer on it, in ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
}

export interface TlsOptions {
  /** The certificates of one's own authorities, as PEM. */
  readonly ca?: string | readonly string[];
  /** The name that the instances' certificates have. Default: the host of the address. */
  readonly servername?: string;
}

/** Options with their defaults, checked. */
export interface ResolvedHttp extends Required<Omit<HttpOptions, 'tls' | 'host'>> {
  readonly tls: TlsOptions | undefined;
  readonly host: string | undefined;
}

const MIB = 1024 * 1024;
const NAMES = [
  ...['tls', 'host', 'headers', 'probePath', 'maxAnswerBytes', 'maxRequestBytes', 'maxPending'],
  'connectTimeoutMs',
];

/** Throws a RangeError that names the option where one is faulty. */
export function resolveHttp(service: string, given: HttpOptions): ResolvedHttp {
  const group = `${service}.http`;
  checkNames(group, given, NAMES);
  const { tls = false, probePath = '/', headers = {}, host } = given;
  if (!/^\/[^\s#]*$/.test(probePath)) {
    throw new RangeError(
      `${group}.probePath: got ${JSON.stringify(probePath)}, expected a path as in /health`,
    );
  }
  if (typeof tls === 'object') checkNames(`${group}.tls`, tls, ['ca', 'servername']);
  return {
    tls: tls === true ? {} : tls || undefined,
    host,
    headers,
    probePath,
    maxAnswerBytes: checkNumber(`${group}.maxAnswerBytes`, given.maxAnswerBytes ?? MIB, POSITIVE_COUNT),
    maxRequestBytes: checkNumber(`${group}.maxRequestBytes`, given.maxRequestBytes ?? MIB, POSITIVE_COUNT),
    maxPending: checkNumber(`${group}.maxPending`, given.maxPending ?? 256, POSITIVE_COUNT),
    connectTimeoutMs: checkNumber(`${group}.connectTimeoutMs`, given.connectTimeoutMs ?? 1_000, POSITIVE_MS),
  };
}
