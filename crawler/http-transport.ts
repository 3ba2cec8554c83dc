import { setTimeout as sleep } from 'node:timers/promises';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type CrawlFault, crawlFault } from './fault.ts';
import { FAREWELL_MS, MAX_MESSAGE_BYTES, MAX_SERVER_BYTES } from './limits.ts';
import { screenUrl } from './secrets.ts';
import type { Session } from './session.ts';
import { clip, errorText, quote } from './text.ts';

/** Answers to the first POST by which a server says that it does not know streamable HTTP. */
const OLDER_TRANSPORT = new Set([400, 404, 405]);

export interface HttpRequest {
  url: URL;
  /** Headers of every request. */
  headers: Readonly<Record<string, string>>;
  /** The network: `globalThis.fetch`, or one that checks addresses first. */
  fetch: FetchLike;
  /** Called with what makes it pointless to wait any longer. */
  onFault(fault: CrawlFault): void;
}

/** What the server answered to the requests that carry our messages. */
interface Answers {
  status: number | undefined;
  contentType: string;
  location: string | undefined;
}

export interface HttpSession extends Session {
  /** Whether the server wants the older transport (HTTP with SSE). */
  wantsOlder(): boolean;
}

/** A session over streamable HTTP. Nothing is sent before the transport is used. */
export function openStreamableHttp(request: HttpRequest): HttpSession {
  const answers: Answers = { status: undefined, contentType: '', location: undefined };
  const transport = new StreamableHTTPClientTransport(request.url, {
    fetch: watchedFetch(request, answers, 'POST'),
    requestInit: { headers: { ...request.headers } },
    // A dropped stream is an outcome to be reported, not something to hide by reconnecting.
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  });
  const close = async () => {
    const farewell = transport.terminateSession().catch(() => {});
    await Promise.race([farewell, sleep(FAREWELL_MS, undefined, { ref: false })]);
    await transport.close();
  };
  return session(transport, answers, () => transport.protocolVersion, close);
}

/** A session over the older transport, HTTP with server-sent events. */
export function openSse(request: HttpRequest): HttpSession {
  const answers: Answers = { status: undefined, contentType: '', location: undefined };
  const sse = new SSEClientTransport(request.url, {
    fetch: watchedFetch(request, answers, 'GET'),
    requestInit: { headers: { ...request.headers } },
  });
  let version: string | undefined;
  const setVersion = sse.setProtocolVersion.bind(sse);
  const transport: Transport = Object.assign(sse, {
    setProtocolVersion(negotiated: string) {
      version = negotiated;
      setVersion(negotiated);
    },
  });
  return session(
    transport,
    answers,
    () => version,
    () => sse.close(),
  );
}

function session(
  transport: Transport,
  answers: Answers,
  protocolVersion: () => string | undefined,
  close: () => Promise<void>,
): HttpSession {
  let closing: Promise<boolean> | undefined;
  return {
    transport,
    protocolVersion,
    output: () => ({ stderr: '', noise: '', noiseLines: 0 }),
    close() {
      closing ??= close().then(() => true);
      return closing;
    },
    wantsOlder: () => answers.status !== undefined && OLDER_TRANSPORT.has(answers.status),
    fault: () => statusFault(answers),
  };
}

/**
 * The network with a counter: takes down the answers to requests of the leading method, ends everything on an answer
 * that no waiting will change, and counts the bytes after decompression.
 */
function watchedFetch(request: HttpRequest, answers: Answers, leading: 'GET' | 'POST'): FetchLike {
  let total = 0;
  const meter = (allowed: number) => {
    let bytes = 0;
    return new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        total += chunk.length;
        if (bytes <= allowed && total <= MAX_SERVER_BYTES) return controller.enqueue(chunk);
        request.onFault(
          crawlFault('limit', `sent more than ${bytes > allowed ? allowed : MAX_SERVER_BYTES} bytes`),
        );
        controller.error(new Error('the answer is too long'));
      },
    });
  };

  return async (url, init) => {
    const leads = (init?.method ?? 'GET') === leading || init?.method === 'POST';
    const response = await request.fetch(url, init).catch((error: unknown) => {
      if (leads && !init?.signal?.aborted) request.onFault(networkFault(error));
      throw error;
    });
    if (leads) {
      answers.status = response.status;
      answers.contentType = response.headers.get('content-type') ?? '';
      answers.location = response.headers.get('location') ?? undefined;
      const refused = authFault(response);
      if (refused) request.onFault(refused);
    }
    if (!response.body) return response;
    // A stream carries many messages, any other body is one.
    const stream = answers.contentType.includes('text/event-stream') || !leads;
    const body = response.body.pipeThrough(meter(stream ? MAX_SERVER_BYTES : MAX_MESSAGE_BYTES));
    return Object.defineProperty(new Response(body, response), 'url', { value: response.url });
  };
}

function authFault(response: Response): CrawlFault | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const challenge = response.headers.get('www-authenticate') ?? undefined;
  return crawlFault(
    'auth-required',
    `answered ${response.status}: it wants a login or a header such as Authorization`,
    { detail: challenge && `WWW-Authenticate: ${challenge}` },
  );
}

function networkFault(error: unknown): CrawlFault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens at that address',
    ENOTFOUND: 'its host name does not exist',
    EAI_AGAIN: 'its host name could not be looked up',
    ETIMEDOUT: 'the connection timed out',
  };
  const reason = (code && reasons[code]) ?? errorText(cause);
  return crawlFault('unreachable', `could not be reached: ${reason}`, { detail: code });
}

function statusFault({ status, contentType, location }: Answers): CrawlFault | undefined {
  if (status === undefined) return undefined;
  if (status >= 300 && status < 400 && location !== undefined) {
    return crawlFault(
      'blocked',
      `redirects to another place, which was not followed: ${quote(screenUrl(clip(location, 2_000)))}`,
    );
  }
  if (status === 404) return crawlFault('protocol', 'answered 404: there is no MCP server at that address');
  if (status === 429 || status >= 500) {
    return crawlFault('unreachable', `answered ${status}: it does not serve requests now`);
  }
  if (status >= 300) return crawlFault('protocol', `answered ${status} instead of speaking MCP`);
  if (status === 202 || /json|event-stream/.test(contentType)) return undefined;
  return crawlFault(
    'protocol',
    `answered with ${contentType ? quote(contentType) : 'nothing'} instead of MCP`,
  );
}
