/** Bounds of the catalogue, with their reasons. */

/** Characters of a text that is indexed. PostgreSQL refuses an index entry over 2,704 bytes; UTF-8 needs up to 4 each. */
export const MAX_INDEXED_CHARS = 600;

/**
 * Characters of each text that a tool is found by, distinct words of it, and characters of a word: more than any tool
 * that is meant to be found has, and a bound on what one server can put into the index.
 */
export const MAX_SEARCHED_CHARS = 20_000;
export const MAX_SEARCH_WORDS = 400;
export const MAX_SEARCH_WORD_CHARS = 40;

/** Characters of what a tool is filtered by. PostgreSQL takes words of up to 2,046 bytes; UTF-8 needs up to 4 each. */
export const MAX_LEXEME_CHARS = 500;

/** Words of one search, which a pasted sentence has not; and tools in one answer, which a screen has not. */
export const MAX_QUERY_WORDS = 60;
export const MAX_SEARCH_RESULTS = 500;

/**
 * How alike a word must be to be put in the place of one that nothing has, from 0 to 1: \`serach\` and \`search\` are 0.27
 * alike. How many are looked at, and characters of a word that is put right: a shorter one is like everything.
 */
export const LEAST_SIMILARITY = 0.2;
export const MAX_RESPELLINGS = 20;
export const MIN_RESPELT_CHARS = 3;

/** Servers taken off the backlog of the search in one transaction, and tools in memory at once: some megabytes. */
export const BACKLOG_ROWS_TOGETHER = 200;
export const REFRESHED_TOOLS_TOGETHER = 1_000;

/** Servers taken off the backlog before a search, and after a single scan: a few seconds at the most. */
export const REFRESHED_BEFORE_SEARCH = 1_000;

/** New rows of the search after which the embedded database is to gather statistics, which takes a second or so. */
export const ANALYZED_AFTER_TOOLS = 1_000;

/** Connections to PostgreSQL from one process: scans are short, and many processes may share one server. */
export const MAX_CONNECTIONS = 4;

/** Seconds to wait for PostgreSQL to accept a connection. */
export const CONNECT_TIMEOUT_S = 10;

/** Servers scanned at a time: each is a process that mostly waits, and starting one takes a core for a while. */
export const SCAN_CONCURRENCY = 4;

/**
 * Servers under way for each place in the queue: those that wait for it, close or are being stored have none, and a
 * place must never stay empty for their sake.
 */
export const QUEUED_PER_SLOT = 16;

/** The first wait before a server is tried again, and the longest: a rate limit is often by the minute. */
export const MIN_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 60_000;

/**
 * How long a finished scan of a crawl waits for others to be saved with it; how many at the most, and how many tools
 * between them, because a group is in memory three times over; and how many groups are under way at a time: while the
 * database works on one, the next is written out for it.
 */
export const SAVE_LINGER_MS = 1;
export const MAX_SAVED_TOGETHER = 100;
export const MAX_TOOLS_SAVED_TOGETHER = 2_000;
export const SAVES_AT_A_TIME = 2;

/** Characters of rows that are written out for COPY at once: some pages of the connection's buffers. */
export const COPY_CHUNK_CHARS = 256 * 1024;

/** Counted calls of one gateway between two clean-ups of what counts no more: a clean-up is one short statement. */
export const RESERVES_BETWEEN_PRUNES = 1_000;

/** Milliseconds that a count is kept after its end: the clocks of several machines are never that far apart. */
export const STEP_KEPT_MS = 60 * 60_000;

/** Bytes of one file of corrections: written by hand, and some 3,000 entries long at that. */
export const MAX_CORRECTIONS_BYTES = 1_000_000;

/** Faults told of at once where corrections cannot be used; one mistake often makes many. */
export const MAX_CORRECTION_FAULTS = 20;

/** Servers read at once where all are read: a page of them, with the largest known, is some tens of megabytes. */
export const SERVERS_PER_PAGE = 100;

/** Bytes of answers that PGlite's thread hands over at once: PGlite gives them in pieces of 8 KB. */
export const PGLITE_MESSAGE_BYTES = 256 * 1024;

/** Bytes of answers that may wait to be read before PGlite's thread does: a COPY out must not pile up in memory. */
export const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/** Seconds that an embedded database may take to write its last changes when it is closed. */
export const CLOSE_TIMEOUT_S = 60;

/**
 * How often work on the database is tried, and the first and the longest wait between: 20 to 40 seconds in all, which a
 * PostgreSQL server needs to be started anew and to recover from a crash.
 */
export const DATABASE_ATTEMPTS = 10;
export const FIRST_RETRY_MS = 250;
export const LONGEST_RETRY_MS = 8_000;

