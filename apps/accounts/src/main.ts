import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { accounts } from '@facet/shop-accounts';
import { AccountsModule } from './accounts.module.js';
import { seed } from './seed.js';

await runService({
  name: 'accounts',
  contract: accounts,
  module: AccountsModule,
  port: 4010,
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  verifyCaller: verifyCallers('accounts'),
});
