import { Controller } from '@nestjs/common';
import type { ParsedInputOf } from '@facet/contracts';
import { Implements } from '@facet/service';
import { inventory } from '@facet/shop-inventory';
import { Levels } from './levels.js';
import { Reservations } from './reservations.js';

type Input<Name extends keyof typeof inventory> = ParsedInputOf<(typeof inventory)[Name]>;

@Controller()
export class InventoryController {
  constructor(
    private readonly stock: Levels,
    private readonly reservations: Reservations,
  ) {}

  @Implements(inventory.levels)
  async levels({ ids }: Input<'levels'>) {
    return { items: await this.stock.of(ids) };
  }

  @Implements(inventory.reserve)
  reserve(input: Input<'reserve'>) {
    return this.reservations.reserve(input);
  }

  @Implements(inventory.commit)
  commit(input: Input<'commit'>) {
    return this.reservations.commit(input);
  }

  @Implements(inventory.release)
  release(input: Input<'release'>) {
    return this.reservations.release(input);
  }
}