/** How long to wait for another process that migrates: it may build an index over millions of rows. */
export const MIGRATION_WAIT_MS = 15 * 60_000;

/** The oldest PostgreSQL that the tests run on, as `server_version_num` has it. */
export const MIN_POSTGRES = 150_000;

/** Connections of one process to the queue: one claims, one settles, one is held while a source is read. */
export const MAX_QUEUE_CONNECTIONS = 4;

/**
 * Seconds without a word from a worker after which its jobs go to others: the shortest that pg-boss takes. A worker
 * says so that it lives several times in that span.
 */
export const HEARTBEAT_S = 10;
export const HEARTBEAT_EVERY_MS = 3_000;

/**
 * How often a worker without enough to do asks for more, and how long it waits once a place is free, so that places
 * that come free together are filled by one question.
 */
export const QUEUE_POLL_MS = 1_000;
export const CLAIM_LINGER_MS = 5;

/** Milliseconds for closing and giving back what was broken off: a server may take four seconds to end. */
export const GIVE_BACK_MS = 15_000;

/** How often a worker looks for what others left behind: jobs of dead workers, and passes whose last job is done. */
export const TIDY_EVERY_MS = 2_000;

/**
 * How often a server is taken up again whose worker died or failed by our fault. One crash may be the machine's, and
 * a server that takes a worker down each time must not take them all.
 */
export const FAULT_RETRIES = 2;

/**
 * Seconds before such a server comes back; doubled each time and spread, so that those that were merely under way
 * beside the culprit come back apart from it.
 */
export const FAULT_DELAY_S = 2;

/** Jobs sent to the queue in one statement. */
export const JOBS_TOGETHER = 500;

/**
 * Seconds that the queue keeps a job: one that waits, a year, because a pass without workers must not shrink; one that
 * is done, an hour, for the rate; a pass that has ended, a month, to look back on.
 */
export const WAITING_KEPT_S = 365 * 86_400;
export const DONE_KEPT_S = 3_600;
export const PASS_KEPT_S = 30 * 86_400;

/** The longest that pg-boss lets a job take. Crawls have a deadline of their own, and dead workers the heartbeat. */
export const JOB_EXPIRES_S = 86_400;

/** Milliseconds over which the rate of a pass is taken: long enough to be steady, short enough to follow a change. */
export const RATE_SPAN_MS = 5 * 60_000;

/** Milliseconds after which a worker that asked nothing is not counted as alive; it asks each second. */
export const WORKER_SILENT_MS = 15_000;

/** Passes that have ended and dead letters that are listed at the most; the counts are of all. */
export const MAX_PASSES_LISTED = 10;
export const MAX_DEAD_LISTED = 20;

/** Characters of a reason for a dead letter: a sentence and some lines of a stack, not a whole page. */
export const MAX_REASON_CHARS = 1_000;

/** The longest wait for a database that has gone away, before it is asked again. */
export const MAX_RECONNECT_MS = 10_000;

/** Milliseconds before a scheduled source that could not be read is read again; doubled up to an hour. */
export const MIN_REREAD_MS = 60_000;

/** Servers whose scans are pruned at once: with a scan a day for a year some 18,000 rows, and milliseconds of a lock. */
export const SERVERS_PRUNED_AT_ONCE = 50;

/** Unused texts that are looked for at once, which reads all scans, and removed at once, which holds up who stores scans. */
export const TEXTS_FOUND_AT_ONCE = 100_000;
export const TEXTS_PRUNED_AT_ONCE = 100;

/** Milliseconds that pruning waits for those who store scans: behind it the next ones wait too. */
export const LOCK_WAIT_MS = 2_000;

/**
 * Edits between two texts that are looked for, by words and then by lines: the time grows with their square, and a text
 * that was changed in more places is read anew, not compared. 400 edits take about 10 ms.
 */
export const MAX_TEXT_EDITS = 400;

/** Characters that are compared by words; longer texts are compared by lines. The longest description seen has 13,090. */
export const MAX_WORD_DIFF_CHARS = 40_000;

/** Characters of text shown on each side of a difference, and of one piece that is new or gone. */
export const DIFF_CONTEXT_CHARS = 160;
export const MAX_DIFF_PIECE_CHARS = 4_000;

/** Differences told of one schema, and characters of a value in them. The largest real tools have under 200 parameters. */
export const MAX_SCHEMA_CHANGES = 200;
export const MAX_VALUE_CHARS = 200;

/** Descriptions of parameters in one definition that are compared word by word; the others are shown as they were and are. */
export const MAX_TEXTS_COMPARED = 20;

