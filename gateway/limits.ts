/** Every bound that the gateway sets on what passes through it, with its reason. */

/** Bytes of one message from a client. A file written in one call is the largest real one; the SDK's HTTP servers take 4 MB. */
export const MAX_CLIENT_BYTES = 16 * 1024 * 1024;

/** Bytes of one message from a server: screenshots and database dumps of tens of megabytes are real results. */
export const MAX_SERVER_BYTES = 64 * 1024 * 1024;

/** Objects and lists inside one another in a client's message. Arguments nest some ten deep. */
export const MAX_DEPTH = 64;

/** Characters of a method's or a tool's name. The protocol recommends 128 at most for a tool's. */
export const MAX_NAME_CHARS = 512;

/** Characters of an id that is text; clients use numbers or UUIDs. */
export const MAX_ID_CHARS = 512;

/** Characters of a name or a place that a message quotes. */
export const MAX_QUOTED_CHARS = 200;

/** Ids of requests that were given up which one session remembers, for answers that come too late. */
export const MAX_GIVEN_UP = 10_000;

/** Requests of one session that wait for their answers; 200 at once is a heavy load. */
export const MAX_IN_FLIGHT = 2_000;

/** Errors that one refused batch is answered with. */
export const MAX_BATCH_ERRORS = 100;

/** Milliseconds that a person has to answer the question whether a call may be made. */
export const ASK_TIMEOUT_MS = 5 * 60_000;

/** Milliseconds after which a request without an answer, or a sign of progress, is given up. */
export const ANSWER_TIMEOUT_MS = 60 * 60_000;

/** Milliseconds between two looks for requests that are to be given up. */
export const SWEEP_MS = 30_000;

/** Milliseconds that a listing of the server's tools is trusted by a lock before the gateway asks for a new one. */
export const LIST_MAX_AGE_MS = 60_000;

/** Milliseconds for the server's answer to one of the gateway's own requests for a page of tools. */
export const OWN_REQUEST_TIMEOUT_MS = 30_000;

/** Characters of the arguments that a person is shown; more cannot be read before an answer is given. */
export const MAX_SHOWN_CHARS = 8_000;

/** Argument keys that one line of the audit log names. */
export const MAX_LOGGED_KEYS = 50;

/** Lines about odd messages of one server that go to stderr; after that it is known to be odd. */
export const MAX_REMARKS = 20;

/** Milliseconds between the last change of a policy file and its reading: editors write in several steps. */
export const RELOAD_DEBOUNCE_MS = 100;

/** Milliseconds between two looks at a policy file whose changes the file system does not tell. */
export const RELOAD_POLL_MS = 2_000;

/** Sessions that HTTP clients may have at once; each may be a process of its own. */
export const MAX_SESSIONS = 100;

/** Milliseconds after which a session without a request and without an open stream is ended. */
export const SESSION_IDLE_MS = 30 * 60_000;

/** Messages kept for a client that has no stream open to receive them. */
export const MAX_UNDELIVERED = 100;

/** Milliseconds without an answer after which a response begins as a stream: clients give up on headers after minutes. */
export const STREAM_AFTER_MS = 10_000;

/** Milliseconds between two comments on an idle stream, which keep whatever is on the way from cutting it. */
export const KEEP_ALIVE_MS = 15_000;

/** Milliseconds for a client to send one request's headers and body. */
export const RECEIVE_TIMEOUT_MS = 30_000;

/** Bytes that are read of an answer of a server that reports an error and is no message. */
export const MAX_HTTP_ERROR_BYTES = 65_536;

/** Milliseconds between two attempts to take up a stream that the server broke off, where it does not say. */
export const STREAM_RETRY_MS = 1_000;

/** Attempts to take up a stream without one message in between. */
export const STREAM_RETRIES = 3;

/** Approvals given in one round trip of the newest protocol that wait for the call to be repeated. */
export const MAX_OPEN_QUESTIONS = 1_000;

/** Milliseconds that one process waits for another to be done with a file of the state; its work takes far less than one. */
export const STATE_LOCK_WAIT_MS = 2_000;

/** Milliseconds in which a person may answer a request for approval: long enough to come back from lunch. */
export const PENDING_APPROVAL_MS = 2 * 60 * 60_000;

/** Milliseconds in which an answered request stands: the client tries again within minutes, and no permission is left lying about. */
export const ANSWERED_APPROVAL_MS = 15 * 60_000;

/** Requests that wait for a person at once: nobody reads more, and a client in a loop must not fill the disk. */
export const MAX_PENDING_APPROVALS = 200;

/** Requests kept to be looked at, answered or not; the audit log has the history. */
export const MAX_KEPT_APPROVALS = 2_000;

/** Characters of the arguments that one line of the audit log holds, where values are logged. */
export const MAX_LOGGED_CHARS = 16_384;

/** Characters of a message, a rule or a name in one line of the audit log. */
export const MAX_LOGGED_TEXT_CHARS = 1_000;

/** Milliseconds that a line of the audit log may wait to be written. */
export const AUDIT_LINGER_MS = 200;

/** Characters of the audit log that are written at once, whether or not their time has come. */
export const MAX_AUDIT_BUFFER_CHARS = 64 * 1024;

/** Characters of the audit log held while its disk is full; lines beyond that are dropped and counted. */
export const MAX_AUDIT_BACKLOG_CHARS = 4 * 1024 * 1024;

/** Bytes of the audit log after which a new file is begun, and files kept beside it: some 200,000 calls in all. */
export const AUDIT_MAX_BYTES = 10 * 1024 * 1024;
export const AUDIT_KEEP = 5;

/** Bytes of randomness in a grant's token: as many as in an AES-256 key. */
export const TOKEN_BYTES = 32;

/** Grants in one file, each of which is compared at every request over HTTP. */
export const MAX_GRANTS = 1_000;

/** Servers that one grant names; whoever needs more leaves them out, and it opens all. */
export const MAX_GRANT_SERVERS = 100;

/** Tools of one server whose arguments are repeated in headers: as many as the crawler reads of one listing. */
export const MAX_MIRRORED_TOOLS = 5_000;

/** Characters of a session's name that a server gives; they are UUIDs or signed tokens. */
export const MAX_SESSION_ID_CHARS = 4_096;

/** Redirects of one request within the server's own origin: a change of path, or of a slash at its end. */
export const MAX_SAME_ORIGIN_REDIRECTS = 2;

/** Milliseconds between two attempts to take up a stream, at the most, whatever the server asks for. */
export const MAX_STREAM_RETRY_MS = 60_000;

/** Milliseconds after which a stream that breaks off has worked, and attempts are counted anew. */
export const STREAM_STABLE_MS = 10_000;

/** Connections that HTTP clients may have open at once: some for each session, and those of strangers who wait for a 401. */
export const MAX_CONNECTIONS = 1_000;

/** Milliseconds that an HTTP connection is kept open for the next request. Common clients keep theirs for less. */
export const KEEP_CONNECTION_MS = 65_000;

/** Milliseconds between two looks for connections whose request does not come to its end. */
export const CONNECTION_CHECK_MS = 5_000;

/** Bytes of request bodies that may be on their way in at once, of all clients together. */
export const MAX_BODIES_BYTES = 256 * 1024 * 1024;

/** Bytes that wait for a client that does not read, after which its connection is cut: two of the largest messages. */
export const MAX_UNREAD_BYTES = 128 * 1024 * 1024;
