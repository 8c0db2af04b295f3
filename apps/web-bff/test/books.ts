import { speakAs } from '@facet/auth/assertion';
import type { Money } from '@facet/contracts';
import { catalog } from '@facet/shop-catalog';
import { inventory } from '@facet/shop-inventory';
import { orders } from '@facet/shop-orders';
import { connectService, type ServiceClient, type World } from '@facet/testing';
import pg from 'pg';

/** How things stood in the services at some moment. */
export interface Mark {
  readonly ledger: number;
  readonly orders: string;
  readonly available: number;
}

/** What has changed since. */
export interface Change {
  /** What was booked, oldest first: `authorise`, `capture`… */
  readonly ledger: readonly string[];
  /** The customer's orders that were written or changed, by status. */
  readonly orders: readonly string[];
  /** How many of the product cannot be sold any more. */
  readonly taken: number;
}

/** Reads the services' own books, past every gateway: what was charged, ordered and put aside. */
export class Books {
  private constructor(
    private readonly world: World,
    private readonly clients: Readonly<Record<'catalog' | 'inventory' | 'orders', ServiceClient>>,
    private readonly customerId: string,
  ) {}

  static async open(world: World, customerId: string): Promise<Books> {
    const connect = (service: string) =>
      connectService(world.process(service).addresses['tcp'], {
        caller: speakAs(service, { customerId, scopes: ['orders:read'] }),
      });
    const [catalog, inventory, orders] = await Promise.all(['catalog', 'inventory', 'orders'].map(connect));
    return new Books(
      world,
      { catalog, inventory, orders } as Record<string, ServiceClient> as Books['clients'],
      customerId,
    );
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.close();
  }

  async priceOf(id: string): Promise<Money> {
    return (await this.clients.catalog.call(catalog.product, { id })).price;
  }

  async available(id: string): Promise<number> {
    const { items } = await this.clients.inventory.call(inventory.levels, { ids: [id] });
    return items[0]?.available ?? 0;
  }

  async mark(productId: string): Promise<Mark> {
    const [row] = await this.payments<{ last: string }>(
      'select coalesce(max(number), 0) as last from ledger',
    );
    return {
      ledger: Number(row?.last),
      orders: (await this.ordersSince()).next,
      available: await this.available(productId),
    };
  }

  async since(mark: Mark, productId: string): Promise<Change> {
    const entries = await this.payments<{ kind: string }>(
      `select kind from ledger where number > ${mark.ledger} order by number`,
    );
    return {
      ledger: entries.map(({ kind }) => kind),
      orders: (await this.ordersSince(mark.orders)).statuses,
      taken: mark.available - (await this.available(productId)),
    };
  }

  /** Lets the time of every authorisation be up. */
  async expireAuthorisations(): Promise<void> {
    await this.payments("update payments set expires_at = now() where status = 'authorised'");
  }

  private async ordersSince(since?: string): Promise<{ statuses: string[]; next: string }> {
    const input = { customerId: this.customerId, limit: 200, ...(since === undefined ? {} : { since }) };
    const { items, next, more } = await this.clients.orders.call(orders.changes, input);
    const statuses = items.map(({ status }) => status);
    if (!more) return { statuses, next };
    const rest = await this.ordersSince(next);
    return { statuses: [...statuses, ...rest.statuses], next: rest.next };
  }

  private async payments<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
    const url = new URL(this.world.database.url);
    url.pathname = `/${this.world.database.prefix}payments`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }
}
