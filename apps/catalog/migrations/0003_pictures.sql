-- Pictures of the sample shop are drawn by each gateway: what was an address on example.com becomes a path there, made
-- from the product's kind (its title without brand and model), its colour and its material.
CREATE FUNCTION pg_temp.slug(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT trim(BOTH '-' FROM regexp_replace(lower(translate(name, 'éÉ', 'ee')), '[^a-z0-9]+', '-', 'g'))
$$;--> statement-breakpoint
CREATE FUNCTION pg_temp.attribute(attributes jsonb, name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT each->>'value' FROM jsonb_array_elements(attributes) AS each WHERE each->>'name' = name LIMIT 1
$$;--> statement-breakpoint
CREATE FUNCTION pg_temp.moved(image jsonb, path text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_set(image, '{sizes}', (
		SELECT jsonb_agg(
			CASE
				WHEN path IS NOT NULL AND size->>'url' LIKE 'https://images.example.com/%' THEN jsonb_set(size, '{url}', to_jsonb(path))
				ELSE size
			END ORDER BY number
		)
		FROM jsonb_array_elements(image->'sizes') WITH ORDINALITY AS sizes(size, number)
	))
$$;--> statement-breakpoint
UPDATE "products" SET "images" = (
	SELECT jsonb_agg(pg_temp.moved(image,
		'/pictures/1/products/' || pg_temp.slug(regexp_replace(substr("title", length("brand") + 2), '^\S+ ', ''))
		|| '/' || pg_temp.slug(pg_temp.attribute("attributes", 'Colour'))
		|| '/' || pg_temp.slug(pg_temp.attribute("attributes", 'Material'))
		|| '/' || (ARRAY['front', 'side', 'detail', 'in-use'])[number] || '.svg'
	) ORDER BY number)
	FROM jsonb_array_elements("images") WITH ORDINALITY AS images(image, number)
)
WHERE "images"::text LIKE '%https://images.example.com/products/%';--> statement-breakpoint
UPDATE "categories" SET "image" = pg_temp.moved("image", '/pictures/1/categories/' || "slug" || '.svg')
WHERE "image"::text LIKE '%https://images.example.com/categories/%';
