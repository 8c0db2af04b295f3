/** One place where an instance listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const shape = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/;

/** Reads `host:port`, an IPv6 host in brackets. Throws a RangeError that names what it got. */
export function parseAddress(text: string): Address {
  const match = shape.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port >= 1 && port <= 65_535)) {
    throw new RangeError(
      `Address "${text}": expected host:port with a port from 1 to 65535, as in 127.0.0.1:4020`,
    );
  }
  return { host, port };
}

/** The inverse of `parseAddress`. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
