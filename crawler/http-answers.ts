import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { metered, readHead } from './byte-meter.ts';
import { describeChallenge } from './challenge.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import { readMessages } from './json-rpc.ts';
import { MAX_ERROR_BYTES, MAX_MESSAGE_BYTES, MAX_SERVER_BYTES } from './limits.ts';
import { redirectFault, withBody } from './network-guard.ts';
import { errorText, quote } from './text.ts';

interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** What the server answered to the requests that carry our messages. */
export interface Answers {
  status: number | undefined;
  contentType: string;
  location: string | undefined;
  /** Milliseconds after which the server wants to be asked again. */
  retryAfterMs: number | undefined;
  /** The JSON-RPC error in an answer that HTTP, too, calls an error. */
  rpcError: RpcError | undefined;
}

/** No answer yet. */
export function noAnswers(): Answers {
  return {
    status: undefined,
    contentType: '',
    location: undefined,
    retryAfterMs: undefined,
    rpcError: undefined,
  };
}

/** Ends of an event in a stream of events. */
const EVENT_ENDS = ['\n\n', '\r\n\r\n', '\r\r'];

/**
 * A fetch with a counter: takes down the answers to requests of the leading method, ends everything on an answer that
 * no waiting will change, and counts the bytes after decompression.
 */
export function watchedFetch(
  fetch: FetchLike,
  answers: Answers,
  leading: 'GET' | 'POST',
  onFault: (fault: CrawlFault) => void,
): FetchLike {
  let total = 0;
  const meter = (stream: boolean) => {
    let bytes = 0;
    return (chunk: Uint8Array) => {
      total += chunk.length;
      bytes = stream ? sinceEvent(bytes, chunk) : bytes + chunk.length;
      if (bytes <= MAX_MESSAGE_BYTES && total <= MAX_SERVER_BYTES) return undefined;
      const excess =
        bytes > MAX_MESSAGE_BYTES
          ? `a message longer than ${MAX_MESSAGE_BYTES}`
          : `more than ${MAX_SERVER_BYTES}`;
      const fault = crawlFault('limit', `sent ${excess} bytes`);
      onFault(fault);
      return fault;
    };
  };

  return async (url, init) => {
    const leads = (init?.method ?? 'GET') === leading || init?.method === 'POST';
    const response = await fetch(url, init).catch((error: unknown) => {
      if (leads && !init?.signal?.aborted) onFault(networkFault(error));
      throw error;
    });
    if (leads) {
      answers.status = response.status;
      answers.contentType = response.headers.get('content-type') ?? '';
      answers.location = response.headers.get('location') ?? undefined;
      answers.retryAfterMs = retryAfterMs(response.headers);
      answers.rpcError = undefined;
      const refused = authFault(response);
      if (refused) onFault(refused);
    }
    if (!response.body) return response;
    const stream = /event-stream/.test(response.headers.get('content-type') ?? '');
    const body = metered(response.body, meter(stream));
    if (!leads || response.ok) return withBody(response, body);
    const text = await readHead(body, MAX_ERROR_BYTES);
    answers.rpcError = rpcError(text);
    return withBody(response, text);
  };
}

/** Bytes since the last end of an event. An end cut in two by a chunk is missed, which makes an event seem longer. */
function sinceEvent(before: number, chunk: Uint8Array): number {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  const end = Math.max(...EVENT_ENDS.map((mark) => bytes.lastIndexOf(mark)));
  return end === -1 ? before + chunk.length : chunk.length - end;
}

function rpcError(body: string): RpcError | undefined {
  const [message] = readMessages(body);
  return message && 'error' in message ? message.error : undefined;
}

/** Seconds, or a date that is measured against the answer's own (RFC 9110, section 10.2.3). */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function authFault(response: Response): CrawlFault | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const challenge = response.headers.get('www-authenticate') ?? undefined;
  return crawlFault(
    'auth-required',
    `answered ${response.status}: it wants a login or a header such as Authorization`,
    { detail: challenge && describeChallenge(challenge) },
  );
}

/** Ways of not being reached that a while may mend; a refused connection or an unknown name stays so. */
const MAY_PASS = new Set([
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNRESET',
  'UND_ERR_SOCKET',
]);

/** The fault of a request that got no answer at all. */
function networkFault(error: unknown): CrawlFault {
  if (isCrawlFault(error)) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return crawlFault('limit', 'sent headers that are too long');
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens at that address',
    ENOTFOUND: 'its host name does not exist',
    EAI_AGAIN: 'its host name could not be looked up',
    ETIMEDOUT: 'the connection timed out',
    UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  };
  const reason = (code && reasons[code]) ?? errorText(cause);
  const transient = code !== undefined && MAY_PASS.has(code);
  return crawlFault('unreachable', `could not be reached: ${reason}`, { detail: code, transient });
}

/** What an answer means from which no message could be read; undefined for one that could hold a message. */
export function statusFault({
  status,
  contentType,
  location,
  retryAfterMs,
}: Answers): CrawlFault | undefined {
  if (status === undefined) return undefined;
  if (status >= 300 && status < 400 && location !== undefined) return redirectFault(location);
  if (status === 404) return crawlFault('protocol', 'answered 404: there is no MCP server at that address');
  if (status === 429 || status >= 500) {
    return crawlFault('unreachable', `answered ${status}: it does not serve requests now`, {
      transient: true,
      retryAfterMs,
    });
  }
  if (status >= 300) return crawlFault('protocol', `answered ${status} instead of speaking MCP`);
  if (status === 202 || /json|event-stream/.test(contentType)) return undefined;
  return crawlFault(
    'protocol',
    `answered with ${contentType ? quote(contentType) : 'nothing'} instead of MCP`,
  );
}
