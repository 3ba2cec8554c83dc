/** Every bound that the crawler sets on a stranger's server, with its reason. */

/**
 * Levels of nesting in one tool's definition. Real schemas stay under 20; a definition nested 20,000 deep is an
 * attack on the stack of whoever walks it.
 */
export const MAX_TOOL_DEPTH = 128;

/** Characters of one tool's definition as JSON. The largest seen in the wild is 15 kB. */
export const MAX_TOOL_CHARS = 1_000_000;

/** Milliseconds for one server from start to list. The slowest real server needed 2.7 s; a first npx downloads. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Bytes of one message. The largest real `tools/list` is 597 kB; each byte here is held several times in memory. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Bytes that one server may send in all: eight of the largest messages. */
export const MAX_SERVER_BYTES = 32 * 1024 * 1024;

/** Messages and lines that one server may send in all. A real server sends under 30; Azure's help text is 262 lines. */
export const MAX_SERVER_MESSAGES = 10_000;

/** Pages of `tools/list`. No real server was seen to send a second one. */
export const MAX_PAGES = 200;

/** Entries of `tools/list`, over all pages. The largest real listing has 235 tools. */
export const MAX_ENTRIES = 5_000;

/** Warnings kept in one result: enough to see the pattern, whatever a server with 5,000 odd tools does. */
export const MAX_WARNINGS = 100;

/** Characters of a server's text quoted in a warning, a rejection or a one-sentence message. */
export const MAX_QUOTE_CHARS = 200;

/** Characters of an HTTP answer that are kept to explain a failure. */
export const MAX_DETAIL_CHARS = 1_000;

/** Bytes of stderr that are kept, from its start: the first lines of a stack trace or a usage text. */
export const STDERR_HEAD_BYTES = 4_096;

/** Milliseconds a server has to leave after its stdin was closed. The reference servers take 350. */
export const STDIN_GRACE_MS = 1_000;

/** Milliseconds between SIGTERM and SIGKILL: time to remove a lock file, not to finish work. */
export const TERM_GRACE_MS = 1_000;

/** Milliseconds until a process group must have vanished after SIGKILL; only the kernel's own work is left. */
export const KILL_WAIT_MS = 1_000;

/**
 * Milliseconds between a server's exit and the end of its output. Longer means that a grandchild holds the pipe and
 * nothing more will come.
 */
export const EXIT_DRAIN_MS = 250;

/** Milliseconds for the farewell to an HTTP server (DELETE of its session). It changes nothing for us. */
export const FAREWELL_MS = 1_000;

/**
 * Characters from which an environment value or header is replaced wherever it shows up in a message. Shorter values
 * (`1`, `true`, `8080`) are no secrets, and replacing them would garble every message.
 */
export const MIN_SECRET_CHARS = 6;
