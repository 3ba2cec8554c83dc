import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Place } from './connection-faults.ts';
import { CatalogueUnavailable } from './errors.ts';
import { CLOSE_TIMEOUT_S } from './limits.ts';
import { type FromThread, type PgliteThreadData, SENT, UNREAD } from './pglite-channel.ts';

/** PGlite on a thread of its own, behind what a client takes for the socket of a server. */
export interface PgliteThread {
  /** The socket, for one client, once: ending it closes the database. */
  connect(): Duplex;
  /** Ends the thread, by force when the database is not closed after CLOSE_TIMEOUT_S. */
  stop(): Promise<void>;
}

/** Run unbuilt this is TypeScript beside TypeScript; bundled, both are not. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.cjs';

/** The wire protocol's last message, https://www.postgresql.org/docs/current/protocol-message-formats.html */
const TERMINATE = Uint8Array.of('X'.charCodeAt(0), 0, 0, 0, 4);

/** Opens the database in `directory`, or makes it. Rejects with an Error of PGlite's own words when it cannot. */
export async function startPglite(directory: string, place: Place): Promise<PgliteThread> {
  const { port1: port, port2 } = new MessageChannel();
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const workerData: PgliteThreadData = { directory, port: port2, counters };
  const worker = new Worker(new URL(PROGRAM, import.meta.url), {
    workerData,
    transferList: [port2],
    // Those of the process may be for its own program alone.
    execArgv: [],
  });
  const opened = Promise.withResolvers<void>();
  const ended = new Promise((resolve) => worker.once('exit', resolve));

  /** Bytes that the socket was given and whose reader has not asked for more since. */
  let unread = 0;
  const takeMore = () => {
    Atomics.sub(counters, UNREAD, unread);
    Atomics.notify(counters, UNREAD);
    unread = 0;
  };
  const socket = new Duplex({
    read: takeMore,
    // A client writes whole messages, and a Duplex hands on each write as it is.
    write(words: Uint8Array, _, done) {
      port.postMessage(new Uint8Array(words));
      Atomics.add(counters, SENT, 1);
      Atomics.notify(counters, SENT);
      done();
    },
    final: (done) => void ended.then(() => done()),
  });
  // A thread may end when no client is listening.
  socket.on('error', () => {});
  // As a socket has it: the client asks before it ends it.
  Object.defineProperty(socket, 'readyState', { get: () => (socket.destroyed ? 'closed' : 'open') });

  let fault: string | undefined;
  const hear = (message: FromThread) => {
    if (message === 'open') return opened.resolve();
    if ('fault' in message) {
      fault = message.fault;
      return;
    }
    unread += message.length;
    if (socket.push(Buffer.from(message.buffer))) takeMore();
  };
  port.on('message', hear);
  worker.on('error', (error) => {
    fault ??= error.message;
  });
  worker.on('exit', () => {
    for (let last = receiveMessageOnPort(port); last; last = receiveMessageOnPort(port)) hear(last.message);
    port.close();
    opened.reject(new Error(fault ?? 'its thread ended'));
    const closed = socket.writableEnded && fault === undefined;
    socket.destroy(closed ? undefined : lost(place, fault));
  });
  await opened.promise;

  let connected = false;
  return {
    connect() {
      if (connected) throw lost(place, fault);
      connected = true;
      return socket;
    },
    async stop() {
      if (!socket.writableEnded) socket.end(TERMINATE);
      const deadline = new AbortController();
      await Promise.race([
        ended,
        sleep(CLOSE_TIMEOUT_S * 1000, undefined, { signal: deadline.signal }).catch(() => {}),
      ]);
      deadline.abort();
      await worker.terminate();
    },
  };
}

function lost(place: Place, fault = 'its thread has ended'): CatalogueUnavailable {
  return new CatalogueUnavailable(`The catalogue ${place.name} was lost: ${fault}. Run the command again.`);
}
