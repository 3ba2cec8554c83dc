import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PolicyDocument } from '../../policy/contract.ts';
import { startFront, startHttp, startSdkServer } from '../support/gateway-http.ts';
import { type Answer, json, upstreamTools } from '../support/gateway-upstream.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
const { connectTo, started } = upstreamTools(closers);

const ALL: PolicyDocument = { version: '1', default: 'allow', hide: ['denied'] };

async function clientThrough(url: string, policy = ALL) {
  const front = await startFront(policy, {
    upstream: url,
  });
  closers.push(() => front.close());
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { elicitation: {}, sampling: {} } },
  );
  const changed = vi.fn();
  client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
  client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: {} }));
  client.setRequestHandler(CreateMessageRequestSchema, async () => ({
    model: 'tiny',
    role: 'assistant',
    content: { type: 'text', text: 'Hi' },
  }));
  const transport = new StreamableHTTPClientTransport(new URL(front.url), {
    requestInit: { headers: front.auth() },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  closers.push(() => client.close());
  return { front, client, transport, changed };
}

describe.each([
  ['with streams of events', false],
  ['with plain JSON', true],
])('a server of the official SDK, %s', (_, json) => {
  test('works as it does without the gateway', async () => {
    const server = await startSdkServer({ json });
    closers.push(server.close);
    const { client, transport, changed, front } = await clientThrough(server.url);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('echo');
    expect(await client.callTool({ name: 'echo', arguments: { a: 'é' } })).toMatchObject({
      content: [{ text: '{"a":"é"}' }],
    });
    expect(await client.callTool({ name: 'denied', arguments: {} })).toMatchObject({ isError: true });
    expect(server.calls.map(({ name }) => name)).toEqual(['echo']);
    if (!json) {
      const progress: number[] = [];
      await client.callTool({ name: 'progress', arguments: {} }, undefined, {
        onprogress: (each) => void progress.push(each.progress),
      });
      expect(progress).toEqual([1, 2, 3]);
      expect(await client.callTool({ name: 'elicit', arguments: {} })).toMatchObject({
        content: [{ text: 'accept' }],
      });
      expect(await client.callTool({ name: 'sample', arguments: {} })).toMatchObject({
        content: [{ text: 'tiny' }],
      });
    }
    await client.callTool({ name: 'announce', arguments: {} });
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    const [session] = server.sessions();
    expect(new Set(server.calls.map((call) => call.session))).toEqual(new Set([session]));
    await transport.terminateSession();
    await vi.waitFor(() => expect(server.sessions()).toEqual([]));
    expect(front.records.map(({ decision }) => decision)).toContain('deny');
  });

  test('hears of a call that is taken back', async () => {
    const server = await startSdkServer({ json });
    closers.push(server.close);
    const { client } = await clientThrough(server.url);
    const taken = new AbortController();
    const call = client.callTool({ name: 'slow', arguments: {} }, undefined, { signal: taken.signal });
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    taken.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(server.cancelled).toEqual(['slow']));
  });
});

describe('a server that does not answer', () => {
  test('because nothing listens there, has done nothing', async () => {
    const server = await startHttp(() => {});
    await server.close();
    const failure = await connectTo(server.url).request('tools/call');
    expect(failure).toEqual({
      id: 1,
      untouched: true,
      message: 'The server could not be reached: nothing listens at that address.',
    });
  });

  test.each<[string, Answer, boolean, RegExp]>([
    ['because it wants a login', (_, response) => response.writeHead(401).end(), true, /401.*wants a login/],
    ['because it is busy', (_, response) => response.writeHead(503).end(), false, /503.*does not serve/],
    ['because there is none', (_, response) => response.writeHead(404).end(), true, /no MCP server/],
    [
      'and says why, without saying to which request',
      (_, response) =>
        json(response, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No\u001b!' } }, 400),
      true,
      /400, saying "No/,
    ],
    [
      'because it breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 99 });
        response.write('{"jsonrpc"', () => setTimeout(() => response.destroy(), 20));
      },
      false,
      /not whole: it closed/,
    ],
    ['because it goes away', (_, response) => response.destroy(), false, /could not be reached: it closed/],
    [
      'because it ends its stream',
      (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n'),
      false,
      /broke off its answer/,
    ],
    [
      'because it is a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      false,
      /answered 200 with "text\/html"/,
    ],
    [
      'because it took the request for a notification',
      (_, response) => response.writeHead(202).end(),
      false,
      /answered 202/,
    ],
    [
      'because it compressed',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x'),
      false,
      /compressed/,
    ],
    [
      'because it answers another request',
      (_, response) => json(response, { jsonrpc: '2.0', id: 99, result: {} }),
      false,
      /gave no answer/,
    ],
  ])('%s', async (_, answer, untouched, message) => {
    const server = await startHttp(answer);
    closers.push(server.close);
    const failure = await connectTo(server.url).request('tools/call');
    expect(failure).toMatchObject({ id: 1, untouched });
    expect(failure.message).toMatch(message);
  });

  test.each([['application/json'], ['text/event-stream']])('in less than 64 MB of %s', async (type) => {
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-type': type });
      const piece = Buffer.alloc(8 * 1024 * 1024, 0x61);
      for (let count = 0; count < 9; count++) response.write(piece);
      response.end();
    });
    closers.push(server.close);
    const failure = await connectTo(server.url).request('tools/call');
    expect(failure).toMatchObject({ untouched: false });
  });

  test('because it has forgotten the session, ends the connection', async () => {
    let forgotten = false;
    const server = await started((_seen, response) => {
      if (forgotten) response.writeHead(404).end();
      return forgotten;
    });
    const connection = connectTo(server.url);
    await connection.greet();
    await connection.request('ping', {}, 'first');
    forgotten = true;
    expect(await connection.request('tools/call')).toMatchObject({ untouched: true });
    expect(connection.ended).toEqual(['The server has ended the session; connect again for a new one.']);
    expect(connection.send({ kind: 'request', id: 2, method: 'ping', params: undefined })).toBe('gone');
  });
});

