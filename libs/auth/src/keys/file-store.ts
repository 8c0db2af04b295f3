import { existsSync, statSync } from 'node:fs';
import { ConfigError } from '@facet/platform';
import { z } from 'zod';
import { readKeyFile, type KeyEntry } from './key-file.js';
import { apiKeyOf } from './service-store.js';
import type { ApiKeyStore } from './store.js';

/** Where `npm run keys` writes in development. */
export const DEVELOPMENT_KEYS = '.facet/api-keys.json';

/** What a gateway reads that has its partners' keys in a file. */
export const keyFileVariables = {
  /** A JSON file of hashes (`facet-keys` writes it): mounted as a secret in production. */
  API_KEYS_FILE: z.string().min(1).default(DEVELOPMENT_KEYS),
};

export interface KeyFileConfig {
  readonly production: boolean;
  readonly API_KEYS_FILE: string;
}

/**
 * The keys of partners in a file, which is read again when it changes: a key that is revoked there is dead within
 * seconds. In development a file that is not there yet has no keys.
 *
 * @throws ConfigError where the file does not fit or, in production, is not there
 */
export function fileKeys(name: string, { production, API_KEYS_FILE: file }: KeyFileConfig): ApiKeyStore {
  const refuse = (expected: string) =>
    new ConfigError(name, [{ variable: 'API_KEYS_FILE', got: JSON.stringify(file), expected }]);
  if (production && !existsSync(file)) throw refuse('expected a file that is there');
  let version: string | undefined;
  let keys: ReadonlyMap<string, KeyEntry> = new Map();
  const refresh = (): void => {
    const now = versionOf(file);
    if (now === version) return;
    keys = new Map(readKeyFile(file).map((each) => [each.hash, each]));
    version = now;
  };
  try {
    refresh();
  } catch (error) {
    throw refuse((error as Error).message);
  }
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is the rejection of a lookup
    async findByHash(hash) {
      refresh();
      const found = keys.get(hash);
      return found === undefined ? undefined : apiKeyOf(found);
    },
  };
}

/** Differs where the file was replaced or written to; the same for as long as it is not there. */
function versionOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'none' : [stats.ino, stats.size, stats.mtimeMs].join(' ');
}
