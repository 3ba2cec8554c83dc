/** Bounds of the catalogue, with their reasons. */

/** Characters of a text that is indexed. PostgreSQL refuses an index entry over 2,704 bytes; UTF-8 needs up to 4 each. */
export const MAX_INDEXED_CHARS = 600;

/** Connections to PostgreSQL from one process: scans are short, and many processes may share one server. */
export const MAX_CONNECTIONS = 4;

/** Seconds to wait for PostgreSQL to accept a connection. */
export const CONNECT_TIMEOUT_S = 10;

/** Servers scanned at a time: each is a process that mostly waits, and starting one takes a core for a while. */
export const SCAN_CONCURRENCY = 4;

/** Targets read from a source for each place in the queue, so that a slow source never leaves a place empty. */
export const QUEUED_PER_SLOT = 4;

/** The first wait before a server is tried again, and the longest: a rate limit is often by the minute. */
export const MIN_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 60_000;

/** How long a finished scan of a crawl waits for others to be saved with it, and how many at the most. */
export const SAVE_LINGER_MS = 100;
export const MAX_SAVED_TOGETHER = 50;
