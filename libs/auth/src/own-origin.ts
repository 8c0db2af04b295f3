import type { Logger } from '@facet/platform';
import { z } from 'zod';

const EXPECTED =
  'expected origins (https://api.example.com), with commas between; no path, no slash at the end';

/** Where clients find a gateway: what proofs and signatures must be made for. */
export const publicOrigins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .refine((list) => list.every(isOrigin), EXPECTED)
  .optional();

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text;
}

interface Known {
  readonly production: boolean;
  readonly PUBLIC_ORIGINS?: readonly string[] | undefined;
}

/** The origins of a gateway from its configuration. Production goes by none that it was not told. */
export function originsOf(
  { production, PUBLIC_ORIGINS }: Known,
  logger: Logger,
): readonly string[] | undefined {
  if (!production || PUBLIC_ORIGINS !== undefined) return PUBLIC_ORIGINS;
  logger.warn(
    'proofs (DPoP) and signed requests are refused: PUBLIC_ORIGINS does not say where clients find us',
  );
  return [];
}

/** The names of this machine, as the URL parser leaves them. */
const THIS_MACHINE = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The origin of this gateway that a request was made for; undefined where it names another host. A client writes Host
 * as it likes: that chooses among the origins and never adds one, or what was signed for another host would hold here.
 * Where no origins are given, as in development, the names of this machine are taken.
 */
export function ownOrigin({ origin, host, hostname }: URL, origins?: readonly string[]): string | undefined {
  if (origins === undefined) return THIS_MACHINE.test(hostname) ? origin : undefined;
  return origins.includes(origin) ? origin : origins.find((own) => new URL(own).host === host);
}
