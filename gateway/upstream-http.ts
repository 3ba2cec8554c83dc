import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../crawler/json.ts';
import { FAREWELL_MS, STDIN_GRACE_MS } from '../crawler/limits.ts';
import { quote } from '../crawler/text.ts';
import type { ServerAddress } from './config.ts';
import { createAgent, type End, exchange, type Head } from './http-exchange.ts';
import { isLoopback } from './http-guard.ts';
import { createListener } from './http-listener.ts';
import { createMirroredParams, type MirroredParams } from './http-params.ts';
import { checkedHeaders, readGreeting, readHttpError, whyRefused } from './http-server.ts';
import { headerValue, isStateless, nameOf } from './http-wire.ts';
import {
  ANSWER_TIMEOUT_MS,
  MAX_REMARKS,
  MAX_SAME_ORIGIN_REDIRECTS,
  MAX_SESSION_ID_CHARS,
  SWEEP_MS,
} from './limits.ts';
import { type Message, ownVersion, type RequestId, textOf } from './message.ts';
import type { Connect, Upstream, UpstreamEvents } from './upstream.ts';

/** A server that is reached over streamable HTTP. */
export interface HttpServer {
  /** Each connection is a session of its own with the server. */
  connect: Connect;
  /** Ends what is left of all connections. */
  close(): Promise<void>;
}

/** Milliseconds between two looks whether all is answered. */
const GRACE_STEP_MS = 10;

const EXPIRED = 'The server has ended the session; connect again for a new one.';

/** What the connections to one server share. */
interface Server {
  agent: ReturnType<typeof createAgent>;
  mirrored: MirroredParams;
  /** What is sent with every request. */
  headers: Record<string, string>;
  /** Where the server is, after redirects within its own origin. */
  url: URL;
  remark(text: string): void;
}

/**
 * Speaks MCP over HTTP with a server, in the versions from 2025-03-26 on. Sends nothing before there is a message.
 * Throws a usage error for a header that cannot be sent.
 */
export function openHttpServer(to: ServerAddress, remark: (text: string) => void): HttpServer {
  const agent = createAgent();
  const server: Server = {
    agent,
    mirrored: createMirroredParams(),
    headers: checkedHeaders(to.headers),
    url: to.url,
    remark,
  };
  if (to.url.protocol === 'http:' && !isLoopback(plainHost(to.url)) && Object.keys(to.headers).length > 0)
    remark(
      'the headers for the server, and all that is said, can be read on the way: its address has no https',
    );
  return { connect: (events) => connect(server, events), close: () => agent.destroy() };
}

/** A request whose answer has not come to its end. */
interface Flight {
  stop(): void;
  stateless: boolean;
  /** Its answer was seen, or is not wanted any more; one more look and its stream is ended. */
  done: 'no' | 'yes' | 'seen';
}

