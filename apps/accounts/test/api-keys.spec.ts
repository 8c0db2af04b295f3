import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { speakAs } from '@facet/auth/assertion';
import { accounts } from '@facet/shop-accounts';
import { connectService, eventually, startWorld, type ServiceClient, type World } from '@facet/testing';

let world: World;
let service: ServiceClient;
const gateway = { caller: speakAs('accounts')() };

beforeAll(async () => {
  world = await startWorld({ services: ['accounts'] });
  service = await connectService(world.process('accounts').addresses['tcp'], {
    caller: speakAs('accounts', { roles: ['operator'] }),
  });
}, 60_000);

afterAll(async () => {
  service?.close();
  await world?.stop();
}, 60_000);

const newHash = () => createHash('sha256').update(randomUUID()).digest('base64url');
const idempotencyKey = () => randomUUID();
const newKey = (options: { partner?: string; customerId?: string; expiresAt?: string } = {}) => ({
  idempotencyKey: idempotencyKey(),
  hash: newHash(),
  hint: 'fct_…abcd',
  partner: 'acme',
  scopes: ['catalog:read', 'orders:read'],
  plan: 'standard',
  ...options,
});
const find = async (hash: string) => (await service.call(accounts.apiKeyByHash, { hash }, gateway)).key;

describe("a partner's keys", () => {
  test('P1 a key is found by its hash, with all that was given to it, and the hash is not told again', async () => {
    const wanted = newKey({ customerId: 'cus_0003', expiresAt: '2030-01-01T00:00:00.000Z' });
    const issued = await service.call(accounts.issueApiKey, wanted);
    const { idempotencyKey: _, hash, ...given } = wanted;
    expect(await find(hash)).toEqual(issued);
    expect(issued).toMatchObject({ ...given, revokedAt: null, replacedBy: null, signingKey: null });
    expect(JSON.stringify(issued)).not.toContain(hash);
  });

  test('P1 a hash that nobody has is no key, and one that somebody has cannot be had twice', async () => {
    expect(await find(newHash())).toBeNull();
    const { hash, ...key } = newKey();
    await service.call(accounts.issueApiKey, { ...key, hash });
    await expect(service.call(accounts.issueApiKey, { ...newKey(), hash })).rejects.toMatchObject({
      code: 'accounts.api-key-exists',
      status: 409,
    });
  });

  test('a key for a customer that there is not is refused', async () => {
    await expect(
      service.call(accounts.issueApiKey, newKey({ customerId: 'cus_0000' })),
    ).rejects.toMatchObject({
      code: 'accounts.customer-not-found',
    });
  });

  test('P2 a successor has the same rights, and the old key goes on until the overlap is over', async () => {
    const old = newKey({ partner: 'rotating' });
    const { id } = await service.call(accounts.issueApiKey, old);
    const successor = { hash: newHash(), hint: 'fct_…wxyz' };
    const rotation = { idempotencyKey: idempotencyKey(), id, ...successor, overlapSeconds: 3_600 };
    const { issued, retiring } = await service.call(accounts.rotateApiKey, rotation);
    expect(issued).toMatchObject({
      partner: 'rotating',
      scopes: old.scopes,
      plan: 'standard',
      expiresAt: null,
    });
    expect(retiring).toMatchObject({ id, replacedBy: issued.id, revokedAt: null });
    expect(Date.parse(retiring.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    expect(await find(old.hash)).toEqual(retiring);
    expect(await find(successor.hash)).toEqual(issued);
    const { items } = await service.call(accounts.apiKeys, { partner: 'rotating' });
    expect(items.map((key) => key.id).sort()).toEqual([id, issued.id].sort());
  });

  test('P2 a key is rotated once: never more than two are good at a time', async () => {
    const { id } = await service.call(accounts.issueApiKey, newKey());
    const rotate = () =>
      service.call(accounts.rotateApiKey, {
        idempotencyKey: idempotencyKey(),
        id,
        hash: newHash(),
        hint: 'fct_…wxyz',
        overlapSeconds: 60,
      });
    const results = await Promise.allSettled([rotate(), rotate(), rotate()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(rotate()).rejects.toMatchObject({ code: 'accounts.api-key-not-live', status: 409 });
  });

  test('P2 a revoked key stays known, as revoked, and once revoked keeps its time', async () => {
    const key = newKey();
    const { id } = await service.call(accounts.issueApiKey, key);
    const revoke = () => service.call(accounts.revokeApiKey, { idempotencyKey: idempotencyKey(), id });
    const { revokedAt } = await revoke();
    expect(revokedAt).not.toBeNull();
    expect((await revoke()).revokedAt).toBe(revokedAt);
    expect(await find(key.hash)).toMatchObject({ id, revokedAt });
    const unknown = { idempotencyKey: idempotencyKey(), id: 'key_unknown' };
    await expect(service.call(accounts.revokeApiKey, unknown)).rejects.toMatchObject({ status: 404 });
  });

  test('L3 the issue, the rotation and the end of a key are on record, with who did it and which key', async () => {
    const { hash, ...wanted } = newKey();
    const { id } = await service.call(accounts.issueApiKey, { ...wanted, hash });
    const rotation = { idempotencyKey: idempotencyKey(), id, hash: newHash(), hint: 'x', overlapSeconds: 60 };
    const { issued } = await service.call(accounts.rotateApiKey, rotation);
    await service.call(accounts.revokeApiKey, { idempotencyKey: idempotencyKey(), id });
    const lines = () =>
      world
        .process('accounts')
        .output()
        .split('\n')
        .filter((line) => line.includes('"audit"') && line.includes(id))
        .map((line) => (JSON.parse(line) as { audit: unknown }).audit);
    await eventually(() => lines().length === 3);
    const by = {
      outcome: 'success',
      subject: 'development',
      client: 'development',
      authenticatedAs: 'gateway',
    };
    expect(lines()).toEqual([
      { ...by, type: 'key.issued', target: id },
      { ...by, type: 'key.rotated', target: `${id} to ${issued.id}` },
      { ...by, type: 'key.revoked', target: id },
    ]);
    expect(world.process('accounts').output()).not.toContain(hash);
  });

  test('Z2 only an operator may manage them, and only a gateway for itself may look one up', async () => {
    const partner = speakAs('accounts', { kind: 'client', credential: 'api-key', scopes: ['orders:read'] })();
    const denied = { code: 'access.denied', status: 403 };
    for (const caller of [gateway, { caller: partner }]) {
      await expect(service.call(accounts.apiKeys, {}, caller)).rejects.toMatchObject(denied);
      await expect(service.call(accounts.issueApiKey, newKey(), caller)).rejects.toMatchObject(denied);
    }
    const look = service.call(accounts.apiKeyByHash, { hash: newHash() }, { caller: partner });
    await expect(look).rejects.toMatchObject(denied);
  });
});
