import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const date = z.iso.datetime();

/** A key as the file has it: its hash, never the key itself. */
const entry = z.strictObject({
  /** SHA-256 of the key, in base64url (`hashApiKey`). */
  hash: z.string().regex(/^[\w-]{43}$/, 'expected a SHA-256 digest in base64url'),
  id: z.string().min(1),
  partner: z.string().min(1),
  /** Its last characters, to recognise it by. */
  hint: z.string().max(16).default(''),
  scopes: z.array(z.string().min(1)),
  plan: z.string().min(1).default('standard'),
  customerId: z.string().min(1).nullable().default(null),
  /** A public JWK; every request with this key must then be signed. */
  signingKey: z.record(z.string(), z.unknown()).nullable().default(null),
  expiresAt: date.nullable().default(null),
  revokedAt: date.nullable().default(null),
});
export type KeyEntry = z.output<typeof entry>;

/**
 * The keys of a file; none where there is no file.
 *
 * @throws Error in one line, naming the file and the first entry that does not fit
 */
export function readKeyFile(file: string): readonly KeyEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error(`${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = z.array(entry).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${file}: ${issue?.path.join('.') || 'the list'}: ${issue?.message ?? 'does not fit'}`);
}

/** Replaces the file in one step, so that a gateway never reads half of it. Readable by its owner alone. */
export function writeKeyFile(file: string, keys: readonly KeyEntry[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}