function connect(server: Server, events: UpstreamEvents): Upstream {
  const flights = new Map<RequestId, Flight>();
  const queue: Message[] = [];
  /** Held up until the server has taken the greeting: requests on other connections could overtake it. */
  let greeting = false;
  let sessionId: string | undefined;
  let version: string | undefined;
  let closed = false;
  /** Messages without an answer that the server has not taken yet. */
  let telling = 0;
  let remarks = 0;

  const remark = (text: string) => {
    remarks += 1;
    if (remarks <= MAX_REMARKS) server.remark(text);
  };
  const waits = (id: RequestId) => events.waits?.(id) ?? true;

  const headersOf = (message: Message | undefined): Record<string, string> => {
    const headers: Record<string, string> = {
      ...server.headers,
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'identity',
    };
    if (message !== undefined) headers['content-type'] = 'application/json';
    const own = message?.kind === 'request' ? ownVersion(message.params) : undefined;
    if (message?.kind === 'request' && own !== undefined && isStateless(own)) {
      headers['mcp-protocol-version'] = own;
      headers['mcp-method'] = headerValue(message.method);
      const name = nameOf(message);
      if (name !== undefined) headers['mcp-name'] = headerValue(name);
      return { ...headers, ...server.mirrored.headersFor(message) };
    }
    if (version !== undefined) headers['mcp-protocol-version'] = version;
    if (sessionId !== undefined) headers['mcp-session-id'] = sessionId;
    return headers;
  };

  const listener = createListener({
    agent: server.agent,
    url: () => server.url,
    headers: () => ({ ...headersOf(undefined), accept: 'text/event-stream' }),
    remark,
  });

  const goOn = () => {
    greeting = false;
    while (!greeting) {
      const next = queue.shift();
      if (next === undefined) return;
      dispatch(next);
    }
  };

  const expire = () => {
    if (closed) return;
    shutDown();
    server.remark('the server has ended the session');
    events.ended(EXPIRED);
  };

  const fail = (id: RequestId, untouched: boolean, message: string) =>
    events.failed(id, { untouched, message });

  /** The server's place, where it moved within its own origin. */
  const movedTo = ({ status, header }: Head): URL | undefined => {
    if (status !== 307 && status !== 308) return undefined;
    const target = URL.parse(header('location') ?? '', server.url.href);
    if (target === null || target.origin !== server.url.origin) return undefined;
    target.hash = '';
    return target;
  };

  /** Sends a message; one whose place has moved is sent again, which the server has not taken. */
  const post = (
    message: Message,
    on: { onHead?(head: Head): void; onData?(data: string): void; onEnd(end: End): void },
    redirects = 0,
  ): { stop(): void } => {
    const current = { stop: () => {} };
    current.stop = exchange(
      server.agent,
      {
        method: 'POST',
        url: server.url,
        headers: headersOf(message),
        body: textOf(message),
        silenceMs:
          message.kind === 'request' && message.method !== 'subscriptions/listen' ? ANSWER_TIMEOUT_MS : 0,
      },
      {
        ...on,
        onEnd(end) {
          const target = end.head && movedTo(end.head);
          if (closed || target === undefined || redirects >= MAX_SAME_ORIGIN_REDIRECTS) return on.onEnd(end);
          server.url = target;
          current.stop = post(message, on, redirects + 1).stop;
        },
      },
    );
    return current;
  };

  const request = (message: Extract<Message, { kind: 'request' }>) => {
    const { id, method, params } = message;
    const stateless = isStateless(ownVersion(params) ?? '');
    const greets = method === 'initialize';
    const flight: Flight = { stop: () => {}, stateless, done: 'no' };
    flights.set(id, flight);

    const receive = (text: string) => {
      if (greets) version = readGreeting(text) ?? version;
      if (stateless && method === 'tools/list') observe(text);
      events.received(text, id);
      if (waits(id)) return;
      flight.done = 'yes';
      if (greets) goOn();
    };
    const finish = (untouched: boolean, message: string) => {
      if (flights.get(id) === flight) {
        flights.delete(id);
        // Nothing happens where the answer has come already.
        fail(id, untouched, message);
      }
      if (greets) goOn();
    };

    const sent = post(message, {
      onHead(head) {
        if (greets && head.status < 300) sessionId = sessionIdOf(head) ?? sessionId;
      },
      onData: receive,
      onEnd(end) {
        if (closed || flights.get(id) !== flight) return;
        const { head, text, broken, lastId } = end;
        if (head === undefined) return finish(!end.sent, `The server could not be reached: ${broken}.`);
        if (head.status === 404 && sessionId !== undefined && !greets && !stateless) {
          finish(true, EXPIRED);
          return expire();
        }
        if (head.status >= 300) {
          const answer = readHttpError(id, text);
          if (answer !== undefined) receive(answer);
          return finish(head.status < 500, whyRefused(head, text, server.url));
        }
        if (head.contentType === 'text/event-stream') {
          if (lastId === undefined || !waits(id)) return finish(false, 'The server broke off its answer.');
          flight.stop = listener.resume(lastId, { onData: receive, isDone: () => !waits(id) }, () =>
            finish(false, 'The server broke off its answer, and did not take it up again.'),
          );
          return;
        }
        if (broken !== undefined) return finish(false, `The answer of the server is not whole: ${broken}.`);
        if (head.contentType === 'application/json') receive(text);
        const got = `it answered ${head.status} with ${quote(head.contentType || 'nothing')}`;
        finish(false, `The server gave no answer to the request: ${got}.`);
      },
    });
    flight.stop = () => sent.stop();
  };

  const observe = (text: string) => {
    try {
      const value: unknown = JSON.parse(text);
      if (isObject(value)) server.mirrored.observe(value.result);
    } catch {
      // What cannot be read is told where it is read.
    }
  };

  const tell = (message: Message) => {
    const what = message.kind === 'notification' ? message.method : 'an answer';
    const isGreeting = message.kind === 'notification' && message.method === 'notifications/initialized';
    telling += 1;
    post(message, {
      onHead(head) {
        if (!isGreeting) return;
        if (head.status < 300) listener.start();
        goOn();
      },
      onEnd({ head, text, broken }) {
        telling -= 1;
        if (closed) return;
        if (head === undefined) remark(`the server could not be told ${quote(what)}: ${broken}`);
        else if (head.status === 404 && sessionId !== undefined) expire();
        else if (head.status >= 300)
          remark(`the server did not take ${quote(what)}: ${whyRefused(head, text, server.url)}`);
        if (isGreeting) goOn();
      },
    });
  };

  const dispatch = (message: Message) => {
    if (message.kind !== 'request') {
      const { params, method } =
        message.kind === 'notification' ? message : { params: undefined, method: '' };
      if (method === 'notifications/cancelled') {
        const flight = flights.get(params?.requestId as RequestId);
        if (flight?.stateless) {
          // There the end of the connection is what takes a request back.
          flights.delete(params?.requestId as RequestId);
          return flight.stop();
        }
        if (flight !== undefined) flight.done = 'yes';
      }
      if (method === 'notifications/initialized') greeting = true;
      return tell(message);
    }
    if (message.method === 'initialize') {
      void farewell();
      greeting = true;
    }
    request(message);
  };

  /** A server that leaves a stream open after the answer would fill up our connections. */
  const sweep = setInterval(() => {
    for (const [id, flight] of flights) {
      if (flight.done === 'seen') {
        flights.delete(id);
        flight.stop();
      } else if (flight.done === 'yes') flight.done = 'seen';
    }
  }, SWEEP_MS);
  sweep.unref();

  /** Tells the server that the session is over, in a second or not at all. */
  const farewell = async () => {
    if (sessionId === undefined) return;
    const headers = headersOf(undefined);
    sessionId = undefined;
    version = undefined;
    listener.stop();
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = exchange(
      server.agent,
      { method: 'DELETE', url: server.url, headers, silenceMs: FAREWELL_MS },
      { onEnd: () => resolve() },
    );
    const timer = setTimeout(stop, FAREWELL_MS);
    await promise;
    clearTimeout(timer);
  };

  const isBusy = () =>
    queue.length > 0 || greeting || telling > 0 || [...flights.keys()].some((id) => waits(id));

  const shutDown = () => {
    closed = true;
    clearInterval(sweep);
    listener.stop();
    for (const flight of flights.values()) flight.stop();
    flights.clear();
    queue.length = 0;
  };

  listener.onData = (data) => events.received(data);
  return {
    send(message) {
      if (closed) return 'gone';
      if (greeting) queue.push(message);
      else dispatch(message);
      return 'sent';
    },
    async close() {
      // What was sent before is still to be answered, as a process may still answer after the end of its input.
      for (let waited = 0; !closed && isBusy() && waited < STDIN_GRACE_MS; waited += GRACE_STEP_MS) {
        await sleep(GRACE_STEP_MS);
      }
      if (!closed) shutDown();
      await farewell();
    },
  };
}

function plainHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Visible ASCII characters, as the protocol has it. */
function sessionIdOf(head: Head): string | undefined {
  const id = head.header('mcp-session-id');
  if (id === undefined || id.length > MAX_SESSION_ID_CHARS) return undefined;
  return /^[\x21-\x7e]+$/.test(id) ? id : undefined;
}
