DROP TABLE "reviews" CASCADE;--> statement-breakpoint
ALTER TABLE "products" DROP COLUMN "star_counts";