import { Fault } from './fault.js';
import { SharedRedis } from './redis.js';

export interface RegistryOptions {
  /** `redis://host:port`. */
  readonly url: string;
  /** Before every key. Default `facet:registry`. */
  readonly prefix?: string;
}

/** Where the instances of services are written down: a sorted set in Redis for each, addresses by the time they lapse. */
export interface Registry {
  /** The addresses of the instances whose time has not lapsed. Rejects while Redis cannot be reached. */
  list(service: string): Promise<string[]>;
  /** Writes an instance down for `ttlMs` more. */
  beat(service: string, address: string, ttlMs: number): Promise<void>;
  leave(service: string, address: string): Promise<void>;
  /** Tells whenever Redis can be reached (again). */
  onReady(listener: () => void): void;
  close(): void;
}

// Redis' own clock decides, so that the clocks of services and gateways may differ.
const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;
const LIST = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return redis.call('ZRANGE', KEYS[1], 0, -1)`;
const BEAT = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** Connects in the background, for as long as it takes. What is asked while there is no connection fails soon. */
export function openRegistry({ url, prefix = 'facet:registry' }: RegistryOptions): Registry {
  const redis = new SharedRedis({ url }, unavailable);
  const key = (service: string) => `${prefix}:${service}`;
  return {
    list: (service) => redis.ask((client) => client.eval(LIST, 1, key(service)) as Promise<string[]>),
    beat: async (service, address, ttlMs) => {
      await redis.ask((client) => client.eval(BEAT, 1, key(service), address, ttlMs));
    },
    leave: async (service, address) => {
      await redis.ask((client) => client.zrem(key(service), address));
    },
    onReady: (listener) => redis.onUsable(listener),
    close: () => redis.close(),
  };
}

function unavailable(cause: unknown): Fault {
  return new Fault('registry.unavailable', 503, 'The registry of instances cannot be reached.', { cause });
}

export interface RegistrationOptions extends RegistryOptions {
  readonly service: string;
  /** Where gateways reach this instance, `host:port`. */
  readonly address: string;
  /** How often the instance says that it is there, in ms. Default 10,000. */
  readonly beatMs?: number;
  /** How long it counts as there after it last said so, in ms. Default 30,000. */
  readonly ttlMs?: number;
  /** Told when a beat failed. The next one is tried all the same. */
  readonly onError?: (error: unknown) => void;
}

export interface Registration {
  /** Takes the instance off the list, before it stops; for good. */
  leave(): Promise<void>;
}

/**
 * Says that an instance is there, at once and again every `beatMs`, whether or not Redis can be reached right now.
 * Throws a RangeError where `ttlMs` does not outlast a beat.
 */
export function register(options: RegistrationOptions): Registration {
  const { service, address, beatMs = 10_000, ttlMs = 30_000, onError = () => undefined } = options;
  if (!(beatMs > 0 && ttlMs > beatMs)) {
    throw new RangeError(
      `register: ttlMs (${ttlMs}) must be longer than beatMs (${beatMs}), and that above 0`,
    );
  }
  const registry = openRegistry(options);
  const beat = () => void registry.beat(service, address, ttlMs).catch(onError);
  const timer = setInterval(beat, beatMs);
  timer.unref();
  registry.onReady(beat);
  return {
    leave: async () => {
      clearInterval(timer);
      await registry.leave(service, address).catch(onError);
      registry.close();
    },
  };
}
