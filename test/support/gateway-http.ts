import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Server as McpServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { commandLaunch } from '../../crawler/resolve.ts';
import { type Grants, openGrants } from '../../gateway/grants-file.ts';
import { type FrontOptions, listenHttp } from '../../gateway/http-front.ts';
import type { FrontServer } from '../../gateway/http-sessions.ts';
import { openHttpServer } from '../../gateway/upstream-http.ts';
import { startStdioServer } from '../../gateway/upstream-stdio.ts';
import type { PolicyDocument } from '../../policy/contract.ts';
import { RECORDER, testEnforcement, type Wire } from './gateway.ts';
import { ROOT } from './sources.ts';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Messages in it, be it one JSON text or a stream of events. */
  messages: Wire[];
}

/** Sends a request as it is told to, also with headers that no library would send. */
export async function send(
  url: string,
  more: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer } = {},
): Promise<HttpAnswer> {
  const { method = 'POST', headers = {}, body } = more;
  const request = httpRequest(url, { method, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  // An answer that comes before all is sent ends the connection.
  request.on('error', () => {});
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, messages: messagesIn(text) };
}

function messagesIn(text: string): Wire[] {
  if (text.startsWith('{')) return [JSON.parse(text)];
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
}

export const HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  },
};

/** What the fronts of tests allow. */
export const FRONT_POLICY: PolicyDocument = {
  version: '1',
  default: 'deny',
  tools: {
    read_file: {},
    raw: {},
    silent: {},
    dies: {},
    announces: {},
    guarded: { require_approval: [{ conditions: [], on_deny: 'A person decides.' }] },
    limited: { limits: [{ counter: 'l', window: 'hour', max: 2, scope: 'session' }] },
  },
};

export function call(name: string, args: Record<string, unknown> = {}, id: number | string = 1) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } };
}

/** A front before servers, with a grant for each of `grants`. */
export async function startFront(
  policy: PolicyDocument | string,
  more: {
    servers?: (world: ReturnType<typeof testEnforcement>) => FrontServer[];
    /** The address of a server, instead of servers. */
    upstream?: string;
    grants?: string[];
    options?: Partial<FrontOptions>;
    enforcement?: Parameters<typeof testEnforcement>[1];
  } = {},
) {
  const world = testEnforcement(policy, more.enforcement);
  const grants: Grants = openGrants(join(world.folder, 'grants.json'));
  const tokens: Record<string, string> = {};
  for (const name of more.grants ?? ['laptop']) {
    tokens[name] = grants.add(name, { now: new Date('2026-01-01'), randomBytes });
  }
  const address = more.upstream === undefined ? undefined : addressServer(world, more.upstream);
  const servers = more.servers?.(world) ?? [address?.server ?? recorderServer(world)];
  const remarks: string[] = [];
  const front = await listenHttp({
    host: '127.0.0.1',
    port: 0,
    hosts: [],
    origins: [],
    servers,
    grants,
    now: () => new Date('2026-01-01'),
    elapsed: () => performance.now(),
    randomId: () => randomUUID(),
    remark: (text) => void remarks.push(text),
    ...more.options,
  });
  const base = `http://127.0.0.1:${front.port}`;
  const auth = (name = 'laptop') => ({ authorization: `Bearer ${tokens[name] ?? ''}` });
  const url = `${base}/mcp`;
  return {
    ...world,
    base,
    url,
    port: front.port,
    grants,
    tokens,
    auth,
    remarks,
    rules: world.enforcement.rules,
    /** Sends a message in the name of a grant. */
    post: (message: unknown, headers: Record<string, string> = {}, name = 'laptop', to = url) =>
      send(to, {
        headers: { ...HEADERS, ...auth(name), ...headers },
        body: typeof message === 'string' ? message : JSON.stringify(message),
      }),
    /** Begins a session, and gives its name. */
    async begin(name = 'laptop', to = url): Promise<string> {
      const answer = await this.post(INITIALIZE, {}, name, to);
      return String(answer.headers['mcp-session-id']);
    },
    async close() {
      await front.close();
      await address?.close();
      world.close();
    },
  };
}

