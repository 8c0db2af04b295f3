import { Resolver } from 'node:dns/promises';
import { formatAddress } from '../address.js';
import { checkNumber, systemClock } from '@facet/contracts';
import type { Discovery } from './discovery.js';
import { poll } from './poll.js';
import { namesToTry, readResolverFile, type Search } from './search-domains.js';

export interface DnsOptions {
  /** The name to ask for: `catalog.default.svc.cluster.local`, `_tcp.catalog.service.consul`. */
  readonly name: string;
  /** `SRV` records name their own ports; `A` and `AAAA` need `port`. Default: `A` with a port, `SRV` without. */
  readonly type?: 'A' | 'AAAA' | 'SRV';
  readonly port?: number;
  /** A record's time to live is kept within these bounds, in ms. Defaults 1,000 and 30,000. */
  readonly minTtlMs?: number;
  readonly maxTtlMs?: number;
  /** Node does not emit an SRV record's time to live: it is asked for again this often, in ms. Default 5,000. */
  readonly srvTtlMs?: number;
  /**
   * Domains in which a short name is looked for too, as `getaddrinfo` does it. Default: those of the machine's
   * `/etc/resolv.conf` (`search`, `domain`, `options ndots`), and none where `servers` are given.
   */
  readonly search?: Search;
  /** Name servers, `10.0.0.2` or `127.0.0.1:8600`. Default: those of the machine. */
  readonly servers?: readonly string[];
  /** How long one question may take, in ms. Default 2,000. */
  readonly timeoutMs?: number;
}

interface Found {
  readonly address: string;
  readonly ttlMs: number;
}

/**
 * Instances from DNS: A or AAAA records (a Kubernetes headless service), or SRV records (Consul, Kubernetes named
 * ports), of which those with the best priority are taken; weights are left to the balancer. A short name is looked for
 * in the search domains. Asks again when the shortest time to live is over. Reads DNS alone, not the machine's hosts
 * file. Throws a RangeError for faulty options.
 */
export function dns(options: DnsOptions): Discovery {
  const { name, port, minTtlMs = 1_000, maxTtlMs = 30_000, srvTtlMs = 5_000, timeoutMs = 2_000 } = options;
  const type = options.type ?? (port === undefined ? 'SRV' : 'A');
  if (name === '') throw new RangeError('dns.name: got an empty text, expected a name to ask for');
  if (type !== 'SRV')
    checkNumber(`dns.port (which ${type} records need)`, port ?? NaN, { min: 1, max: 65_535 });
  for (const [key, value] of Object.entries({ minTtlMs, maxTtlMs, srvTtlMs, timeoutMs })) {
    checkNumber(`dns.${key}`, value, { min: 1 });
  }
  return {
    watch: (observer) => {
      const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
      if (options.servers !== undefined) resolver.setServers(options.servers);
      const search = options.search ?? (options.servers === undefined ? readResolverFile() : undefined);
      const ask = () =>
        firstFound(namesToTry(name, search), (each) =>
          type === 'SRV'
            ? srv(resolver, each, srvTtlMs)
            : hosts(resolver, { name: each, type, port: port ?? 0 }),
        );
      const look = async () => {
        const found = await ask();
        const shortest = Math.min(...found.map((each) => each.ttlMs));
        const againInMs = Math.min(maxTtlMs, Math.max(minTtlMs, shortest));
        return { addresses: found.map((each) => each.address), againInMs };
      };
      return poll(observer, { look, retryMs: minTtlMs, clock: systemClock, close: () => resolver.cancel() });
    },
  };
}

/** The answer for the first name that there is. Where there is none the error names them all. */
async function firstFound<T>(names: readonly string[], ask: (name: string) => Promise<T>): Promise<T> {
  let last = '';
  for (const name of names) {
    try {
      return await ask(name);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      last = String(error.code);
    }
  }
  throw new Error(
    `DNS has no records for ${names.map((name) => `"${name}"`).join(' and none for ')} (${last})`,
  );
}

function isAbsent(error: unknown): error is NodeJS.ErrnoException {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENODATA' || code === 'ENOTFOUND';
}

async function hosts(
  resolver: Resolver,
  { name, type, port }: { name: string; type: 'A' | 'AAAA'; port: number },
): Promise<Found[]> {
  const ask = type === 'A' ? resolver.resolve4.bind(resolver) : resolver.resolve6.bind(resolver);
  const records = await ask(name, { ttl: true });
  return records.map(({ address, ttl }) => ({ address: formatAddress(address, port), ttlMs: ttl * 1000 }));
}

async function srv(resolver: Resolver, name: string, srvTtlMs: number): Promise<Found[]> {
  const records = await resolver.resolveSrv(name);
  const best = Math.min(...records.map((each) => each.priority));
  const targets = records.filter((each) => each.priority === best);
  const found = await Promise.all(targets.map((each) => target(resolver, each)));
  return found.flat().map((each) => ({ ...each, ttlMs: Math.min(each.ttlMs, srvTtlMs) }));
}

/** A target's IPv4 addresses, its IPv6 ones where it has no other. */
async function target(resolver: Resolver, { name, port }: { name: string; port: number }): Promise<Found[]> {
  try {
    return await hosts(resolver, { name, type: 'A', port });
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return hosts(resolver, { name, type: 'AAAA', port });
  }
}
