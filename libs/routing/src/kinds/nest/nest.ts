import { checkNames, checkNumber, POSITIVE_COUNT, POSITIVE_MS } from '@facet/contracts';
import type { Kind } from '../kind.js';
import { NestChannel } from './nest-channel.js';
import type { NestOptions, ResolvedNest } from './nest-options.js';

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
