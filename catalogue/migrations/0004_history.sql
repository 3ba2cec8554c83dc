CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE TABLE "current_tools" (
	"server_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"classification_id" bigint NOT NULL,
	"name" text collate "C" NOT NULL,
	"name_words" smallint NOT NULL,
	"risk_rank" smallint NOT NULL,
	"search" "tsvector" NOT NULL,
	CONSTRAINT "current_tools_server_id_position_pk" PRIMARY KEY("server_id","position")
);
--> statement-breakpoint
CREATE TABLE "judges" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "judges_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"classifier_version" text NOT NULL,
	"signal_set_hash" text NOT NULL,
	"reviewer" text NOT NULL,
	"prompt_version" text DEFAULT '' NOT NULL,
	"signals" text[] NOT NULL,
	CONSTRAINT "judges_by_name" UNIQUE("classifier_version","signal_set_hash","reviewer","prompt_version")
);
--> statement-breakpoint
CREATE TABLE "listing_tools" (
	"listing_id" bigint NOT NULL,
	"position" integer NOT NULL,
	"tool_hash" text collate "C" NOT NULL,
	CONSTRAINT "listing_tools_listing_id_position_pk" PRIMARY KEY("listing_id","position")
);
--> statement-breakpoint
CREATE TABLE "listings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "listings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hash" text collate "C" NOT NULL,
	"tool_count" integer NOT NULL,
	CONSTRAINT "listings_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "search_backlog" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "search_backlog_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_words" (
	"word" text collate "C" PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "texts" (
	"hash" text collate "C" PRIMARY KEY NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "classifications" DROP CONSTRAINT "classifications_by_judge";
--> statement-breakpoint
DROP INDEX "classifications_by_tool";
--> statement-breakpoint
DROP INDEX "tool_versions_by_name";
--> statement-breakpoint
DROP INDEX "scans_by_server";
--> statement-breakpoint
DROP INDEX "scans_by_crawl";
--> statement-breakpoint
ALTER TABLE "sightings" ALTER COLUMN "tool_hash" SET DATA TYPE text collate "C";
--> statement-breakpoint
ALTER TABLE "classifications" ALTER COLUMN "tool_hash" SET DATA TYPE text collate "C";
--> statement-breakpoint
ALTER TABLE "servers" ALTER COLUMN "key" SET DATA TYPE text collate "C";
--> statement-breakpoint
ALTER TABLE "servers" ALTER COLUMN "slug" SET DATA TYPE text collate "C";
--> statement-breakpoint
ALTER TABLE "tool_versions" ALTER COLUMN "hash" SET DATA TYPE text collate "C";
--> statement-breakpoint
ALTER TABLE "classifications" ADD COLUMN "judge_id" bigint;
--> statement-breakpoint
ALTER TABLE "classifications" ADD COLUMN "signals" text[];
--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "target_hash" text collate "C";
--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "details_hash" text collate "C";
--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "listing_id" bigint;
--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "judge_id" bigint;
--> statement-breakpoint
ALTER TABLE "scans" ADD COLUMN "replaces_id" bigint;
--> statement-breakpoint
-- Two scans of one server at one instant could be stored before; from here on an instant has one.
UPDATE "scans" SET "observed_at" = "observed_at" + n * interval '1 millisecond'
FROM (SELECT "id" AS double, row_number() OVER (PARTITION BY "server_id", "observed_at" ORDER BY "id") - 1 AS n FROM "scans") d
WHERE d.double = "scans"."id" AND n > 0;
--> statement-breakpoint
INSERT INTO "texts" ("hash", "body")
SELECT encode(sha256(convert_to(body, 'UTF8')), 'hex'), body
FROM (SELECT "target" AS body FROM "scans" UNION SELECT "details" FROM "scans") t
ON CONFLICT DO NOTHING;
--> statement-breakpoint
CREATE TEMPORARY TABLE "scan_lists" ON COMMIT DROP AS
SELECT s."id", s."server_id", s."observed_at", count(g."tool_hash")::integer AS tool_count,
  encode(sha256(convert_to(coalesce(string_agg(g."position" || ' ' || g."tool_hash", E'\n' ORDER BY g."position"), ''), 'UTF8')), 'hex') AS hash
FROM "scans" s LEFT JOIN "sightings" g ON g."scan_id" = s."id"
WHERE s."status" <> 'failed' GROUP BY s."id";
--> statement-breakpoint
INSERT INTO "listings" ("hash", "tool_count") SELECT DISTINCT "hash", "tool_count" FROM "scan_lists" ORDER BY "hash";
--> statement-breakpoint
INSERT INTO "listing_tools" ("listing_id", "position", "tool_hash")
SELECT l."id", g."position", g."tool_hash"
FROM "listings" l
JOIN (SELECT "hash", min("id") AS scan_id FROM "scan_lists" GROUP BY "hash") one ON one."hash" = l."hash"
JOIN "sightings" g ON g."scan_id" = one.scan_id;
--> statement-breakpoint
UPDATE "scans" SET "listing_id" = l."id", "replaces_id" = nullif(l.before, l."id")
FROM (
  SELECT s."id" AS scan_id, l."id", lag(l."id") OVER (PARTITION BY s."server_id" ORDER BY s."observed_at") AS before
  FROM "scan_lists" s JOIN "listings" l ON l."hash" = s."hash"
) l
WHERE l.scan_id = "scans"."id";
--> statement-breakpoint
UPDATE "scans" SET "target_hash" = encode(sha256(convert_to("target", 'UTF8')), 'hex'),
  "details_hash" = encode(sha256(convert_to("details", 'UTF8')), 'hex');
--> statement-breakpoint
INSERT INTO "judges" ("classifier_version", "signal_set_hash", "reviewer", "prompt_version", "signals")
SELECT DISTINCT ON ("classifier_version", "signal_set_hash", "reviewer", "prompt_version")
  "classifier_version", "signal_set_hash", "reviewer", "prompt_version",
  ARRAY(SELECT f ->> 'signal' FROM json_array_elements("verdict"::json -> 'findings') WITH ORDINALITY e(f, n) ORDER BY n)
FROM "classifications"
ORDER BY "classifier_version", "signal_set_hash", "reviewer", "prompt_version", "id";
--> statement-breakpoint
UPDATE "classifications" SET "judge_id" = j."id", "signals" =
  ARRAY(SELECT f ->> 'signal' FROM json_array_elements("verdict"::json -> 'findings') WITH ORDINALITY e(f, n)
    WHERE f ->> 'outcome' = 'present' ORDER BY n)
FROM "judges" j
WHERE (j."classifier_version", j."signal_set_hash", j."reviewer", j."prompt_version") =
  ("classifications"."classifier_version", "classifications"."signal_set_hash", "classifications"."reviewer", "classifications"."prompt_version");
--> statement-breakpoint
-- What a search finds is made from the lists at the first opportunity.
INSERT INTO "search_backlog" ("server_id") SELECT DISTINCT "server_id" FROM "scans" WHERE "listing_id" IS NOT NULL ORDER BY 1;
--> statement-breakpoint
ALTER TABLE "classifications" ALTER COLUMN "judge_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "classifications" ALTER COLUMN "signals" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "scans" ALTER COLUMN "target_hash" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "scans" ALTER COLUMN "details_hash" SET NOT NULL;
--> statement-breakpoint
DROP TABLE "sightings" CASCADE;
--> statement-breakpoint
ALTER TABLE "classifications" DROP COLUMN "classifier_version";
--> statement-breakpoint
ALTER TABLE "classifications" DROP COLUMN "signal_set_hash";
--> statement-breakpoint
ALTER TABLE "classifications" DROP COLUMN "reviewer";
--> statement-breakpoint
ALTER TABLE "classifications" DROP COLUMN "prompt_version";
--> statement-breakpoint
ALTER TABLE "scans" DROP COLUMN "tool_count";
--> statement-breakpoint
ALTER TABLE "scans" DROP COLUMN "target";
--> statement-breakpoint
ALTER TABLE "scans" DROP COLUMN "details";
--> statement-breakpoint
ALTER TABLE "classifications" ADD CONSTRAINT "classifications_by_judge" UNIQUE("tool_hash","judge_id");
--> statement-breakpoint
ALTER TABLE "current_tools" ADD CONSTRAINT "current_tools_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "current_tools" ADD CONSTRAINT "current_tools_classification_id_classifications_id_fk" FOREIGN KEY ("classification_id") REFERENCES "public"."classifications"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "listing_tools" ADD CONSTRAINT "listing_tools_tool_hash_tool_versions_hash_fk" FOREIGN KEY ("tool_hash") REFERENCES "public"."tool_versions"("hash") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "search_backlog" ADD CONSTRAINT "search_backlog_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_target_hash_texts_hash_fk" FOREIGN KEY ("target_hash") REFERENCES "public"."texts"("hash") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_details_hash_texts_hash_fk" FOREIGN KEY ("details_hash") REFERENCES "public"."texts"("hash") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_listing_id_listings_id_fk" FOREIGN KEY ("listing_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_judge_id_judges_id_fk" FOREIGN KEY ("judge_id") REFERENCES "public"."judges"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "scans" ADD CONSTRAINT "scans_replaces_id_listings_id_fk" FOREIGN KEY ("replaces_id") REFERENCES "public"."listings"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "current_tools_by_verdict" ON "current_tools" USING btree ("classification_id");
--> statement-breakpoint
CREATE INDEX "current_tools_by_word" ON "current_tools" USING gin ("search");
--> statement-breakpoint
CREATE INDEX "search_words_by_trigram" ON "search_words" USING gin ("word" gin_trgm_ops);
--> statement-breakpoint
CREATE INDEX "scans_by_listing" ON "scans" USING btree ("server_id","observed_at","listing_id") WHERE "scans"."listing_id" is not null;
--> statement-breakpoint
CREATE INDEX "scans_by_target" ON "scans" USING btree ("target_hash");
--> statement-breakpoint
CREATE INDEX "scans_by_details" ON "scans" USING btree ("details_hash");
--> statement-breakpoint
CREATE INDEX "scans_by_change" ON "scans" USING btree ("observed_at","id") WHERE "scans"."replaces_id" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "scans_by_server" ON "scans" USING btree ("server_id","observed_at");
--> statement-breakpoint
CREATE UNIQUE INDEX "scans_by_crawl" ON "scans" USING btree ("crawl_id","server_id") WHERE "scans"."crawl_id" is not null;
