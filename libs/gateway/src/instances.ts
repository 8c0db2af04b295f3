import { addresses, isRedisAddress } from '@facet/platform';
import { dns, redisRegistry, staticList, type Discovery, type KindName } from '@facet/routing';
import { z } from 'zod';

const PLACES = 'dns://name:port, srv://name or redis://host:port';
const expected = {
  tcp: `expected host:port (several with commas between), ${PLACES}`,
  http: `expected host:port or https://host (several with commas between), ${PLACES}`,
};

/**
 * Where the instances of a service are: a list, or one place that knows them and is asked again while the gateway
 * runs. `dns://` takes A records, `srv://` SRV records, `redis://` the registry that services register with. Of an HTTP
 * service the list may have base URLs.
 */
export function instances(byDefault: string, kind: Exclude<KindName, 'nest'> = 'tcp') {
  const list = addresses(byDefault).unwrap();
  return z
    .string()
    .transform((text, context): readonly string[] => {
      if (isPlace(text)) return [text];
      const urls = kind === 'http' ? baseUrls(text) : undefined;
      if (urls !== undefined && typeof urls !== 'string') return urls;
      const parsed = list.safeParse(text);
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: urls ?? expected[kind] });
      return z.NEVER;
    })
    .default([byDefault]);
}

/** The origins of base URLs, or what is wrong with one; undefined where there is none among them. */
function baseUrls(text: string): readonly string[] | string | undefined {
  const parts = text.split(',').map((each) => each.trim());
  if (!parts.some((each) => /^https?:/i.test(each))) return undefined;
  const urls = parts.map((each) => (URL.canParse(each) ? new URL(each) : undefined));
  const origins: string[] = [];
  for (const url of urls) {
    if (url === undefined || !/^https?:$/.test(url.protocol)) return `${expected.http}, and no mixture`;
    if (url.username !== '' || url.password !== '') {
      return 'expected a base URL without credentials; what proves a gateway belongs into http.headers of its upstreams';
    }
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      return 'expected a base URL without a path; paths belong into the contract';
    }
    if (url.protocol !== urls[0]?.protocol) return 'expected http:// or https:// for all of them';
    origins.push(url.origin);
  }
  return origins;
}

/** `host:port` of each, and whether they are reached by TLS. */
export function withoutScheme(at: readonly string[]): {
  readonly list: readonly string[];
  readonly isTls: boolean;
} {
  const isTls = at.some((each) => each.startsWith('https://'));
  const list = at.map((each) => {
    if (!/^https?:\/\//.test(each)) return each;
    const { hostname, port } = new URL(each);
    return `${hostname}:${port === '' ? (isTls ? 443 : 80) : port}`;
  });
  return { list, isTls };
}

/** How a gateway learns the instances of `service` from what its configuration says of them. */
export function discoveryOf(service: string, at: readonly string[]): Discovery {
  const [place = ''] = at;
  if (!isPlace(place)) return staticList(at);
  if (isRedisAddress(place)) return redisRegistry({ service, url: place });
  const { protocol, hostname, port } = new URL(place);
  return protocol === 'srv:'
    ? dns({ name: hostname, type: 'SRV' })
    : dns({ name: hostname, port: Number(port) });
}

/** The name that a place is looked up by, where that is one of DNS. */
export function nameOf([place = '']: readonly string[]): string | undefined {
  return isPlace(place) && /^(?:dns|srv):/.test(place) ? new URL(place).hostname : undefined;
}

function isPlace(text: string): boolean {
  if (isRedisAddress(text)) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port } = new URL(text);
  if (hostname === '') return false;
  if (protocol === 'dns:') return port !== '';
  return protocol === 'srv:' && port === '';
}
