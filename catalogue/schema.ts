import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/**
 * The catalogue's tables. All of them only grow: a row is inserted and never edited.
 *
 * JSON that holds a server's words is kept as text, because `jsonb` refuses the NUL character that a hostile server
 * can send, and reorders keys; a definition has to come back exactly as it was sent.
 */

const json = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => JSON.parse(value),
});

const rowId = () => bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey();
const instant = () => timestamp({ withTimezone: true, mode: 'date' }).notNull();

/** A server, known by the `id` of its target. Its slug is given once and never to another. */
export const servers = pgTable('servers', {
  id: rowId(),
  key: text().notNull().unique(),
  slug: text().notNull().unique(),
  label: text().notNull(),
  firstSeenAt: instant(),
});

/** Where a server was found. One found by two sources has two. */
export const origins = pgTable(
  'origins',
  {
    id: rowId(),
    serverId: bigint({ mode: 'number' })
      .notNull()
      .references(() => servers.id),
    source: text().notNull(),
    ref: text().notNull(),
    firstSeenAt: instant(),
  },
  (table) => [unique('origins_by_server').on(table.serverId, table.source, table.ref)],
);

/** One pass over a source. It can be taken up again until it has ended. */
export const crawls = pgTable(
  'crawls',
  { id: rowId(), source: text().notNull(), ref: text().notNull(), startedAt: instant() },
  (table) => [index('crawls_by_source').on(table.source, table.ref, table.id)],
);

/** That a pass has ended, so that the next one starts anew. */
export const crawlEnds = pgTable('crawl_ends', {
  crawlId: bigint({ mode: 'number' })
    .primaryKey()
    .references(() => crawls.id),
  endedAt: instant(),
});

/** What a source kept for its next run; the newest counts. */
export const sourceStates = pgTable(
  'source_states',
  {
    id: rowId(),
    source: text().notNull(),
    ref: text().notNull(),
    state: json().notNull(),
    savedAt: instant(),
  },
  (table) => [index('source_states_by_source').on(table.source, table.ref, table.id)],
);

/** One attempt to list a server's tools, failed or not. */
export const scans = pgTable(
  'scans',
  {
    id: rowId(),
    serverId: bigint({ mode: 'number' })
      .notNull()
      .references(() => servers.id),
    /** The pass that the scan belongs to, if it belongs to one. */
    crawlId: bigint({ mode: 'number' }).references(() => crawls.id),
    observedAt: instant(),
    durationMs: integer().notNull(),
    status: text({ enum: ['complete', 'partial', 'failed'] }).notNull(),
    phase: text(),
    failureCode: text(),
    toolCount: integer().notNull(),
    provenance: text({ enum: ['observed', 'declared'] })
      .notNull()
      .default('observed'),
    /** The screened ServerTarget. */
    target: json().notNull(),
    /** What else the scan said: context, server info, instructions, failure, rejected tools, warnings. */
    details: json().notNull(),
  },
  (table) => [
    index('scans_by_server').on(table.serverId, table.id),
    // One outcome for each server in a pass, whoever writes it.
    uniqueIndex('scans_by_crawl').on(table.crawlId, table.serverId),
  ],
);

/** A tool definition, once, however many servers and scans have it. */
export const toolVersions = pgTable(
  'tool_versions',
  {
    hash: text().primaryKey(),
    /** For looking up only, and cut to what an index takes; the exact name is in `wire`. */
    name: text().notNull(),
    wire: json().notNull(),
  },
  (table) => [index('tool_versions_by_name').on(table.name)],
);

/** A tool in a scan's list, at its place. */
export const sightings = pgTable(
  'sightings',
  {
    scanId: bigint({ mode: 'number' })
      .notNull()
      .references(() => scans.id),
    position: integer().notNull(),
    toolHash: text()
      .notNull()
      .references(() => toolVersions.hash),
  },
  (table) => [
    primaryKey({ columns: [table.scanId, table.position] }),
    index('sightings_by_tool').on(table.toolHash),
  ],
);

/** A verdict on a definition: a new one for each classifier and reviewer, beside the old ones. */
export const classifications = pgTable(
  'classifications',
  {
    id: rowId(),
    toolHash: text()
      .notNull()
      .references(() => toolVersions.hash),
    classifierVersion: text().notNull(),
    signalSetHash: text().notNull(),
    reviewer: text().notNull(),
    /** Of the question that a model was asked; empty where none was. */
    promptVersion: text().notNull().default(''),
    category: text().notNull(),
    risk: text().notNull(),
    confidence: text().notNull(),
    destructive: boolean().notNull(),
    financial: boolean().notNull(),
    /** The whole Classification. */
    verdict: json().notNull(),
    judgedAt: instant(),
  },
  (table) => [
    // The newest verdict on a tool is what every view asks for.
    index('classifications_by_tool').on(table.toolHash, table.id),
    unique('classifications_by_judge').on(
      table.toolHash,
      table.classifierVersion,
      table.signalSetHash,
      table.reviewer,
      table.promptVersion,
    ),
  ],
);

/**
 * What a language model answered about a definition. Without a reference to the definition, because an answer may
 * come before its scan is stored.
 */
export const reviews = pgTable(
  'reviews',
  {
    id: rowId(),
    toolHash: text().notNull(),
    model: text().notNull(),
    promptVersion: text().notNull(),
    answer: json().notNull(),
    promptTokens: integer().notNull(),
    completionTokens: integer().notNull(),
    reviewedAt: instant(),
  },
  (table) => [unique('reviews_by_question').on(table.toolHash, table.model, table.promptVersion)],
);
