import { BlockList, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const EXPECTED =
  'expected addresses or networks (10.0.0.0/8), with commas between; a number of hops proves nothing';

/** Whose word counts about where a request came from: networks, never a number of hops. Nobody's by default. */
export const trustedProxies = z
  .string()
  .transform((list) => list.split(',').map((network) => network.trim()))
  .refine((list) => list.every(isNetwork), EXPECTED)
  .default([]);

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
  return (address = '') => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** What only a proxy may say: who is behind it (RFC 7239), and what certificate they showed (RFC 9440). */
const PROXY_ALONE = /^(?:forwarded|x-forwarded-.*|x-real-ip|client-cert(?:-chain)?)$/i;

/** Takes what only a trusted proxy may say out of the requests of everybody else, before anything reads it. */
export function stripProxyHeaders(instance: FastifyInstance, networks: readonly string[]): void {
  const isTrusted = trustIn(networks);
  instance.addHook('onRequest', ({ raw }, _reply, done) => {
    const isProxys = (name: string, index: number) => index % 2 === 0 && PROXY_ALONE.test(name);
    if (raw.rawHeaders.some(isProxys) && !isTrusted(raw.socket.remoteAddress)) {
      raw.rawHeaders = raw.rawHeaders.filter(
        (_, index, all) => !PROXY_ALONE.test(all[index - (index % 2)] ?? ''),
      );
      for (const name of Object.keys(raw.headers)) if (PROXY_ALONE.test(name)) delete raw.headers[name];
    }
    done();
  });
}
