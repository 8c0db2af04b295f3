import { command, query, service } from '@facet/contracts';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { z } from 'zod';

const email = z.string();
const user = z.strictObject({ email, name: z.string() });
const idempotencyKey = z.string().min(8);

/** What a stock Nest service answers to everybody, and what its contract demands of those who ask. */
export const users = service('shop', {
  byEmail: query({
    summary: 'One user',
    access: { scopes: ['users:read'], roles: ['operator'], owner: 'email' },
    input: z.strictObject({ email }),
    output: user,
  }),
  byEmails: query({
    summary: 'Users by their addresses',
    access: { owner: 'emails' },
    input: z.strictObject({ emails: z.array(email) }),
    output: z.strictObject({ items: z.array(user) }),
    byIds: { ids: 'emails', items: 'items', key: 'email', max: 10 },
    freshness: { ttlMs: 60_000 },
  }),
  scoped: query({
    summary: 'What takes a scope',
    access: { scopes: ['users:read'] },
    input: z.strictObject({}),
    output: user,
  }),
  operated: query({
    summary: 'What takes a role',
    access: { roles: ['operator'] },
    input: z.strictObject({}),
    output: user,
  }),
  audit: query({
    summary: 'What a gateway asks for itself',
    access: { gatewayOnly: true },
    input: z.strictObject({}),
    output: user,
  }),
  profile: query({
    summary: 'What the owner sees',
    access: { owner: 'email' },
    input: z.strictObject({ email }),
    output: user,
    freshness: { ttlMs: 60_000 },
  }),
  rename: command({
    summary: 'Gives a user another name',
    access: { scopes: ['users:write'], owner: 'email' },
    input: z.strictObject({ idempotencyKey, email, name: z.string() }),
    output: user,
  }),
  restore: command({
    summary: 'Takes a new name back',
    access: { roles: ['operator'] },
    input: z.strictObject({ idempotencyKey, email }),
    output: user,
  }),
});

/** Starts it on a free port: nothing of ours is in it. It keeps the pattern and data of what reached it. */
export async function startStockUsers() {
  const reached: { pattern: string; data: unknown }[] = [];
  @Controller()
  class UsersController {
    one(pattern: string, data: { email?: string }) {
      reached.push({ pattern, data });
      return { email: data.email ?? 'any@example.com', name: 'Some Body' };
    }

    @MessagePattern('shop.byEmails')
    many(@Payload() data: { emails: string[] }) {
      reached.push({ pattern: 'shop.byEmails', data });
      return { items: data.emails.map((each) => ({ email: each, name: 'Some Body' })) };
    }
  }
  for (const { pattern, name } of Object.values(users).filter(({ byIds }) => byIds === undefined)) {
    const value = function (this: UsersController, data: object) {
      return this.one(pattern, data);
    };
    const descriptor = { value, writable: true, configurable: true };
    Object.defineProperty(UsersController.prototype, name, descriptor);
    Payload()(UsersController.prototype, name, 0);
    MessagePattern(pattern)(UsersController.prototype, name, descriptor);
  }
  class UsersModule {}
  Module({ controllers: [UsersController] })(UsersModule);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(UsersModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: false,
  });
  await app.listen();
  const { port } = app.unwrap<{ address(): { port: number } }>().address();
  return { address: `127.0.0.1:${port}`, reached, stop: () => app.close() };
}
