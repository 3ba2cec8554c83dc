import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { usageError } from '../crawler/fault.ts';
import { errorText, quote } from '../crawler/text.ts';
import { tell } from './enforcement.ts';
import { type Grant, type Grants, opens } from './grants-file.ts';
import { createBodyReader } from './http-body.ts';
import { accepts, acceptsBoth, bearerToken, isOwnHost, wrongBody } from './http-guard.ts';
import { sendJson } from './http-reply.ts';
import { createSessions, type FrontServer, type Held, type Opened, type Owner } from './http-sessions.ts';
import { HEADER_MISMATCH, headerText, isStateless, isVersion, nameOf } from './http-wire.ts';
import {
  CONNECTION_CHECK_MS,
  KEEP_CONNECTION_MS,
  MAX_CLIENT_BYTES,
  MAX_CONNECTIONS,
  MAX_REMARKS,
  RECEIVE_TIMEOUT_MS,
} from './limits.ts';
import {
  CODE,
  errorAnswer,
  type Message,
  ownVersion,
  type RequestId,
  readClientMessage,
  textOf,
} from './message.ts';

export interface FrontOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Names by which clients may call the gateway, beyond its address. */
  hosts: readonly string[];
  /** Web pages that may speak to it. */
  origins: readonly string[];
  servers: readonly FrontServer[];
  /** Absent where everybody is let in. */
  grants?: Grants;
  now(): Date;
  elapsed(): number;
  /** Not to be guessed. */
  randomId(): string;
  remark(text: string): void;
}

export interface Front {
  port: number;
  close(): Promise<void>;
}

/** Who makes a request, and the grant by which; none where nobody needs one. */
interface Visitor {
  owner: Owner;
  grant?: Grant;
}

/** Whoever calls where nobody needs a grant. */
const ANYONE: Visitor = { owner: { grant: 'http', token: '' } };

