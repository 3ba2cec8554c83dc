import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Answer, json, upstreamTools } from '../support/gateway-upstream.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
const { connectTo, started } = upstreamTools(closers);

describe('the order of things', () => {
  test('nothing overtakes the greeting', async () => {
    const held: (() => void)[] = [];
    const server = await started((_, response, method) => {
      if (method !== 'notifications/initialized') return undefined;
      held.push(() => response.writeHead(202).end());
      return true;
    });
    const connection = connectTo(server.url);
    await connection.greet();
    connection.send({ kind: 'request', id: 1, method: 'tools/list', params: undefined });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    await sleep(50);
    expect(server.seen).toHaveLength(2);
    held[0]?.();
    await connection.settled();
    expect(connection.received).toHaveLength(2);
  });
});

describe('a stream that breaks off', () => {
  function events(response: Parameters<Answer>[1], text: string) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(text);
  }
  const answer = (id: unknown) => `data: ${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n\n`;

  test('before the answer is taken up where it was', async () => {
    const server = await started(({ method, headers }, response, called) => {
      if (called === 'tools/call')
        events(response, 'retry: 10\nid: e1\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
      else if (method === 'GET' && headers['last-event-id'] === 'e1') events(response, answer(1));
      else return undefined;
      return true;
    });
    const connection = connectTo(server.url);
    expect(await connection.request('tools/call')).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(connection.received.map(({ related }) => related)).toEqual([1, 1]);
  });

  test('and cannot be taken up fails its request', async () => {
    const server = await started((_, response, called) => {
      if (called !== 'tools/call') return undefined;
      events(response, 'retry: 10\nid: e1\ndata:\n\n');
      return true;
    });
    expect(await connectTo(server.url).request('tools/call')).toMatchObject({ untouched: false });
  });

  test("of the server's own messages is opened again, after the last one", async () => {
    let opened = 0;
    const server = await started(({ method }, response) => {
      if (method !== 'GET') return undefined;
      opened += 1;
      const data = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';
      events(response, `retry: 10\nid: n${opened}\ndata: ${data}\n\n`);
      return true;
    });
    const connection = connectTo(server.url);
    await connection.greet();
    await vi.waitFor(() => expect(connection.received.length).toBeGreaterThan(3));
    const last = server.seen
      .filter(({ method }) => method === 'GET')
      .map(({ headers }) => headers['last-event-id']);
    expect(last.slice(0, 3)).toEqual([undefined, 'n1', 'n2']);
    expect(connection.received.at(-1)?.related).toBeUndefined();
  });
});

describe('the versions without sessions', () => {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

  test('repeat what the message says in headers, and arguments that the server asks for', async () => {
    const tools = [
      {
        name: 'query',
        inputSchema: {
          properties: {
            region: { type: 'string', 'x-mcp-header': 'Region' },
            deep: { properties: { id: { 'x-mcp-header': 'Id' } } },
            bad: { 'x-mcp-header': 'a b' },
            list: { 'x-mcp-header': 'List' },
          },
        },
      },
    ];
    const server = await started(({ body }, response, method) => {
      if (method !== 'tools/list') return undefined;
      json(response, { jsonrpc: '2.0', id: JSON.parse(body).id, result: { tools } });
      return true;
    });
    const connection = connectTo(server.url);
    await connection.request('tools/list', { _meta });
    await connection.request('tools/call', {
      name: 'query',
      arguments: { region: 'é', deep: { id: 5 }, bad: 'x', list: [1] },
      _meta,
    });
    await connection.request('resources/read', { uri: 'file:///a b', _meta });
    const [list, called, read] = server.seen.map(({ headers }) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-'))),
    );
    const version = { 'mcp-protocol-version': '2026-07-28' };
    expect(list).toEqual({ ...version, 'mcp-method': 'tools/list' });
    expect(called).toEqual({
      ...version,
      'mcp-method': 'tools/call',
      'mcp-name': 'query',
      'mcp-param-region': '=?base64?w6k=?=',
      'mcp-param-id': '5',
    });
    expect(read).toEqual({ ...version, 'mcp-method': 'resources/read', 'mcp-name': 'file:///a b' });
  });

  test('take a request back by ending its connection', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const server = await started((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': waiting\n\n');
      response.once('close', () => resolve());
      return true;
    });
    const connection = connectTo(server.url);
    connection.send({ kind: 'request', id: 1, method: 'tools/call', params: { name: 'a', _meta } });
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    connection.send({ kind: 'notification', method: 'notifications/cancelled', params: { requestId: 1 } });
    await promise;
    expect(server.seen).toHaveLength(1);
    expect(connection.failures).toEqual([]);
  });

  test('say in an error what they speak', async () => {
    const error = { code: -32022, message: 'no', data: { supported: ['2027-01-01'] } };
    const server = await started((_, response) => {
      json(response, { jsonrpc: '2.0', id: null, error }, 400);
      return true;
    });
    expect(await connectTo(server.url).request('server/discover', { _meta })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error,
    });
  });
});
