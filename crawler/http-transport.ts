import { setTimeout as sleep } from 'node:timers/promises';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type CrawlFault, crawlFault } from './fault.ts';
import { noAnswers, statusFault, watchedFetch } from './http-answers.ts';
import { readMessages } from './json-rpc.ts';
import { FAREWELL_MS, MAX_SERVER_MESSAGES } from './limits.ts';
import type { Session } from './session.ts';

/** Answers to the first POST by which a server says that it does not know streamable HTTP. */
const OLDER_TRANSPORT = new Set([400, 404, 405]);

export interface HttpRequest {
  url: URL;
  /** Headers of every request. */
  headers: Readonly<Record<string, string>>;
  /** The network. The session does not close it. */
  fetch: FetchLike;
  /** Called with what makes it pointless to wait any longer. */
  onFault(fault: CrawlFault): void;
}

export interface HttpSession extends Session {
  /** Whether the server wants the older transport (HTTP with SSE). */
  wantsOlder(): boolean;
}

/** A dropped stream is an outcome to be reported, not something to hide by reconnecting. */
const NO_RECONNECTION = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 1_000,
  reconnectionDelayGrowFactor: 1,
  maxRetries: 0,
};

/** A session over streamable HTTP. Nothing is sent before the transport is used. */
export function openStreamableHttp(request: HttpRequest): HttpSession {
  const answers = noAnswers();
  const transport = new StreamableHTTPClientTransport(request.url, {
    fetch: watchedFetch(request.fetch, answers, 'POST', request.onFault),
    requestInit: { headers: { ...request.headers } },
    reconnectionOptions: NO_RECONNECTION,
  });
  const close = async () => {
    const farewell = transport.terminateSession().catch(() => {});
    await Promise.race([farewell, sleep(FAREWELL_MS, undefined, { ref: false })]);
    await transport.close();
  };
  return session(transport, answers, request.onFault, close);
}

/** A session over streamable HTTP as versions from 2026-07-28 use it: no session to take leave of, and named methods. */
export function openNewerHttp(request: HttpRequest): HttpSession {
  const answers = noAnswers();
  const watched = watchedFetch(request.fetch, answers, 'POST', request.onFault);
  const transport = new StreamableHTTPClientTransport(request.url, {
    fetch: (url, init) => watched(url, withMethodHeader(init)),
    requestInit: { headers: { ...request.headers } },
    reconnectionOptions: NO_RECONNECTION,
  });
  return session(transport, answers, request.onFault, () => transport.close());
}

/** `Mcp-Method` repeats the method of the message; servers refuse a request without it. */
function withMethodHeader(init: RequestInit | undefined): RequestInit | undefined {
  if (typeof init?.body !== 'string') return init;
  const [message] = readMessages(init.body);
  if (!message || !('method' in message)) return init;
  const headers = new Headers(init.headers);
  headers.set('mcp-method', message.method);
  return { ...init, headers };
}

/** A session over the older transport, HTTP with server-sent events. */
export function openSse(request: HttpRequest): HttpSession {
  const answers = noAnswers();
  const transport = new SSEClientTransport(request.url, {
    fetch: watchedFetch(request.fetch, answers, 'GET', request.onFault),
    requestInit: { headers: { ...request.headers } },
  });
  return session(transport, answers, request.onFault, () => transport.close());
}

function session(
  inner: Transport,
  answers: ReturnType<typeof noAnswers>,
  onFault: (fault: CrawlFault) => void,
  close: () => Promise<void>,
): HttpSession {
  let closing: Promise<boolean> | undefined;
  let version: string | undefined;
  const transport = countedTransport(inner, onFault);
  return {
    transport: Object.assign(transport, {
      setProtocolVersion(negotiated: string) {
        version = negotiated;
        inner.setProtocolVersion?.(negotiated);
      },
    }),
    protocolVersion: () => version,
    output: () => ({ stderr: '', noise: '', noiseLines: 0 }),
    close() {
      closing ??= close().then(() => true);
      return closing;
    },
    rpcError: () => answers.rpcError,
    wantsOlder: () => answers.status !== undefined && OLDER_TRANSPORT.has(answers.status),
    fault: () => statusFault(answers),
  };
}

/** The transport, which delivers no more messages than one server may send. */
function countedTransport(inner: Transport, onFault: (fault: CrawlFault) => void): Transport {
  let messages = 0;
  const outer: Transport = {
    async start() {
      inner.onclose = () => outer.onclose?.();
      inner.onerror = (error) => outer.onerror?.(error);
      inner.onmessage = (message, extra) => {
        messages += 1;
        if (messages <= MAX_SERVER_MESSAGES) return outer.onmessage?.(message, extra);
        onFault(crawlFault('limit', `sent more than ${MAX_SERVER_MESSAGES} messages`));
        void inner.close();
      };
      await inner.start();
    },
    send: (message, options) => inner.send(message, options),
    close: () => inner.close(),
  };
  return outer;
}
