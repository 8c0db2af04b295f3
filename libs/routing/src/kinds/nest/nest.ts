import { checkNames, checkNumber, POSITIVE_COUNT, POSITIVE_MS } from '../../options.js';
import type { Kind } from '../kind.js';
import { NestChannel, type NestClient } from './nest-channel.js';

/** Services behind a broker, or whatever else Nest has a client for. */
export interface NestOptions {
  /**
   * Makes a client: `() => ClientProxyFactory.create({ transport: Transport.NATS, … })`. Called for each connection, so that
   * one that broke is made anew.
   */
  readonly client: () => NestClient;
  /**
   * Makes what is sent of an input and of what goes along with it (deadline, trace, caller), for a broker with headers of its
   * own: `(data, headers) => new NatsRecordBuilder(data).setHeaders(…).build()`. Default: the input, with Nest's metadata.
   */
  readonly record?: (data: object, headers: Readonly<Record<string, string>>) => unknown;
  /** The largest answer, in bytes of its JSON. Default 1 MiB. */
  readonly maxAnswerBytes?: number;
  /** Requests that wait for an answer. Default 4,096. */
  readonly maxPending?: number;
  /** For the client to connect, in ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
}

export interface ResolvedNest extends Required<Omit<NestOptions, 'record'>>, Pick<NestOptions, 'record'> {
  readonly service: string;
}

const NAMES = ['client', 'record', 'maxAnswerBytes', 'maxPending', 'connectTimeoutMs'];
const MIB = 1024 * 1024;

/** Any `ClientProxy` of @nestjs/microservices. Throws a RangeError that names a faulty option. */
export function nest(service: string, options: Partial<NestOptions> = {}): Kind {
  const group = `${service}.nest`;
  checkNames(group, options, NAMES);
  const { client, record, maxAnswerBytes = MIB, maxPending = 4_096, connectTimeoutMs = 1_000 } = options;
  if (typeof client !== 'function') {
    throw new RangeError(
      `${group}.client: expected a function that makes a ClientProxy of @nestjs/microservices`,
    );
  }
  const resolved: ResolvedNest = {
    ...{ service, client },
    ...(record !== undefined && { record }),
    maxAnswerBytes: checkNumber(`${group}.maxAnswerBytes`, maxAnswerBytes, POSITIVE_COUNT),
    maxPending: checkNumber(`${group}.maxPending`, maxPending, POSITIVE_COUNT),
    connectTimeoutMs: checkNumber(`${group}.connectTimeoutMs`, connectTimeoutMs, POSITIVE_MS),
  };
  return {
    name: 'nest',
    maxAnswerBytes,
    message: ({ message, pattern }) => message ?? pattern,
    open: () => new NestChannel(resolved),
  };
}
