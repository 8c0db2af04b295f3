import pg from 'pg';

/** Whose purchases are looked at, and since when. */
export interface Mark {
  readonly orders: ReadonlySet<string>;
  readonly captures: number;
}

/** What stands in the books of the services, read past all of them. */
export class Books {
  readonly #pools: readonly pg.Pool[];

  constructor(
    { url, prefix }: { readonly url: string; readonly prefix: string },
    private readonly customers: readonly string[],
  ) {
    this.#pools = ['orders', 'payments'].map((service) => {
      const address = new URL(url);
      address.pathname = `/${prefix}${service}`;
      return new pg.Pool({ connectionString: address.href, max: 1 });
    });
  }

  async mark(): Promise<Mark> {
    return { orders: new Set(await this.#orders()), captures: await this.#captures() };
  }

  /** What was ordered and charged since, beyond what clients were told: twice for one purchase, or for none. */
  async beyond(mark: Mark, answered: readonly string[]): Promise<number> {
    const now = await this.mark();
    const orders = [...now.orders].filter((id) => !mark.orders.has(id));
    const missing = answered.filter((id) => !now.orders.has(id));
    if (missing.length > 0)
      throw new Error(`Orders were answered and are not in the books: ${missing.join(', ')}`);
    const distinct = new Set(answered).size;
    return Math.max(orders.length, now.captures - mark.captures) - distinct;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.end()));
  }

  async #orders(): Promise<readonly string[]> {
    const text = `select id from orders where customer_id = any($1) and status <> 'cancelled'`;
    const rows = await this.#pools[0]?.query<{ id: string }>(text, [this.customers]);
    return (rows?.rows ?? []).map(({ id }) => id);
  }

  async #captures(): Promise<number> {
    const text = `select count(*)::int as count from ledger join payments on payments.id = ledger.payment_id
      where kind = 'capture' and customer_id = any($1)`;
    const rows = await this.#pools[1]?.query<{ count: number }>(text, [this.customers]);
    return rows?.rows[0]?.count ?? 0;
  }
}
