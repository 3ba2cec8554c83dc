import type { ServerResponse } from 'node:http';
import { eventOf } from './http-events.ts';
import { KEEP_ALIVE_MS, MAX_UNREAD_BYTES, STREAM_AFTER_MS } from './limits.ts';

/**
 * What is sent back for one request. It is one JSON text when nothing comes before the answer, and a stream of events
 * when something does, or when the answer takes long.
 */
export interface Reply {
  /** Sends a message that is not the answer. */
  event(text: string): void;
  /** Sends the answer, which ends it. The status counts only while nothing has been sent. */
  answer(text: string, status?: number): void;
  /** Ends it without an answer. */
  end(): void;
  /** Whether the client is still there and waits. */
  isOpen(): boolean;
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** `headers` are asked for when the first byte is sent. `onGone` is called when the client leaves before the end. */
export function createReply(
  response: ServerResponse,
  headers: () => Record<string, string> | undefined,
  onGone: () => void,
): Reply {
  let state: 'waiting' | 'streaming' | 'over' = 'waiting';
  let keepAlive: NodeJS.Timeout | undefined;

  const stream = () => {
    if (state !== 'waiting') return;
    state = 'streaming';
    clearTimeout(patience);
    keepAlive = startStream(response, headers());
  };
  const patience = setTimeout(() => {
    stream();
    response.flushHeaders();
  }, STREAM_AFTER_MS);
  const over = () => {
    state = 'over';
    clearTimeout(patience);
    clearInterval(keepAlive);
  };
  const gone = () => {
    if (state === 'over') return;
    over();
    onGone();
  };
  response.once('close', gone);
  // Whoever left while a server was being started has been told of already, but not to us.
  if (response.closed || response.destroyed) setImmediate(gone);

  return {
    event(text) {
      if (state === 'over') return;
      stream();
      writeEvent(response, text);
    },
    answer(text, status = 200) {
      if (state === 'over') return;
      if (state === 'streaming') response.end(eventOf(text));
      else sendJson(response, status, text, headers());
      over();
    },
    end() {
      if (state === 'over') return;
      stream();
      response.end();
      over();
    },
    isOpen: () => state !== 'over',
  };
}

/** Begins a stream of events; a comment now and then keeps it from being cut. Gives what stops that. */
export function startStream(response: ServerResponse, headers?: Record<string, string>): NodeJS.Timeout {
  response.writeHead(200, headers === undefined ? STREAM_HEADERS : { ...STREAM_HEADERS, ...headers });
  const timer = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
  timer.unref();
  return timer;
}

/** Writes one event. A client that does not read must not fill our memory. */
export function writeEvent(response: ServerResponse, text: string): void {
  response.write(eventOf(text));
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
}

/**
 * Head and body leave in one packet where they fit. Whoever is still sending is listened to until the end, or could
 * not read the answer.
 */
export function sendJson(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: Record<string, string>,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  const { req: request } = response;
  if (request.complete) return void response.end(text);
  response.write(text);
  request.resume();
  request.once('close', () => response.end());
}
