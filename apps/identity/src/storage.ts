import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** More than any development needs; beyond it the oldest entries go. */
const LIMIT = 20_000;

/**
 * What the provider remembers (sessions, grants, codes, tokens), in this process: everybody signs in again after a
 * restart. One storage serves every provider object that is made from it, so a rotation of keys forgets nothing.
 */
export function createStorage(): (model: string) => Adapter {
  const entries = new LRUCache<string, AdapterPayload>({ max: LIMIT });
  const ids = new LRUCache<string, string>({ max: LIMIT });
  const grants = new LRUCache<string, Set<string>>({ max: LIMIT });
  return (model) => ({
    upsert(id, payload, expiresIn) {
      const ttl = (expiresIn ?? 0) * 1_000;
      const key = `${model}:${id}`;
      entries.set(key, payload, { ttl });
      if (payload.uid !== undefined) ids.set(`${model}:uid:${payload.uid}`, id, { ttl });
      if (payload.grantId !== undefined) {
        grants.set(payload.grantId, (grants.get(payload.grantId) ?? new Set()).add(key));
      }
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(entries.get(`${model}:${id}`)),
    findByUid: (uid) => Promise.resolve(entries.get(`${model}:${ids.get(`${model}:uid:${uid}`) ?? ''}`)),
    findByUserCode: () => Promise.resolve(undefined),
    consume(id) {
      const key = `${model}:${id}`;
      const payload = entries.get(key);
      if (payload !== undefined) {
        const consumed = { ...payload, consumed: Math.floor(Date.now() / 1_000) };
        entries.set(key, consumed, { noUpdateTTL: true });
      }
      return Promise.resolve();
    },
    destroy(id) {
      entries.delete(`${model}:${id}`);
      return Promise.resolve();
    },
    revokeByGrantId(grantId) {
      for (const key of grants.get(grantId) ?? []) entries.delete(key);
      grants.delete(grantId);
      return Promise.resolve();
    },
  });
}
