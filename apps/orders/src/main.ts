import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { orders } from '@facet/shop-orders';
import { Expiry } from './expiry.js';
import { OrdersModule } from './orders.module.js';
import { seed } from './seed.js';
import { WebhookSender } from './webhooks/sender.js';

await runService({
  name: 'orders',
  contract: orders,
  module: OrdersModule,
  port: 4040,
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  sweeps: [Expiry, WebhookSender],
  verifyCaller: verifyCallers('orders'),
});
