CREATE TABLE "answer_changes" (
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"tags" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "answer_changes_by_transaction" ON "answer_changes" USING btree ("transaction");--> statement-breakpoint
CREATE INDEX "answer_changes_by_age" ON "answer_changes" USING btree ("created_at");