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

/** Milliseconds for one request of a crawl source, to the end of its answer. A registry page takes under two seconds. */
export const FETCH_TIMEOUT_MS = 30_000;

/** Milliseconds for a connection with its TLS handshake: three lost first packets, which are sent again after 1, 3 and 7 s. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** Redirects of one request. A moved page needs one or two; browsers allow 20. */
export const MAX_REDIRECTS = 5;

/** Bytes of the headers of one HTTP answer: what Node itself allows. */
export const MAX_HEADER_BYTES = 16_384;

/** Bytes that are read of an HTTP answer that reports an error: enough for its JSON-RPC error or the head of a page. */
export const MAX_ERROR_BYTES = 65_536;

/**
 * Milliseconds for the answer to `server/discover` of a server that has just been started anew. The slowest real
 * server needed 2.7 s to its first answer.
 */
export const DISCOVER_TIMEOUT_MS = 5_000;

/**
 * Characters of a file that a source reads as a whole. Claude Code keeps histories in the file that has its servers;
 * everything else is a thousandth of this.
 */
export const MAX_SOURCE_FILE_CHARS = 64 * 1024 * 1024;

/** Characters of one line of a list or of captures: one line is one server's whole listing, with its quoting. */
export const MAX_SOURCE_LINE_CHARS = 32 * 1024 * 1024;

/** Characters of a name, a key or an identifier that a source gives. The registry's own limit is 200. */
export const MAX_NAME_CHARS = 300;

/** Characters of an address. Longer ones are refused by common web servers. */
export const MAX_URL_CHARS = 8_000;

/** Values of one kind (packages, arguments, variables, headers) in one registry entry. The largest seen are dozens. */
export const MAX_ENTRY_VALUES = 200;

/** Milliseconds for one answer of a registry or directory, body and all. */
export const WEB_TIMEOUT_MS = 30_000;

/** Bytes of one answer of a registry or directory, unpacked. A page of 100 registry entries is under 1 MB. */
export const MAX_WEB_BYTES = 8 * 1024 * 1024;

/** Redirects from one address of a registry or directory: a change of scheme, of host and of path. */
export const MAX_WEB_REDIRECTS = 3;

/** Attempts after the first at an address that is busy or down: an outage of seconds passes, one of minutes is told. */
export const WEB_RETRIES = 3;

/** Milliseconds before the first retry; each further one waits twice as long. */
export const WEB_RETRY_MS = 1_000;

/** Milliseconds that we wait because a server asks us to, by Retry-After or Crawl-delay: a stranger must not stop us. */
export const MAX_REQUESTED_WAIT_MS = 60_000;

/** Pages of a registry, of 100 servers each: ten times all public servers known. */
export const MAX_REGISTRY_PAGES = 10_000;

/** Characters of a registry's cursor, which is a server's name and version today. */
export const MAX_CURSOR_CHARS = 2_000;

/** Bytes of a robots.txt that are read: the least that RFC 9309 asks for. */
export const MAX_ROBOTS_BYTES = 512 * 1024;

/** Milliseconds between two requests to one host of a directory, where the description does not say. */
export const DIRECTORY_DELAY_MS = 1_000;

/** Pages read of one directory, where the description does not say; at a second each, a quarter of an hour. */
export const DIRECTORY_PAGES = 1_000;

/** Characters of a page's text or attribute from which a reference is made. */
export const MAX_DIRECTORY_TEXT_CHARS = 2_000;

/** Times that an alias may repeat a part of a YAML file; a bomb of a few hundred bytes repeats it a billion times. */
export const MAX_YAML_ALIASES = 50;

/**
 * Bytes of private writable memory of one process in the sandbox (RLIMIT_DATA). Node reserves 512 MB of it before it
 * runs a line; server-everything and @playwright/mcp list within 768 MB and not within 512. The address space is no
 * bound for V8, which reserves gigabytes of it that are never used.
 */
export const SANDBOX_DATA_BYTES = 1024 * 1024 * 1024;

/** Processes and threads in one sandbox. Node needs eleven, and a wrapper with its server several times that; a fork bomb ends here. */
export const SANDBOX_PROCESSES = 128;

/** Seconds of processor time of one process in the sandbox: twice the wall clock, in case our own deadline does not come. */
export const SANDBOX_CPU_SECONDS = 60;

/** Bytes of each writable folder in the sandbox, which is memory. Some servers unpack their libraries into it. */
export const SANDBOX_DISK_BYTES = 256 * 1024 * 1024;

/** Bytes of shared memory in the sandbox; a server that only lists has no use for it. */
export const SANDBOX_SHARED_BYTES = 16 * 1024 * 1024;

/** Bytes of memory of a Docker container, all its processes and its writable folders together. */
export const CONTAINER_MEMORY_BYTES = 1024 * 1024 * 1024;

/** Processors of a Docker container: one server must not slow the others down. */
export const CONTAINER_CPUS = 1;

/** Milliseconds for a trivial command in a sandbox. bubblewrap takes 10; a Docker engine may fetch the image first. */
export const PROBE_TIMEOUT_MS = { bubblewrap: 5_000, docker: 60_000 } as const;

/** Milliseconds for removing a container that did not end with its client. */
export const CONTAINER_REMOVE_MS = 5_000;

/** Milliseconds for fetching one package with all it depends on. Large ones take many seconds even on a fast line. */
export const PACKAGE_FETCH_MS = 120_000;

/** Bytes of each output of a helper program, npm for one, that are kept to explain a failure. */
export const HELPER_OUTPUT_BYTES = 8_192;

/**
 * Milliseconds for parsing one page of a directory and finding things in it. A real page of 1 MB takes 100; a tree
 * builder as browsers have it needs minutes for one that is nested to hurt.
 */
export const MAX_PARSE_MS = 2_000;

/** Characters of one `server.yaml`: a hundred times a real one, and little enough for a parser that is not linear. */
export const MAX_SERVER_YAML_CHARS = 256 * 1024;
