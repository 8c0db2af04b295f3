import { type AuthRequest, headerValues } from '@facet/access';
import { isInnerList, serializeInnerList, type InnerList } from 'structured-headers';

interface Target extends Pick<AuthRequest, 'method' | 'target'> {
  /** The gateway's own, for which the request was made. */
  readonly origin: string;
}

/** The components of a request that do not stand in a header (RFC 9421, section 2.2). */
const DERIVED: Readonly<Record<string, (target: Target) => string>> = {
  '@method': ({ method }) => method,
  '@target-uri': ({ origin, target }) => origin + target,
  '@authority': ({ origin }) => new URL(origin).host,
  '@scheme': ({ origin }) => new URL(origin).protocol.slice(0, -1),
  '@request-target': ({ target }) => target,
  '@path': ({ target }) => target.replace(/\?.*$/s, ''),
  '@query': ({ target }) => target.replace(/^[^?]*\??/, '?'),
};

/** The names of the components that a signature covers; undefined where one is not understood, or is there twice. */
export function coveredComponents(input: unknown): string[] | undefined {
  if (!Array.isArray(input) || !isInnerList(input as InnerList)) return undefined;
  const names = (input as InnerList)[0].map(([name, parameters]) =>
    typeof name === 'string' && parameters.size === 0 ? name : undefined,
  );
  if (new Set(names).size !== names.length) return undefined;
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The text that is signed (RFC 9421, section 2.5); undefined where a covered component is not in the request. */
export function signatureBase(request: AuthRequest & Target, input: InnerList): string | undefined {
  const names = coveredComponents(input) ?? [];
  const lines = names.map((name) => {
    const value = componentOf(request, name);
    return value === undefined ? undefined : `"${name}": ${value}`;
  });
  if (lines.includes(undefined)) return undefined;
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

function componentOf(request: AuthRequest & Target, name: string): string | undefined {
  if (name.startsWith('@')) return DERIVED[name]?.(request);
  const values = headerValues(request, name);
  return values.length === 0 ? undefined : values.map((value) => value.trim()).join(', ');
}
