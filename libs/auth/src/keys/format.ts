import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'fct_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is more than 2^256. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}[${ALPHABET}]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/**
 * A new API key: a prefix that scanners for leaked secrets find, 256 random bits, and a checksum that tells a typing
 * error, or a made-up key, without asking anybody.
 */
export function generateApiKey(): string {
  const secret = PREFIX + base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LENGTH);
  return secret + checksumOf(secret);
}

export function looksLikeApiKey(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * What is stored of a key and looked up by: SHA-256, in base64url. No salt and no slow hash, since there is nothing
 * to guess in 256 random bits. Undefined where the text is not a key.
 */
export function hashApiKey(text: string): string | undefined {
  if (!FORM.test(text)) return undefined;
  const secret = text.slice(0, -CHECKSUM_LENGTH);
  if (checksumOf(secret) !== text.slice(-CHECKSUM_LENGTH)) return undefined;
  return createHash('sha256').update(text).digest('base64url');
}

/** Enough of a key to recognise it in a list, and too little to be of use: its last four characters. */
export function hintOf(key: string): string {
  return `${PREFIX}…${key.slice(-4)}`;
}

function checksumOf(secret: string): string {
  return base62(BigInt(crc32(secret)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n)
    text = (ALPHABET[Number(rest % 62n)] ?? '') + text;
  return text;
}
