CREATE TABLE "popular" (
	"rank" integer PRIMARY KEY NOT NULL,
	"product_id" text NOT NULL,
	"score" double precision NOT NULL
);
--> statement-breakpoint
CREATE TABLE "related" (
	"product_id" text NOT NULL,
	"rank" integer NOT NULL,
	"other_id" text NOT NULL,
	"score" double precision NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "related_product_id_rank_pk" PRIMARY KEY("product_id","rank")
);
--> statement-breakpoint
CREATE TABLE "seeds" (
	"name" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
