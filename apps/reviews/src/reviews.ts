import type pg from 'pg';

export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

interface Row {
  readonly id: string;
  readonly author: string;
  readonly stars: number;
  readonly title: string;
  readonly text: string;
  readonly created_at: Date;
}

/** What customers say of a product, newest first; undefined where there is no such product. */
export async function reviewsOf(pool: pg.Pool, productId: string, { page, pageSize }: Page) {
  const [ratings, rows, count] = await Promise.all([
    pool.query<{ star_counts: number[] }>('select star_counts from ratings where product_id = $1', [
      productId,
    ]),
    pool.query<Row>(
      `select id, author, stars, title, text, created_at from reviews
       where product_id = $1 order by created_at desc, id limit $2 offset $3`,
      [productId, pageSize, (page - 1) * pageSize],
    ),
    pool.query<{ total: number }>('select count(*)::integer as total from reviews where product_id = $1', [
      productId,
    ]),
  ]);
  const [rated] = ratings.rows;
  if (rated === undefined) return undefined;
  return {
    rating: ratingOf(rated.star_counts),
    histogram: rated.star_counts,
    items: rows.rows.map(({ created_at: createdAt, ...row }) => ({
      ...row,
      productId,
      createdAt: createdAt.toISOString(),
    })),
    ...{ page, pageSize, total: count.rows[0]?.total ?? 0 },
  };
}

function ratingOf(starCounts: readonly number[]): { average: number; count: number } {
  const count = starCounts.reduce((sum, each) => sum + each, 0);
  const stars = starCounts.reduce((sum, each, index) => sum + each * (index + 1), 0);
  return { average: count === 0 ? 0 : Math.round((stars / count) * 10) / 10, count };
}
