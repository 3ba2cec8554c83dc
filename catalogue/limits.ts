/** Bounds of the catalogue, with their reasons. */

/** Characters of a text that is indexed. PostgreSQL refuses an index entry over 2,704 bytes; UTF-8 needs up to 4 each. */
export const MAX_INDEXED_CHARS = 600;

/** Connections to PostgreSQL from one process: scans are short, and many processes may share one server. */
export const MAX_CONNECTIONS = 4;

/** Seconds to wait for PostgreSQL to accept a connection. */
export const CONNECT_TIMEOUT_S = 10;

/** Servers scanned at a time: each is a process that mostly waits, and starting one takes a core for a while. */
export const SCAN_CONCURRENCY = 4;
