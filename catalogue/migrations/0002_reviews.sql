CREATE TABLE "reviews" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reviews_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tool_hash" text NOT NULL,
	"model" text NOT NULL,
	"prompt_version" text NOT NULL,
	"answer" text NOT NULL,
	"prompt_tokens" integer NOT NULL,
	"completion_tokens" integer NOT NULL,
	"reviewed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "reviews_by_question" UNIQUE("tool_hash","model","prompt_version")
);
--> statement-breakpoint
ALTER TABLE "classifications" DROP CONSTRAINT "classifications_by_judge";--> statement-breakpoint
ALTER TABLE "classifications" ADD COLUMN "prompt_version" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "classifications" ADD CONSTRAINT "classifications_by_judge" UNIQUE("tool_hash","classifier_version","signal_set_hash","reviewer","prompt_version");