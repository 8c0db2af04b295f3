import { verifyCallers } from '@facet/auth/assertion';
import { runService } from '@facet/service';
import { inventory } from '@facet/shop-inventory';
import { InventoryModule } from './inventory.module.js';
import { Reservations } from './reservations.js';
import { seed } from './seed.js';

await runService({
  name: 'inventory',
  contract: inventory,
  module: InventoryModule,
  port: 4030,
  database: { migrations: new URL('../migrations', import.meta.url), seed },
  sweeps: [Reservations],
  verifyCaller: verifyCallers('inventory'),
});