/** Speaks MCP over HTTP with clients, at `/<key>/mcp` for each server, and at `/mcp` where there is one. Throws a usage error when it cannot listen. */
export async function listenHttp(options: FrontOptions): Promise<Front> {
  const handle = createHandler(options);
  const server = createServer(
    {
      keepAliveTimeout: KEEP_CONNECTION_MS,
      headersTimeout: RECEIVE_TIMEOUT_MS,
      requestTimeout: RECEIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTION_CHECK_MS,
      // A header that comes twice is read as one that has both values, which is none that is let in.
      joinDuplicateHeaders: true,
    },
    handle.request,
  );
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: Error) =>
      failed(usageError(`The gateway cannot listen: ${error.message}.`)),
    );
    server.listen(options.port, options.host, listening);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await handle.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createHandler(options: FrontOptions) {
  const { hosts, origins, servers, grants, now, remark } = options;
  const byPath = new Map(servers.map((server) => [`/${server.key}/mcp`, server]));
  const [first] = servers;
  if (servers.length === 1 && first !== undefined) byPath.set('/mcp', first);
  const sessions = createSessions(options);
  const readBody = createBodyReader();
  let remarks = 0;

  const refuse = (
    response: ServerResponse,
    status: number,
    message: string,
    code: number = CODE.invalid,
    id: RequestId | null = null,
  ) => sendJson(response, status, textOf(errorAnswer(id, code, message)));

  const turnAway = (response: ServerResponse, message: string) => {
    remarks += 1;
    if (remarks <= MAX_REMARKS) remark(`a request was turned away: ${message}`);
    refuse(response, 403, message);
  };

  const visitorOf = (request: IncomingMessage, response: ServerResponse): Visitor | undefined => {
    if (grants === undefined) return ANYONE;
    const token = bearerToken(request.headers.authorization);
    const grant = token === undefined ? undefined : grants.check(token, now());
    if (token !== undefined && grant !== undefined)
      return {
        owner: { grant: grant.name, token: createHash('sha256').update(token).digest('hex') },
        grant,
      };
    const error = request.headers.authorization === undefined ? '' : ', error="invalid_token"';
    response.setHeader('www-authenticate', `Bearer realm="catalogue gateway"${error}`);
    refuse(
      response,
      401,
      token === undefined
        ? 'The gateway wants a token: Authorization: Bearer <token>, of a grant made with `catalogue grants add`.'
        : 'The token belongs to no grant that is valid now.',
    );
    return undefined;
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const { headers, method } = request;
    // Whoever has gone gets no answer, and that is all.
    response.on('error', () => {});
    if (!isOwnHost(headers.host, request.socket.localAddress, hosts))
      return turnAway(
        response,
        `The gateway does not answer to the host ${quote(headers.host ?? '')}. --allow-host lets a name in.`,
      );
    const { origin } = headers;
    if (origin !== undefined) {
      if (!origins.includes(origin))
        return turnAway(
          response,
          `The gateway does not answer pages of ${quote(origin)}. --allow-origin lets one in.`,
        );
      allowOrigin(response, origin);
      if (method === 'OPTIONS') return void response.writeHead(204).end();
    }
    const [path = ''] = (request.url ?? '').split('?');
    // Clients ask here how to log in; there is no such way, and a 401 would confuse them.
    if (path.startsWith('/.well-known/')) return refuse(response, 404, 'There is nothing here.');
    const visitor = visitorOf(request, response);
    if (visitor === undefined) return undefined;
    const { owner, grant } = visitor;
    const server = byPath.get(path);
    if (server === undefined || !isOpenTo(grant, server)) return refusePath(response, grant);
    if (method === 'POST') return onPost(request, response, owner, server);
    const id = headers['mcp-session-id'];
    if ((method !== 'GET' && method !== 'DELETE') || typeof id !== 'string') {
      response.setHeader('allow', 'POST, GET, DELETE');
      return refuse(response, 405, 'Outside a session there is nothing but POST.');
    }
    const found = sessions.find(id, owner, server);
    if (found === undefined) return refuse(response, 404, NO_SESSION);
    if (method === 'DELETE') {
      sessions.end(id);
      return void response.writeHead(204).end();
    }
    if (!accepts(headers.accept, 'text/event-stream'))
      return refuse(response, 406, 'The Accept header must name text/event-stream.');
    return found.session.listen(response);
  };

  /**
   * Whom not everything is open to is told the same of what is somebody else's and of what there is not. A 403, because
   * clients take a 404 for a server of an older version and try other ways to it.
   */
  const refusePath = (response: ServerResponse, grant: Grant | undefined) => {
    const open = [...byPath].filter(([, server]) => isOpenTo(grant, server));
    const paths = open.map(([path]) => path).join(', ');
    if (grant?.servers === undefined)
      return refuse(response, 404, `There is no server at this path. There are: ${paths}.`);
    const what = paths === '' ? 'It opens nothing here.' : `It opens: ${paths}.`;
    return refuse(response, 403, `The grant ${grant.name} does not open this path. ${what}`);
  };

  const onPost = (request: IncomingMessage, response: ServerResponse, owner: Owner, server: FrontServer) => {
    const wrong = wrongBody(request.headers);
    if (wrong !== undefined) return refuse(response, 415, wrong);
    if (!acceptsBoth(request.headers.accept))
      return refuse(response, 406, 'The Accept header must name application/json and text/event-stream.');
    const post = { request, response, owner, server };
    readBody(request, (body) => {
      if (body.ok) return void onMessage(body.bytes, post).catch((error) => onFault(error, response));
      if (body.reason === 'too large') {
        const message = `The message is longer than ${MAX_CLIENT_BYTES} bytes.`;
        return refuseMessage(post, { code: CODE.invalid, rule: '(too large)', message, status: 413 });
      }
      if (body.reason === 'busy') return refuse(response, 503, BUSY, CODE.overloaded);
    });
  };

  interface Post {
    request: IncomingMessage;
    response: ServerResponse;
    owner: Owner;
    server: FrontServer;
  }

  const refuseMessage = (
    { request, response, owner, server }: Post,
    refused: {
      code: number;
      rule: string;
      message: string;
      method?: string;
      id?: RequestId | undefined;
      status?: number;
    },
  ) => {
    const { code, rule, message, method = '(unreadable)', id = null, status = 400 } = refused;
    const name = request.headers['mcp-session-id'];
    const found = typeof name === 'string' ? sessions.find(name, owner, server) : undefined;
    const caller = found?.caller ?? { grant: owner.grant, session: '(none)', server: server.key };
    tell(server.enforcement, caller, { method, decision: 'refused', rule, message });
    refuse(response, status, message, code, id);
  };

  const onMessage = async (bytes: Buffer, post: Post): Promise<void> => {
    const read = readClientMessage(bytes);
    if (read.ok) return route(read.message, post);
    const [id, second] = read.refusal.ids;
    refuseMessage(post, { ...read.refusal, id: second === undefined ? id : undefined });
  };

  /** A fault of ours costs one request, and no other client its connection. */
  const onFault = (error: unknown, response: ServerResponse) => {
    remark(`a request could not be dealt with: ${errorText(error)}`);
    if (response.headersSent) response.destroy();
    else refuse(response, 500, 'The gateway has a fault.', CODE.internal);
  };

  const route = async (message: Message, post: Post): Promise<void> => {
    const { request, response, owner, server } = post;
    const { headers } = request;
    const version = headers['mcp-protocol-version'];
    const id = headers['mcp-session-id'];
    const asked = message.kind === 'request' ? message : undefined;
    const own = ownVersion(asked?.params);
    if (version !== undefined && (typeof version !== 'string' || !isVersion(version)))
      return refuse(response, 400, 'The MCP-Protocol-Version is none.', CODE.invalid, asked?.id);
    if (isStateless(own ?? '') || (isStateless(version ?? '') && id === undefined))
      return routeStateless(message, post);
    if (typeof id === 'string') {
      const found = sessions.find(id, owner, server);
      if (found === undefined) return refuse(response, 404, NO_SESSION, CODE.invalid, asked?.id);
      await roomIn(found);
      if (message.kind === 'request') return found.session.request(message, response);
      found.session.take(message);
      return void response.writeHead(202).end();
    }
    if (asked?.method !== 'initialize')
      return refuse(response, 400, 'The Mcp-Session-Id is missing.', CODE.invalid, asked?.id);
    const opened = await sessions.open(owner, server);
    if (isOpen(opened, response, asked.id)) opened.session.request(asked, response);
  };

  const routeStateless = async (message: Message, post: Post): Promise<void> => {
    const { request, response, owner, server } = post;
    // In these versions a client takes a request back by closing its connection, and answers within requests.
    if (message.kind === 'notification') return void response.writeHead(202).end();
    if (message.kind !== 'request')
      return refuse(response, 400, 'This is neither a request nor a notification.');
    const { id, method } = message;
    const mismatch = headerMismatch(message, request);
    if (mismatch !== undefined)
      return refuseMessage(post, { code: HEADER_MISMATCH, rule: '(headers)', message: mismatch, method, id });
    if (method === 'initialize')
      return refuse(response, 404, 'This version has no initialize.', CODE.unknownMethod, id);
    const opened = await sessions.stateless(owner, server);
    if (!isOpen(opened, response, id)) return;
    await roomIn(opened);
    opened.session.request(message, response);
  };

  const isOpen = <T>(opened: Opened<T>, response: ServerResponse, id: RequestId): opened is Held<T> => {
    if (opened === 'full') {
      response.setHeader('retry-after', '60');
      refuse(response, 503, BUSY, CODE.overloaded, id);
    } else if (opened === 'failed') refuse(response, 502, 'The server could not be started.', CODE.gone, id);
    return typeof opened === 'object';
  };

  return {
    request(request: IncomingMessage, response: ServerResponse) {
      try {
        onRequest(request, response);
      } catch (error) {
        onFault(error, response);
      }
    },
    close: () => sessions.close(),
  };
}

