import { Injectable } from '@nestjs/common';
import { nextAttemptMs, sendWebhook, type Delivery } from '@facet/auth/webhooks';
import { Database, type Sweeps } from '@facet/service';
import { eq, lt, sql } from 'drizzle-orm';
import { webhookMessages, webhookSubscriptions } from '../schema.js';
import { WebhookConfig } from './config.js';

/** How many are on their way at once, and of one subscription: a slow receiver holds up its own messages first. */
const AT_ONCE = 40;
const AT_ONCE_EACH = 8;
const ATTEMPT_MS = 5_000;
/** Nobody else takes a message for so long. Who is killed while sending leaves it to be sent again after that. */
const LEASE_SECONDS = 30;
/** No new messages are begun after so long, so that whatever else has to be swept gets its turn. */
const ROUND_MS = 10_000;
const KEEP_DEAD_DAYS = 30;

/** Of a type, not an interface: Drizzle's rows are records. */
type Claimed = {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
};

/**
 * Delivers what the outbox holds, at least once each: now and then, from every instance. A message is leased before it
 * is sent, and its attempt counted then, so that neither two instances send it nor one that it kills tries for ever.
 */
@Injectable()
export class WebhookSender implements Sweeps {
  constructor(
    private readonly db: Database,
    private readonly config: WebhookConfig,
  ) {}

  async sweep(): Promise<void> {
    const until = performance.now() + ROUND_MS;
    for (let sent = AT_ONCE; sent > 0 && performance.now() < until;) {
      const messages = await this.claim();
      await Promise.all(messages.map((message) => this.deliver(message)));
      sent = messages.length;
    }
    await this.db
      .delete(webhookMessages)
      .where(lt(webhookMessages.failedAt, sql`now() - make_interval(days => ${KEEP_DEAD_DAYS})`));
  }

  /** Subscriptions come in no order, so that none with many messages keeps others waiting for long. */
  private async claim(): Promise<readonly Claimed[]> {
    const { rows } = await this.db.execute<Claimed>(sql`
      with due as (
        select message.id, subscription.url, subscription.secret
        from ${webhookSubscriptions} subscription
        cross join lateral (
          select id from ${webhookMessages}
          where subscription_id = subscription.id and next_attempt_at <= clock_timestamp()
          order by next_attempt_at limit ${AT_ONCE_EACH}
          for update skip locked
        ) message
        order by random() limit ${AT_ONCE}
      )
      update ${webhookMessages} message
      set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      from due where message.id = due.id
      returning message.id, message.body, message.attempts, due.url, due.secret`);
    return rows;
  }

  private async deliver(message: Claimed): Promise<void> {
    const { allowPrivate } = this.config;
    await this.settle(message, await sendWebhook(message, { allowPrivate, timeoutMs: ATTEMPT_MS }));
  }

  private async settle({ id, attempts }: Claimed, delivery: Delivery): Promise<void> {
    const isThis = eq(webhookMessages.id, id);
    if (delivery.delivered) {
      await this.db.delete(webhookMessages).where(isThis);
      return;
    }
    const waitMs = nextAttemptMs(attempts);
    const then =
      waitMs === undefined
        ? { nextAttemptAt: null, failedAt: sql`clock_timestamp()` }
        : { nextAttemptAt: sql`clock_timestamp() + make_interval(secs => ${waitMs / 1_000})` };
    await this.db
      .update(webhookMessages)
      .set({ ...then, reason: delivery.why })
      .where(isThis);
  }
}
