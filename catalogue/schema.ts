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

/** One attempt to list a server's tools, failed or not. */
export const scans = pgTable(
  'scans',
  {
    id: rowId(),
    serverId: bigint({ mode: 'number' })
      .notNull()
      .references(() => servers.id),
    observedAt: instant(),
    durationMs: integer().notNull(),
    status: text({ enum: ['complete', 'partial', 'failed'] }).notNull(),
    phase: text(),
    failureCode: text(),
    toolCount: integer().notNull(),
    /** The screened ServerTarget. */
    target: json().notNull(),
    /** What else the scan said: context, server info, instructions, failure, rejected tools, warnings. */
    details: json().notNull(),
  },
  (table) => [index('scans_by_server').on(table.serverId, table.id)],
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
    ),
  ],
);