/** A server on stdio, one process for each session, that writes down what reaches it. */
export function recorderServer(world: ReturnType<typeof testEnforcement>, key = 'test'): FrontServer {
  const context = { cwd: ROOT, environment: process.env, platform: process.platform };
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    key,
    enforcement: world.enforcement,
    async open() {
      const launch = commandLaunch(process.execPath, [RECORDER, world.folder], context);
      const { connect, input } = await startStdioServer({ ...launch, env }, () => {});
      return { connect, input };
    },
  };
}

/** A server over HTTP as the front sees it. */
function addressServer(
  world: ReturnType<typeof testEnforcement>,
  url: string,
): { server: FrontServer; close(): Promise<void> } {
  const http = openHttpServer({ kind: 'url', url: new URL(url), headers: {} }, world.enforcement.remark);
  const server = {
    key: 'test',
    enforcement: world.enforcement,
    open: async () => ({ connect: http.connect }),
  };
  return { server, close: http.close };
}

/** What came in at a server made for a test. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server on loopback that answers as a test says. */
export async function startHttp(
  answer: (seen: Seen, response: import('node:http').ServerResponse) => void,
): Promise<{ url: string; origin: string; seen: Seen[]; server: Server; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    seen.push(one);
    answer(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/mcp`,
    origin,
    seen,
    server,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server of the official SDK over HTTP, with sessions, and tools that use all that a session can do. */
export async function startSdkServer(options: { json?: boolean } = {}) {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const calls: { name: string; session: string | undefined }[] = [];
  const cancelled: string[] = [];
  const open = async () => {
    const server = new McpServer(
      { name: 'sdk', version: '1.0.0' },
      { capabilities: { tools: { listChanged: true }, logging: {} } },
    );
    const names = ['echo', 'progress', 'elicit', 'sample', 'slow', 'announce'];
    server.setRequestHandler(ListToolsRequestSchema, async () => ({
      tools: names.map((name) => ({ name, inputSchema: { type: 'object' as const } })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
      calls.push({ name: params.name, session: extra.sessionId });
      const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: String(value) }] });
      if (params.name === 'progress') {
        for (const progress of [1, 2, 3]) {
          const progressToken = params._meta?.progressToken ?? 0;
          await extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken, progress, total: 3 },
          });
        }
      }
      if (params.name === 'elicit') {
        const asked = await extra.sendRequest(
          {
            method: 'elicitation/create',
            params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
          },
          ElicitResultSchema,
        );
        return text(asked.action);
      }
      if (params.name === 'sample') {
        const said = await extra.sendRequest(
          {
            method: 'sampling/createMessage',
            params: { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 },
          },
          CreateMessageResultSchema,
        );
        return text(said.model);
      }
      if (params.name === 'announce') await server.sendToolListChanged();
      if (params.name === 'slow') {
        await new Promise<void>((resolve) => {
          extra.signal.addEventListener('abort', () => {
            cancelled.push(params.name);
            resolve();
          });
        });
      }
      return text(JSON.stringify(params.arguments ?? {}));
    });
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: options.json ?? false,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  };
  const server = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? transports.get(id) : await open();
    if (known === undefined) return void response.writeHead(404).end();
    await known.handleRequest(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    calls,
    cancelled,
    /** Names of the sessions that are open. */
    sessions: () => [...transports.keys()],
    /** Forgets all sessions, as a restart does. */
    forget: () => transports.clear(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What reached the recorder, line by line, as it came. */
export function reached({ folder }: { folder: string }): string[] {
  const file = join(folder, 'received.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** Starts fronts that are closed with all else in a list. */
export function frontsFor(closers: (() => unknown)[]) {
  return async (
    policy: PolicyDocument | string = FRONT_POLICY,
    more: Parameters<typeof startFront>[1] = {},
  ) => {
    const front = await startFront(policy, more);
    closers.push(() => front.close());
    return front;
  };
}
