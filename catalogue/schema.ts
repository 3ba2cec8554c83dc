import { isNotNull } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/**
 * The catalogue's tables. All of them only grow: a row is inserted and never edited, and only `prune.ts` removes rows,
 * those that repeat others. The tables at the end are the exception: they say again, for searching, what the others say
 * now.
 *
 * JSON that holds a server's words is kept as text, because `jsonb` refuses the NUL character that a hostile server
 * can send, and reorders keys; a definition has to come back exactly as it was sent.
 */

const json = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => JSON.parse(value),
});

/** Text that is sorted and looked up by its bytes, on every server alike, whatever the database's own language. */
const key = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

const rowId = () => bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey();
const instant = () => timestamp({ withTimezone: true, mode: 'date' }).notNull();

/** A server, known by the `id` of its target. Its slug is given once and never to another. */
export const servers = pgTable('servers', {
  id: rowId(),
  key: key().notNull().unique(),
  slug: key().notNull().unique(),
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

/**
 * JSON that comes again with nearly every scan of a server, once, by the SHA-256 of the text: the screened target, and
 * what a scan said beside its tools (context, server info, instructions, failure, rejected tools, warnings).
 */
export const texts = pgTable('texts', { hash: key().primaryKey(), body: json().notNull() });

/** A tool definition, once, however many servers and scans have it. */
export const toolVersions = pgTable('tool_versions', {
  hash: key().primaryKey(),
  /** For reading the table by hand, and cut; the exact name is in `wire`. */
  name: text().notNull(),
  wire: json().notNull(),
});

/** A list of tools, once, however often a server gave it: most scans find what the scan before them found. */
export const listings = pgTable('listings', {
  id: rowId(),
  /** SHA-256 over the positions and the hashes of the tools. */
  hash: key().notNull().unique(),
  toolCount: integer().notNull(),
});

/** A tool in a list, at its place. Together with the scans that found the list, these are the sightings. */
export const listingTools = pgTable(
  'listing_tools',
  {
    /** Of a list that was stored a moment before; a foreign key would be looked up for each tool of each crawl. */
    listingId: bigint({ mode: 'number' }).notNull(),
    position: integer().notNull(),
    toolHash: key()
      .notNull()
      .references(() => toolVersions.hash),
  },
  (table) => [primaryKey({ columns: [table.listingId, table.position] })],
);

/** Who or what gives verdicts. */
export const judges = pgTable(
  'judges',
  {
    id: rowId(),
    classifierVersion: text().notNull(),
    signalSetHash: text().notNull(),
    reviewer: text().notNull(),
    /** Of the question that a model was asked; empty where none was. */
    promptVersion: text().notNull().default(''),
    /** The ids of its signals, in the order of the findings. */
    signals: text().array().notNull(),
  },
  (table) => [
    unique('judges_by_name').on(
      table.classifierVersion,
      table.signalSetHash,
      table.reviewer,
      table.promptVersion,
    ),
  ],
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
    provenance: text({ enum: ['observed', 'declared'] })
      .notNull()
      .default('observed'),
    targetHash: key()
      .notNull()
      .references(() => texts.hash),
    detailsHash: key()
      .notNull()
      .references(() => texts.hash),
    /** What was listed; null when the scan failed. */
    listingId: bigint({ mode: 'number' }).references(() => listings.id),
    /** Whose verdicts all tools of the list have; null when they are of several judges, or nothing was listed. */
    judgeId: bigint({ mode: 'number' }).references(() => judges.id),
    /** The other list that the server gave before; null when there was none, or the same. */
    replacesId: bigint({ mode: 'number' }).references(() => listings.id),
  },
  (table) => [
    // A server has one scan at a time, so that a scan which is stored twice is stored once.
    uniqueIndex('scans_by_server').on(table.serverId, table.observedAt),
    // The newest list, behind however many failures; and when a list was first and last seen.
    index('scans_by_listing')
      .on(table.serverId, table.observedAt, table.listingId)
      .where(isNotNull(table.listingId)),
    // One outcome for each server in a pass, whoever writes it.
    uniqueIndex('scans_by_crawl').on(table.crawlId, table.serverId).where(isNotNull(table.crawlId)),
    // For the removal of texts that no scan has any more.
    index('scans_by_target').on(table.targetHash),
    index('scans_by_details').on(table.detailsHash),
    index('scans_by_change').on(table.observedAt, table.id).where(isNotNull(table.replacesId)),
  ],
);

/** A verdict on a definition: a new one for each judge, beside the old ones. */
export const classifications = pgTable(
  'classifications',
  {
    id: rowId(),
    toolHash: key()
      .notNull()
      .references(() => toolVersions.hash),
    /** Of a judge that was stored a moment before; a foreign key would be looked up for each tool of each crawl. */
    judgeId: bigint({ mode: 'number' }).notNull(),
    category: text().notNull(),
    risk: text().notNull(),
    confidence: text().notNull(),
    destructive: boolean().notNull(),
    financial: boolean().notNull(),
    /** Those that are present. */
    signals: text().array().notNull(),
    /** The rest of the Classification; see `verdicts.ts`. */
    verdict: json().notNull(),
    judgedAt: instant(),
  },
  (table) => [unique('classifications_by_judge').on(table.toolHash, table.judgeId)],
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

/**
 * What each server lists now, with the newest verdict: the tools of its newest list. Rows are edited with the verdict,
 * and replaced some time after the list was. They are kept short, because a search reads many to show few.
 */
export const currentTools = pgTable(
  'current_tools',
  {
    serverId: bigint({ mode: 'number' })
      .notNull()
      .references(() => servers.id),
    position: integer().notNull(),
    /** Names the definition too. */
    classificationId: bigint({ mode: 'number' })
      .notNull()
      .references(() => classifications.id),
    /** Cut. */
    name: key().notNull(),
    /** In the name: a name of few words is the closer match. */
    nameWords: smallint().notNull(),
    /** 0 to 3: critical to low, so that all columns sort the same way. */
    riskRank: smallint().notNull(),
    /** Words, and what can be filtered by; see `search-words.ts`. */
    search: tsvector().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.serverId, table.position] }),
    index('current_tools_by_verdict').on(table.classificationId),
    index('current_tools_by_word').using('gin', table.search),
  ],
);

/**
 * Servers whose rows in `current_tools` are to be made anew, because they list something else now. A server may be there
 * several times: a row that is not yet committed must not be lost to somebody who takes the row before it.
 */
export const searchBacklog = pgTable('search_backlog', {
  id: rowId(),
  serverId: bigint({ mode: 'number' })
    .notNull()
    .references(() => servers.id),
});

/** The words of names and titles, so that a misspelt one can be put right. */
export const searchWords = pgTable('search_words', { word: key().primaryKey() }, (table) => [
  index('search_words_by_trigram').using('gin', table.word.op('gin_trgm_ops')),
]);
