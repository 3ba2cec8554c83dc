import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { textOf } from '../support/gateway.ts';
import {
  call,
  FRONT_POLICY,
  frontsFor,
  HEADERS,
  INITIALIZE,
  reached,
  startHttp,
} from '../support/gateway-http.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = frontsFor(closers);

describe('the versions without sessions', () => {
  const VERSION = '2026-07-28';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': VERSION,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = (name: string) => ({
    'mcp-protocol-version': VERSION,
    'mcp-method': 'tools/call',
    'mcp-name': name,
  });
  const newer = (name: string, id: number | string = 1, more: Record<string, unknown> = {}) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: {}, _meta: { ...meta, ...more } },
  });

  test('need none, and are judged alike', async () => {
    const front = await open();
    const done = await front.post(newer('read_file', 'mine'), headers('read_file'));
    expect(done.messages).toMatchObject([{ id: 'mine', result: { content: [{ text: 'done' }] } }]);
    expect(done.headers).not.toHaveProperty('mcp-session-id');
    const denied = await front.post(newer('delete_file'), headers('delete_file'));
    // Clients of these versions take no result without this member.
    expect(denied.messages[0]?.result).toMatchObject({ resultType: 'complete', isError: true });
    expect(reached(front).filter((line) => line.includes('delete_file'))).toEqual([]);
  });

  test('keep requests of several clients apart that have the same id', async () => {
    const front = await open();
    const progressToken = 'p';
    const waiting = front.post(newer('silent', 1, { progressToken }), headers('silent'));
    await vi.waitFor(() => expect(reached(front)).toHaveLength(1));
    const [seen = ''] = reached(front);
    const own = JSON.parse(seen);
    const progress = {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: own.params._meta.progressToken, progress: 1 },
    };
    const text = `${JSON.stringify(progress)}\n${JSON.stringify({ jsonrpc: '2.0', id: own.id, result: { a: 1 } })}`;
    const raw = {
      ...newer('raw', 1, { progressToken }),
      params: { name: 'raw', arguments: { text }, _meta: meta },
    };
    const other = front.post(raw, headers('raw')).catch(() => undefined);
    expect((await waiting).messages).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } },
      { id: 1, result: { a: 1 } },
    ]);
    await front.close();
    expect((await other)?.messages).toMatchObject([{ id: 1, error: {} }]);
  });

  test('do not begin a limit of a session anew with each request', async () => {
    const front = await open();
    const answers = [];
    for (let count = 0; count < 3; count++)
      answers.push(textOf((await front.post(newer('limited'), headers('limited'))).messages[0] ?? {}));
    expect(answers.map((text) => text.slice(0, 15))).toEqual(['done', 'done', '[POLICY DENIED]']);
    expect(new Set(front.records.map(({ session }) => session)).size).toBe(1);
  });

  test('tell who listens that the policy has changed what is listed', async () => {
    const upstream = await startHttp(({ body }, response) => {
      const { id, method } = JSON.parse(body);
      const result = { resultType: 'complete', capabilities: { tools: { listChanged: true } } };
      if (method !== 'subscriptions/listen') {
        response.writeHead(200, { 'content-type': 'application/json' });
        return void response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const params = { _meta: { 'io.modelcontextprotocol/subscriptionId': id }, notifications: {} };
      const acknowledged = { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params };
      response.write(`data: ${JSON.stringify(acknowledged)}\n\n`);
    });
    closers.push(upstream.close);
    const front = await open(FRONT_POLICY, {
      upstream: upstream.url,
    });
    const version = { 'mcp-protocol-version': VERSION };
    const discover = { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta } };
    expect((await front.post(discover, { ...version, 'mcp-method': 'server/discover' })).status).toBe(200);
    const params = { _meta: meta, notifications: { toolsListChanged: true } };
    const listening = httpRequest(front.url, {
      method: 'POST',
      headers: { ...HEADERS, ...front.auth(), ...version, 'mcp-method': 'subscriptions/listen' },
    }).end(JSON.stringify({ jsonrpc: '2.0', id: 'mine', method: 'subscriptions/listen', params }));
    const [response] = (await once(listening, 'response')) as [IncomingMessage];
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await vi.waitFor(() => expect(text).toContain('subscriptions/acknowledged'));
    front.write({ ...FRONT_POLICY, default: 'allow' });
    await vi.waitFor(() => expect(text).toContain('tools/list_changed'), 5_000);
    const ids = [...text.matchAll(/"io.modelcontextprotocol\/subscriptionId":([^}]*)/g)].map(([, id]) => id);
    expect(ids).toEqual(['"mine"', '"mine"']);
    listening.destroy();
  });

  test('take a call back when the connection is closed', async () => {
    const front = await open();
    const asking = httpRequest(front.url, {
      method: 'POST',
      headers: { ...HEADERS, ...front.auth(), ...headers('silent') },
    }).end(JSON.stringify(newer('silent')));
    asking.on('error', () => {});
    await vi.waitFor(() => expect(reached(front)).toHaveLength(1));
    asking.destroy();
    await vi.waitFor(() => expect(reached(front).at(-1)).toContain('notifications/cancelled'));
  });

  test.each<[string, unknown, Record<string, string>, number, number]>([
    ['a name in the header that is another', newer('read_file'), headers('delete_file'), 400, -32020],
    ['a name in the message that is another', newer('delete_file'), headers('read_file'), 400, -32020],
    [
      'a method in the header that is another',
      newer('read_file'),
      { ...headers('read_file'), 'mcp-method': 'tools/list' },
      400,
      -32020,
    ],
    [
      'another version in the header',
      newer('read_file'),
      { ...headers('read_file'), 'mcp-protocol-version': '2025-11-25' },
      400,
      -32020,
    ],
    ['no headers', newer('read_file'), {}, 400, -32020],
    ['no version in the message', call('read_file'), headers('read_file'), 400, -32020],
    [
      'initialize',
      { ...INITIALIZE, params: { ...INITIALIZE.params, _meta: meta } },
      { 'mcp-protocol-version': VERSION, 'mcp-method': 'initialize' },
      404,
      -32601,
    ],
    ['an answer', { jsonrpc: '2.0', id: 1, result: {} }, { 'mcp-protocol-version': VERSION }, 400, -32600],
  ])('refuse %s', async (_, message, more, status, code) => {
    const front = await open();
    expect(await front.post(message, more)).toMatchObject({ status, messages: [{ error: { code } }] });
    expect(reached(front)).toEqual([]);
  });

  test('take a name that no header can hold in base64', async () => {
    const front = await open({ version: '1', default: 'deny', tools: { lösche: {} } });
    const name = `=?base64?${Buffer.from('lösche').toString('base64')}?=`;
    const answer = await front.post(newer('lösche'), headers(name));
    expect(answer.messages).toMatchObject([{ result: { content: [{ text: 'done' }] } }]);
  });
});
