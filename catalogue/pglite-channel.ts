import type { MessagePort } from 'node:worker_threads';

/** What the thread that runs PGlite is started with. */
export interface PgliteThreadData {
  /** PGlite's own directory. */
  directory: string;
  /** Takes the client's words, each of them whole messages of PostgreSQL's wire protocol, and gives `FromThread`. */
  port: MessagePort;
  /** Two counters that both threads see, at `SENT` and `UNREAD`. */
  counters: Int32Array<SharedArrayBuffer>;
}

/** Index of the count of messages sent to the thread, on which it waits while it reads a COPY. */
export const SENT = 0;

/** Index of the count of bytes sent back that nobody has taken yet, on which the thread waits when they are many. */
export const UNREAD = 1;

/** What the thread tells: bytes of PostgreSQL's wire protocol, that PGlite is open, or what ended it. */
export type FromThread = Uint8Array<ArrayBuffer> | 'open' | { fault: string };