/** Changed definitions of one comparison that are told in detail: the largest real listing has 235 tools. */
export const MAX_DEFINITIONS_COMPARED = 250;

/** Lists whose tools are in memory at once while a history is read. */
export const LISTS_TOGETHER = 10;

/**
 * Different lists in which a tool that appeared is looked for, the newest first. A server whose list changes with every
 * scan would else have all of its lists read for each page; what came back after so many counts as new.
 */
export const MAX_PAST_LISTS = 300;

/** Lists in a row that were cut short, looked through for the last whole one. */
export const MAX_PARTIAL_LISTS = 20;

/**
 * Changes told on the pages of one server: ten screens of them; whoever reads on asks for the history itself. All
 * definitions of them are compared, so that a server which changes everything each day costs a second, not a minute.
 */
export const MAX_SHEET_CHANGES = 100;

/**
 * Tools told of one server that it lists no more, those that went last: four times the largest real listing. And
 * definitions looked through for them, those that were listed last: four times the largest listing that is taken.
 */
export const MAX_VANISHED = 1_000;
export const MAX_PAST_DEFINITIONS = 20_000;

/**
 * Of the newest changes of all servers: those told of one list, because one server must not fill them, and lists that
 * are looked at, because many differ in nothing but the order of their tools; and how many of these are read at once.
 */
export const MAX_CHANGES_OF_STEP = 20;
export const MAX_STEPS = 1_000;
export const STEPS_TOGETHER = 25;

/**
 * Histories that are read at the same time for the sheets of many servers, so that a query costs what it finds and not
 * its planning, while a hundred definitions of each still fit memory; and tools of their lists between them, which is
 * what one server alone may have in the lists that are read at once.
 */
export const HISTORIES_TOGETHER = 25;
export const MAX_LISTED_TOGETHER = 50_000;

/** Definitions judged again at once: what one transaction stores, and what an interruption has to wait for. */
export const REJUDGED_TOGETHER = 500;

/** Rows that are fetched at once for a dump: a statement's own time is spread, and the largest rows still fit memory. */
export const DUMPED_AT_ONCE = 200;

/** Characters of a dump that are written at once. */
export const DUMP_CHUNK_CHARS = 65_536;

/** Records of one kind that an import stores with one statement, and characters of them at which it does not wait for more. */
export const IMPORTED_AT_ONCE = 1_000;
export const MAX_IMPORTED_CHARS = 4_000_000;

/**
 * Bytes of one line of a dump: the largest definition that the crawler takes has a million characters, the largest
 * answer 4 MB, and what is not plainly visible is written as escapes of 6 bytes in place of 3.
 */
export const MAX_DUMP_LINE_BYTES = 16 * 1024 * 1024;

/** Levels of nesting in one line of a dump: a definition may have 128, and stands a few levels down in its line. */
export const MAX_DUMP_DEPTH = 140;

/** Bytes of the texts that are indexed together. PostgreSQL refuses an index entry over 2,704 bytes. */
export const MAX_INDEX_ENTRY_BYTES = 2_600;

/** New records after which an import has the engine look at its tables anew: a share that changes how they are read. */
export const ANALYZED_AFTER_RECORDS = 10_000;

/** Servers that are named in the report of an import because their slugs were taken; the number of all is given. */
export const MAX_RENAMED_SHOWN = 20;

/** Tools in one row group of a Parquet file: large enough to compress, small enough for memory. */
export const PARQUET_ROW_GROUP = 5_000;

/** Milliseconds that one look of the doctor at a PostgreSQL server may take: it is asked for when something is wrong. */
export const INSPECT_TIMEOUT_MS = 15_000;

/** Free bytes under which a disk is low, and under which it is full: the write-ahead log alone takes files of 16 MB. */
export const LOW_DISK_BYTES = 1_000_000_000;
export const FULL_DISK_BYTES = 100_000_000;

/** Parts of the server's connections in use that are many, and that leave hardly any. */
export const MANY_CONNECTIONS = 0.8;
export const NEARLY_ALL_CONNECTIONS = 0.95;

/** Days after which what servers list is no longer known, and after which a pass that has not ended was forgotten. */
export const OLD_SCAN_DAYS = 30;
export const OLD_PASS_DAYS = 7;

/** Servers whose tools a search does not find as they are now: more than a crawl leaves behind. */
export const LONG_BACKLOG = 1_000;

/** Rows of a table that are removed and not cleared away yet: the least that matter, and the part that is too much. */
export const MANY_DEAD_ROWS = 100_000;
export const LARGE_DEAD_PART = 0.3;

/** Milliseconds that servers may wait in the queue, while something works at it, before it is called stuck. */
export const QUEUE_STUCK_MS = 60 * 60_000;
