-- What was written before is nobody's: no customer has an empty id.
ALTER TABLE "payments" ADD COLUMN "customer_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ALTER COLUMN "customer_id" DROP DEFAULT;
