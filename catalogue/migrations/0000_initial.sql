CREATE TABLE "classifications" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "classifications_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"tool_hash" text NOT NULL,
	"classifier_version" text NOT NULL,
	"signal_set_hash" text NOT NULL,
	"reviewer" text NOT NULL,
	"category" text NOT NULL,
	"risk" text NOT NULL,
	"confidence" text NOT NULL,
	"destructive" boolean NOT NULL,
	"financial" boolean NOT NULL,
	"verdict" text NOT NULL,
	"judged_at" timestamp with time zone NOT NULL,
	CONSTRAINT "classifications_by_judge" UNIQUE("tool_hash","classifier_version","signal_set_hash","reviewer")
);
--> statement-breakpoint
CREATE TABLE "scans" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "scans_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server_id" bigint NOT NULL,
	"observed_at" timestamp with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"status" text NOT NULL,
	"phase" text,
	"failure_code" text,
	"tool_count" integer NOT NULL,
	"target" text NOT NULL,
	"details" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "servers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"slug" text NOT NULL,
	"label" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "servers_key_unique" UNIQUE("key"),
	CONSTRAINT "servers_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "sightings" (
	"scan_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"tool_hash" text NOT NULL,
	CONSTRAINT "sightings_scan_id_position_pk" PRIMARY KEY("scan_id","position")
);
--> statement-breakpoint
CREATE TABLE "tool_versions" (
	"hash" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"wire" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "classifications" ADD CONSTRAINT "classifications_tool_hash_tool_versions_hash_fk" FOREIGN KEY ("tool_hash") REFERENCES "public"."tool_versions"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_scan_id_scans_id_fk" FOREIGN KEY ("scan_id") REFERENCES "public"."scans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sightings" ADD CONSTRAINT "sightings_tool_hash_tool_versions_hash_fk" FOREIGN KEY ("tool_hash") REFERENCES "public"."tool_versions"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "classifications_by_tool" ON "classifications" USING btree ("tool_hash","id");--> statement-breakpoint
CREATE INDEX "scans_by_server" ON "scans" USING btree ("server_id","id");--> statement-breakpoint
CREATE INDEX "sightings_by_tool" ON "sightings" USING btree ("tool_hash");--> statement-breakpoint
CREATE INDEX "tool_versions_by_name" ON "tool_versions" USING btree ("name");