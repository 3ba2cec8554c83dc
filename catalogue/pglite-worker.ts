import { existsSync, readFileSync } from 'node:fs';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { MAX_UNREAD_BYTES, PGLITE_MESSAGE_BYTES } from './limits.ts';
import { type FromThread, type PgliteThreadData, SENT, UNREAD } from './pglite-channel.ts';
import { followMessages } from './pglite-frames.ts';

/**
 * The thread that PGlite runs on, so that nothing else waits while it works. It speaks PostgreSQL's wire protocol with
 * one client over a message port, as a server does over a socket.
 */

const { directory, port, counters }: PgliteThreadData = workerData;

/** The types of messages that matter here. */
const COPY_IN = 'G';
const ERROR = 'E';
const [COPY_DONE, COPY_FAIL, TERMINATE] = ['c', 'f', 'X'].map((type) => type.charCodeAt(0));

/** From PGlite's word that it takes the data of a COPY until the client's word that there is no more. */
let copying = false;
const follow = followMessages((type) => {
  if (type === COPY_IN) copying = true;
  if (type === ERROR) copying = false;
});

let answers: Uint8Array[] = [];
let answerBytes = 0;

function answer(bytes: Uint8Array): void {
  follow(bytes);
  // A copy, because PGlite writes its next words to the same memory.
  answers.push(bytes.slice());
  answerBytes += bytes.length;
  if (answerBytes >= PGLITE_MESSAGE_BYTES) sendAnswers();
}

function sendAnswers(): void {
  if (answerBytes === 0) return;
  const joined = new Uint8Array(answerBytes);
  let at = 0;
  for (const bytes of answers) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  answers = [];
  answerBytes = 0;
  Atomics.add(counters, UNREAD, joined.length);
  tell(joined, [joined.buffer]);
  for (;;) {
    const unread = Atomics.load(counters, UNREAD);
    if (unread <= MAX_UNREAD_BYTES) return;
    Atomics.wait(counters, UNREAD, unread);
  }
}

function tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

/**
 * A client's words in the shape in which PGlite reads them: it asks an array for its length, and for its next piece.
 * During a COPY the array waits for the client and grows, because its end would be taken for a lost connection. What
 * PGlite has read is let go, so that a long COPY takes no more memory than a short one.
 */
function readable(words: Uint8Array): Uint8Array {
  let piece = words;
  let before = 0;
  let read = 0;
  const source = {
    0: words[0],
    get length() {
      if (copying && read === before + piece.length) {
        before += piece.length;
        piece = nextWords();
      }
      return before + piece.length;
    },
    subarray(from: number, to: number) {
      read = to;
      return piece.subarray(from - before, to - before);
    },
  };
  return source as unknown as Uint8Array;
}

/** Waits for the client, with this thread standing still: it has nothing else to do. */
function nextWords(): Uint8Array {
  sendAnswers();
  for (;;) {
    const sent = Atomics.load(counters, SENT);
    const received: { message: Uint8Array } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) {
      const { message } = received;
      if (message[0] === COPY_DONE || message[0] === COPY_FAIL) copying = false;
      return message;
    }
    Atomics.wait(counters, SENT, sent);
  }
}

/** Tells the fault, and ends this thread where it stands. */
function fail(fault: string): never {
  tell({ fault });
  process.exit(1);
}

/** PostgreSQL's last word, which says more than the error that PGlite makes of it. */
let told: string | undefined;

/** The numbers of PGlite's file system: https://github.com/emscripten-core/emscripten, `wasi/api.h`. */
const FILE_ERRORS: Readonly<Record<number, string>> = {
  2: 'Permission denied',
  29: 'I/O error',
  51: 'No space left on device',
  63: 'Operation not permitted',
  69: 'Read-only file system',
};

function reason(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  if (isObject && 'errno' in error && typeof error.errno === 'number')
    return FILE_ERRORS[error.errno] ?? `file system error ${error.errno}`;
  return error instanceof Error ? error.message : JSON.stringify(error);
}

/** Packed by `scripts/build.ts`. Without it a new database is made, which takes half as long again. */
const EMPTY = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/pglite-empty.tgz' : './pglite-empty.tgz',
  import.meta.url,
);

async function serve(): Promise<void> {
  const isNew = !existsSync(directory) && existsSync(EMPTY);
  const pglite = await PGlite.create(directory, {
    ...(isNew && { loadDataDir: new Blob([readFileSync(EMPTY)]) }),
    extensions: { pg_trgm },
    // PostgreSQL does not survive what it calls a PANIC, and PGlite would go on trying.
    onStderr(line) {
      if (line.includes('FATAL:')) told = line;
      return line.includes('PANIC:') ? fail(line) : true;
    },
  });
  tell('open');
  for (let words = nextWords(); words[0] !== TERMINATE; words = nextWords()) {
    await pglite.execProtocolRawStream(readable(words), { onRawData: answer });
  }
  await pglite.close();
}

serve().then(
  () => process.exit(),
  (error: unknown) => fail(told ?? reason(error)),
);
