/** What a request has once or not at all: two that differ are read as one here and as the other elsewhere. */
const SINGLE = [
  ...['host', 'content-type', 'content-length', 'authorization', 'dpop', 'idempotency-key', 'origin'],
];
const bits: ReadonlyMap<string, number> = new Map(SINGLE.map((name, index) => [name, 1 << index]));
const hasLength = new Set(SINGLE.map(({ length }) => length));

/** What only a proxy may say: who is behind it (RFC 7239), and what certificate they showed (RFC 9440). */
const PROXY_ALONE = /^(?:forwarded|x-forwarded-.*|x-real-ip|client-cert(?:-chain)?)$/i;

export const HAS_PROXY_FIELDS = 1;
export const HAS_TWICE = 2;

/** Looks once at all header fields of a request, names and values in turns: which of the two above hold, as flags. */
export function scanHeaders(rawHeaders: readonly string[]): number {
  let flags = 0;
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (hasLength.has(name.length)) {
      const bit = bits.get(name.toLowerCase()) ?? 0;
      if ((seen & bit) !== 0) flags |= HAS_TWICE;
      seen |= bit;
    }
    if (mayBeProxys(name.charCodeAt(0) | LOWER_CASE) && PROXY_ALONE.test(name)) flags |= HAS_PROXY_FIELDS;
  }
  return flags;
}

const LOWER_CASE = 0x20;
const [C, F, X] = [0x63, 0x66, 0x78];

function mayBeProxys(first: number): boolean {
  return first === X || first === F || first === C;
}

export function isProxyField(name: string): boolean {
  return PROXY_ALONE.test(name);
}

/** The first header of those that are single and that is there twice. */
export function firstTwice(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!bits.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