function isOpenTo(grant: Grant | undefined, { key }: FrontServer): boolean {
  return grant === undefined || opens(grant, key);
}

const NO_SESSION = 'There is no such session; begin a new one with initialize.';
const BUSY = 'The gateway has too much to do; try again later.';

/** What a stateless version repeats in its headers must be what the message says. */
function headerMismatch(message: Message, { headers }: IncomingMessage): string | undefined {
  if (message.kind !== 'request') return undefined;
  const wanted = [
    ['mcp-protocol-version', ownVersion(message.params)],
    ['mcp-method', message.method],
    ['mcp-name', nameOf(message)],
  ] as const;
  for (const [name, value] of wanted) {
    const header = headers[name];
    if (name === 'mcp-name' && value === undefined) continue;
    if (typeof header !== 'string') return `The header ${name} is missing.`;
    if (headerText(header) !== value) return `The header ${name} is not what the message says.`;
  }
  return undefined;
}

/** A server that does not read must not fill our memory: its clients wait. */
async function roomIn({ backend: { input } }: Held<unknown>): Promise<void> {
  if (!input?.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      input.off('drain', done);
      input.off('close', done);
      resolve();
    };
    input.on('drain', done);
    input.on('close', done);
  });
}

function allowOrigin(response: ServerResponse, origin: string): void {
  const headers = {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST, GET, DELETE',
    'access-control-allow-headers':
      'authorization, content-type, accept, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, last-event-id',
    'access-control-expose-headers': 'mcp-session-id, www-authenticate',
    vary: 'origin',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
