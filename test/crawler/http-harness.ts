import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { afterAll } from 'vitest';
import type { CrawlResult, ServerTarget } from '../../crawler/contract.ts';
import { type CrawlOptions, crawl } from '../../crawler/crawl.ts';
import { INITIALIZED, tool } from '../fixtures/servers/serve.ts';
import { options, temporaryFolder } from './harness.ts';

const folder = temporaryFolder();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  folder.remove();
});

/** Serves on a free port of this machine until the tests of the file are done. Gives the origin. */
export async function listen(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return `http://${host}:${typeof address === 'object' && address ? address.port : 0}`;
}

/** Crawls what is at an address. */
export function crawlUrl(url: string, more: Partial<CrawlOptions> = {}): Promise<CrawlResult> {
  const target: ServerTarget = {
    id: 'http:test',
    label: 'the server',
    transport: { kind: 'http', url, headerNames: [] },
    origin: { source: 'url', ref: 'test' },
  };
  return crawl(target, options(folder.path, more));
}

/** Serves on a free port of this machine and crawls that. */
export async function crawlHttp(
  listener: RequestListener,
  more: Partial<CrawlOptions> & { path?: string } = {},
): Promise<CrawlResult> {
  const { path = '/mcp', ...rest } = more;
  return crawlUrl(`${await listen(listener)}${path}`, { allowPrivate: true, ...rest });
}

/** A port that was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Message {
  id?: number;
  method: string;
}

export async function readMessage(request: IncomingMessage): Promise<Message> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Message;
}

export function answer({ id, method }: Message, tools: unknown[] = [tool('one')]): Record<string, unknown> {
  return { jsonrpc: '2.0', id, result: method === 'initialize' ? INITIALIZED : { tools } };
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers each POST with what `reply` does; everything else is not allowed. */
export function streamable(
  reply: (message: Message, response: ServerResponse, request: IncomingMessage) => void,
): RequestListener {
  return async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const message = await readMessage(request);
    if (message.id === undefined) return void response.writeHead(202).end();
    reply(message, response, request);
  };
}

/** The older transport: a stream of events, and an endpoint of its own for messages. */
export function sse(refusal: number): RequestListener {
  let stream: ServerResponse | undefined;
  return async (request, response) => {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('event: endpoint\ndata: /messages\n\n');
      return;
    }
    if (request.url !== '/messages') return void response.writeHead(refusal).end('no');
    const message = await readMessage(request);
    response.writeHead(202).end('Accepted');
    if (message.id !== undefined)
      stream?.write(`event: message\ndata: ${JSON.stringify(answer(message))}\n\n`);
  };
}

/** Answers everything with the same. */
export function always(status: number, headers: Record<string, string>, body = ''): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

export function sendEvents(response: ServerResponse, message: unknown): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
}

/** Writes for ever, as fast as the other side reads. */
export function pour(response: ServerResponse, text = ' '): void {
  const piece = text.repeat(Math.ceil(262_144 / text.length));
  const more = () => {
    while (!response.destroyed && response.write(piece)) {}
  };
  response.on('drain', more);
  more();
}
