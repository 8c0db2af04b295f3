import { BlockList, isIP, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isProxyField } from './header-scan.js';

const EXPECTED =
  'expected addresses or networks (10.0.0.0/8), with commas between, or none; a number of hops proves nothing';

/** What a gateway in production is told that does not know whom to trust. */
export const PROXIES_IN_PRODUCTION =
  'expected the addresses or networks of the balancer in front (10.0.0.0/8), or none where clients connect directly';

/** Whose word counts about where a request came from: networks, never a number of hops. Nobody's outside of production, if nothing is said. */
export const trustedProxies = z
  .string()
  .transform((list) => (list === 'none' ? [] : list.split(',').map((network) => network.trim())))
  .refine((list) => list.every(isNetwork), EXPECTED)
  .optional();

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)];
  if (most === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}

/** Tells whether an address is one of a trusted proxy. */
export function trustIn(networks: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (text = '') => {
    const address = bareAddress(text);
    return address !== undefined && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  };
}

/** As some proxies write it: `203.0.113.9:4711`, `[2001:db8::1]:443`. */
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/;

/** An address without its port, IPv6 in one spelling; undefined for what is none. */
function bareAddress(text: string): string | undefined {
  const [, inBrackets, beforePort] = (isIP(text) === 0 && WITH_PORT.exec(text)) || [];
  const address = inBrackets ?? beforePort ?? text;
  const family = isIP(address);
  if (family === 0 || (inBrackets !== undefined && family === 4)) return undefined;
  return family === 4 ? address : new SocketAddress({ address, family: 'ipv6' }).address;
}

/**
 * Whom a request comes from: its peer, or whom a trusted proxy names. Where that is no address (`unknown`), it is the
 * proxy itself: any other text could be chosen anew for each request.
 */
export function addressOf({ ip, ips }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  // Fastify has them only where a proxy may be trusted; they end with the first that is not, nearest first.
  if (ips === undefined) return ip;
  return ips.map(bareAddress).findLast((address) => address !== undefined) ?? ip;
}

/** Takes what only a trusted proxy may say out of the requests of everybody else, before anything reads it. */
export function stripProxyHeaders(networks: readonly string[]): (request: FastifyRequest) => void {
  const isTrusted = trustIn(networks);
  return ({ raw }) => {
    if (isTrusted(raw.socket.remoteAddress)) return;
    const all = raw.rawHeaders;
    raw.rawHeaders = all.filter((_, index) => !isProxyField(all[index - (index % 2)] ?? ''));
    for (const name of Object.keys(raw.headers)) if (isProxyField(name)) delete raw.headers[name];
  };
}
