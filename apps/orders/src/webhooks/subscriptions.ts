import { Injectable } from '@nestjs/common';
import { generateWebhookSecret, parseTarget } from '@facet/auth/webhooks';
import type { OutputOf, ParsedInputOf } from '@facet/contracts';
import { Fault } from '@facet/platform';
import { Commands, Database, newId } from '@facet/service';
import { orders } from '@facet/shop-orders';
import { and, desc, eq, sql } from 'drizzle-orm';
import { webhookSubscriptions } from '../schema.js';
import { WebhookConfig } from './config.js';

type Row = typeof webhookSubscriptions.$inferSelect;

const MAX_PER_CUSTOMER = 10;

/** Whom to tell of the orders of one customer. */
@Injectable()
export class Subscriptions {
  constructor(
    private readonly db: Database,
    private readonly commands: Commands,
    private readonly config: WebhookConfig,
  ) {}

  async subscribe(input: ParsedInputOf<typeof orders.subscribe>): Promise<OutputOf<typeof orders.subscribe>> {
    const { customerId, statuses } = input;
    const { href: url } = parseTarget(input.url, this.config);
    return this.commands.once(orders.subscribe, input, async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks ${customerId}`}, 0))`);
      const count = await tx.$count(webhookSubscriptions, eq(webhookSubscriptions.customerId, customerId));
      if (count >= MAX_PER_CUSTOMER) throw tooMany();
      const secret = generateWebhookSecret();
      const [row] = await tx
        .insert(webhookSubscriptions)
        .values({ id: newId('whk'), customerId, url, secret, statuses: [...new Set(statuses)] })
        .returning();
      return { ...shown(row as Row), secret };
    });
  }

  unsubscribe(input: ParsedInputOf<typeof orders.unsubscribe>): Promise<OutputOf<typeof orders.unsubscribe>> {
    const { id, customerId } = input;
    return this.commands.once(orders.unsubscribe, input, async (tx) => {
      const [row] = await tx
        .delete(webhookSubscriptions)
        .where(and(eq(webhookSubscriptions.id, id), eq(webhookSubscriptions.customerId, customerId)))
        .returning();
      if (row === undefined)
        throw new Fault('orders.webhook-not-found', 404, 'there is no such subscription');
      return shown(row);
    });
  }

  async list({
    customerId,
  }: ParsedInputOf<typeof orders.subscriptions>): Promise<OutputOf<typeof orders.subscriptions>> {
    const rows = await this.db
      .select()
      .from(webhookSubscriptions)
      .where(eq(webhookSubscriptions.customerId, customerId))
      .orderBy(desc(webhookSubscriptions.createdAt), webhookSubscriptions.id);
    return { items: rows.map(shown) };
  }
}

function shown({ id, url, statuses, createdAt }: Row) {
  return { id, url, statuses, createdAt: createdAt.toISOString() };
}

function tooMany(): Fault {
  const message = `a customer may have ${MAX_PER_CUSTOMER} subscriptions; end one first`;
  return new Fault('orders.too-many-webhooks', 409, message);
}
