CREATE TABLE ratings (
  product_id text PRIMARY KEY,
  -- How many gave one to five stars.
  star_counts integer[] NOT NULL
);

CREATE TABLE reviews (
  id text PRIMARY KEY,
  product_id text NOT NULL REFERENCES ratings,
  author text NOT NULL,
  stars integer NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE INDEX reviews_of_product ON reviews (product_id, created_at DESC, id);
