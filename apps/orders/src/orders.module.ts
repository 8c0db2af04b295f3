import { Module } from '@nestjs/common';
import { Expiry } from './expiry.js';
import { OrderBook } from './order-book.js';
import { OrderDesk } from './order-desk.js';
import { OrdersController } from './orders.controller.js';
import { readWebhookConfig, WebhookConfig } from './webhooks/config.js';
import { DeadLetters } from './webhooks/dead-letters.js';
import { WebhookSender } from './webhooks/sender.js';
import { Subscriptions } from './webhooks/subscriptions.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

@Module({
  controllers: [OrdersController, WebhooksController],
  providers: [
    OrderBook,
    OrderDesk,
    Expiry,
    Subscriptions,
    DeadLetters,
    WebhookSender,
    { provide: WebhookConfig, useFactory: () => readWebhookConfig() },
  ],
})
export class OrdersModule {}
