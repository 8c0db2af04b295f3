import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { payments } from '@facet/shop-payments';
import { Books } from './books.js';
import { PaymentsModule } from './payments.module.js';
import { seed } from './seed.js';

await runService({
  name: 'payments',
  contract: payments,
  module: PaymentsModule,
  port: 4050,
  sweeps: [Books],
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  verifyCaller: verifyCallers('payments'),
});
