import { Agent, type Dispatcher } from 'undici';
import { CONNECT_TIMEOUT_MS, MAX_HEADER_BYTES } from '../crawler/limits.ts';
import { errorText } from '../crawler/text.ts';
import { createEventReader } from './http-events.ts';
import { MAX_HTTP_ERROR_BYTES, MAX_SERVER_BYTES } from './limits.ts';

/** One request to a server and all that is answered. */
export interface ExchangeRequest {
  method: 'POST' | 'GET' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Milliseconds without a byte after which the server is given up; 0 for never. */
  silenceMs: number;
}

export interface ExchangeEvents {
  /** The head of the answer has come. */
  onHead?(head: Head): void;
  /** One message of an answer that is a stream of events. */
  onData?(data: string): void;
  onRetry?(ms: number): void;
  /** Called once, last. */
  onEnd(end: End): void;
}

export interface Head {
  status: number;
  /** In lower case, without parameters. */
  contentType: string;
  header(name: string): string | undefined;
}

/** How it ended. Nothing is followed, so a redirect is an answer like any other. */
export interface End {
  /** Absent when there was no answer. */
  head?: Head;
  /** The body, unless it was a stream of events; of an answer that is an error only its beginning. */
  text: string;
  /** The name under which a stream of events can be taken up after the last event that came. */
  lastId?: string;
  /** Why the answer is not whole, in a few words. */
  broken?: string;
  /** Whether the server can have seen the request. */
  sent: boolean;
}

/** The connections to one server. They are kept open between requests; the system tells of dead ones. */
export function createAgent(): Agent {
  return new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Sends a request. Gives what ends it early; `onEnd` is called then too. */
export function exchange(agent: Agent, request: ExchangeRequest, events: ExchangeEvents): () => void {
  const { method, url, headers, body, silenceMs } = request;
  let head: Head | undefined;
  let sent = false;
  let ended = false;
  let streaming = false;
  let lastId: string | undefined;
  let pieces: Buffer[] = [];
  let size = 0;
  let abort: (() => void) | undefined;
  let aborted = false;

  const end = (broken?: string) => {
    if (ended) return;
    ended = true;
    const text = Buffer.concat(pieces).toString('utf8');
    pieces = [];
    events.onEnd({
      text,
      sent,
      ...(head && { head }),
      ...(lastId !== undefined && lastId !== '' && { lastId }),
      ...(broken !== undefined && { broken }),
    });
  };
  const stop = (broken: string) => {
    end(broken);
    aborted = true;
    abort?.();
  };
  const reader = createEventReader(MAX_SERVER_BYTES, {
    onData: (data) => {
      if (!ended) events.onData?.(data);
    },
    onId: (id) => {
      lastId = id;
    },
    onRetry: (ms) => events.onRetry?.(ms),
    onTooLong: () => {
      lastId = undefined;
      stop(`it sent a message longer than ${MAX_SERVER_BYTES} bytes`);
    },
  });

  const onBody = (chunk: Buffer) => {
    size += chunk.length;
    const isError = head !== undefined && head.status >= 300;
    if (isError && size > MAX_HTTP_ERROR_BYTES) return stop('the text of its error is too long');
    if (size > MAX_SERVER_BYTES) return stop(`it sent a message longer than ${MAX_SERVER_BYTES} bytes`);
    pieces.push(chunk);
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(controller) {
      sent = true;
      abort = () => controller.abort(new Error('given up'));
      if (aborted) abort();
    },
    onResponseStart(_controller, status, fields) {
      if (status < 200) return;
      const header = (name: string) => {
        const value = fields[name];
        return Array.isArray(value) ? value[0] : value;
      };
      const contentType = (header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      head = { status, contentType, header };
      streaming = status < 300 && contentType === 'text/event-stream';
      if (!/^(?:identity)?$/i.test(header('content-encoding') ?? ''))
        return stop('it compressed its answer, which was not asked for');
      events.onHead?.(head);
    },
    onResponseData(_controller, chunk) {
      if (ended) return;
      if (streaming) reader.push(chunk);
      else onBody(chunk);
    },
    onResponseEnd: () => end(),
    onResponseError: (_controller, error) => end(reasonOf(error)),
  };
  try {
    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        body: body ?? null,
        headersTimeout: silenceMs,
        bodyTimeout: silenceMs,
      },
      handler,
    );
  } catch (error) {
    end(reasonOf(error));
  }
  return () => stop('given up');
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at that address',
  ENOTFOUND: 'its host name does not exist',
  EAI_AGAIN: 'its host name could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it fell silent in the middle of its answer',
  UND_ERR_HEADERS_OVERFLOW: 'it sent headers that are too long',
  UND_ERR_SOCKET: 'it closed the connection',
  ECONNRESET: 'it closed the connection',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? errorText(error);
}