describe('headers', () => {
  test('for the server go with every request, the session and its version with those after the greeting', async () => {
    const server = await started(() => undefined);
    const connection = connectTo(server.url, { Authorization: 'Bearer secret' });
    await connection.greet();
    await connection.request('tools/call');
    await connection.upstream.close();
    expect(server.seen.map(({ method }) => method).toSorted()).toEqual([
      'DELETE',
      'GET',
      'POST',
      'POST',
      'POST',
    ]);
    for (const [index, { headers }] of server.seen.entries()) {
      expect(headers.authorization).toBe('Bearer secret');
      expect(headers['mcp-session-id']).toBe(index === 0 ? undefined : 's-1');
      expect(headers['mcp-protocol-version']).toBe(index === 0 ? undefined : '2025-06-18');
    }
  });

  test('never go to another origin', async () => {
    const other = await started(() => undefined);
    const server = await startHttp((_, response) =>
      response.writeHead(307, { location: `${other.origin}/mcp` }).end(),
    );
    closers.push(server.close);
    const connection = connectTo(server.url, { Authorization: 'Bearer secret' });
    const failure = await connection.request('tools/call');
    expect(failure).toMatchObject({ untouched: true });
    expect(failure.message).toContain(`redirects to "${other.origin}" (307), which is not followed`);
    expect(other.seen).toEqual([]);
  });

  test('go along when the path moves, and the new one is kept', async () => {
    const server = await started(({ path }, response) => {
      if (path === '/mcp') response.writeHead(308, { location: '/mcp/' }).end();
      return path === '/mcp';
    });
    const connection = connectTo(server.url, { 'X-Key': 'k' });
    await connection.request('ping');
    await connection.request('ping', {}, 2);
    expect(server.seen.map(({ path, headers }) => [path, headers['x-key']])).toEqual([
      ['/mcp', 'k'],
      ['/mcp/', 'k'],
      ['/mcp/', 'k'],
    ]);
  });

  test('that lead in a circle are not followed for ever', async () => {
    const server = await started((_, response) => {
      response.writeHead(307, { location: '/mcp' }).end();
      return true;
    });
    expect(await connectTo(server.url).request('ping')).toMatchObject({ untouched: true });
    expect(server.seen).toHaveLength(3);
  });

  test.each([
    ['Mcp-Session-Id'],
    ['content-length'],
    ['Transfer-Encoding'],
    ['Host'],
    ['Mcp-Param-A'],
    ['a b'],
  ])('that the gateway sets itself cannot be given: %s', (name) => {
    expect(() => connectTo('http://127.0.0.1:9/', { [name]: 'secret' })).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.not.stringContaining('secret') }),
    );
  });

  test('cannot carry a second line', () => {
    expect(() => connectTo('http://127.0.0.1:9/', { 'X-A': 'a\r\nX-B: b' })).toThrow('X-A');
  });
});

test("a server's session that is forgotten ends the client's, which then begins anew", async () => {
  const server = await startSdkServer();
  closers.push(server.close);
  const { client, transport, front } = await clientThrough(server.url);
  await client.callTool({ name: 'echo', arguments: {} });
  server.forget();
  await expect(client.callTool({ name: 'echo', arguments: {} })).rejects.toThrow('has ended the session');
  await expect(client.callTool({ name: 'echo', arguments: {} })).rejects.toMatchObject({ code: 404 });
  expect(transport.sessionId).toBeDefined();
  expect(await front.begin()).toMatch(/^[\da-f-]{36}$/);
});
