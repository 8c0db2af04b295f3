import { BlockList, isIP } from 'node:net';
import { lookup as resolve } from 'node:dns/promises';
import { Fault } from '@facet/platform';

/**
 * Addresses that no webhook may go to: this machine, private and link-local networks (the metadata services of clouds
 * among them), what is reserved or shared, and the ranges of IPv6 that lead to any of those. RFC 6890.
 */
const FORBIDDEN = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  FORBIDDEN.addSubnet(network, bits, 'ipv4');

/** Of IPv6 only global unicast is let through, and of that not what carries an IPv4 address or is for documents. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  FORBIDDEN.addSubnet(network, bits, 'ipv6');

/**
 * Names that lead inside, whatever they resolve to: of one label, and those that are kept for this machine and its
 * networks (RFC 6761 and 6762, ICANN's `internal`), Kubernetes' `cluster.local` among them.
 */
const INSIDE = /^[^.]*$|\.(?:localhost|local|internal)$/;

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !FORBIDDEN.check(address, 'ipv4');
  return family === 6 && GLOBAL.check(address, 'ipv6') && !FORBIDDEN.check(address, 'ipv6');
}

export interface TargetRules {
  /** Whether `http` and addresses of this machine and its networks are allowed: for development and tests. */
  readonly allowPrivate?: boolean;
}

/**
 * A URL that a partner gave for its webhooks: https, the usual port or one above 1023, no credentials, no address or
 * name of ours. What its name leads to is checked again each time something is sent.
 *
 * @throws Fault `webhooks.bad-target` (422)
 */
export function parseTarget(text: string, { allowPrivate = false }: TargetRules = {}): URL {
  if (text.length > 2_048 || !URL.canParse(text)) throw badTarget('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    throw badTarget('it must be https');
  if (url.username !== '' || url.password !== '') throw badTarget('it must not carry credentials');
  if (url.hash !== '') throw badTarget('it must not have a fragment');
  const port = url.port === '' ? 443 : Number(url.port);
  if (!allowPrivate && port !== 443 && port < 1024) throw badTarget('its port must be 443, or above 1023');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && !isPublicHost(host)) throw badTarget('its address is not public');
  return url;
}

/** Of a host as the URL parser leaves it: in lower case and ASCII, however it was spelt. */
function isPublicHost(host: string): boolean {
  return isIP(host) === 0 ? !INSIDE.test(host.replace(/\.+$/, '')) : isPublicAddress(host);
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/**
 * The address that a host's name leads to. All of its addresses must be public; the one that is returned is the one
 * to connect to, so that a name cannot lead elsewhere between the check and the use.
 *
 * @throws Fault `webhooks.bad-target` (422)
 */
export async function resolvePublic(
  host: string,
  { allowPrivate = false }: TargetRules = {},
): Promise<ResolvedAddress> {
  const found = await resolve(host, { all: true });
  const [first] = found;
  if (first === undefined) throw badTarget('its name leads nowhere');
  if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address)))
    throw badTarget('its name leads to an address that is not public');
  return first;
}

function badTarget(why: string): Fault {
  return new Fault('webhooks.bad-target', 422, `Webhooks cannot be sent to this URL: ${why}.`);
}
