import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KEEP_ALIVE_MS, MAX_SESSIONS, SESSION_IDLE_MS, STREAM_AFTER_MS } from '../../gateway/limits.ts';
import {
  call,
  FRONT_POLICY,
  frontsFor,
  HEADERS,
  INITIALIZE,
  reached,
  recorderServer,
  send,
  startHttp,
} from '../support/gateway-http.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = frontsFor(closers);

describe('a session', () => {
  test('belongs to the grant that began it', async () => {
    const front = await open(FRONT_POLICY, { grants: ['laptop', 'other'] });
    const id = await front.begin('laptop');
    const headers = { ...HEADERS, ...front.auth('other'), 'mcp-session-id': id };
    for (const method of ['POST', 'GET', 'DELETE']) {
      const body = method === 'POST' ? { body: JSON.stringify(call('read_file')) } : {};
      expect((await send(front.url, { method, headers, ...body })).status).toBe(404);
    }
    expect(reached(front)).toHaveLength(1);
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).status).toBe(200);
  });

  test('has nothing of what the client says to the gateway alone', async () => {
    const upstream = await startHttp(({ body }, response) => {
      const { id } = JSON.parse(body || '{}');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25' } }));
    });
    closers.push(upstream.close);
    const front = await open(FRONT_POLICY, {
      upstream: upstream.url,
    });
    const answer = await front.post(INITIALIZE, {
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
      'x-key': 'k',
    });
    const id = String(answer.headers['mcp-session-id']);
    await front.post(call('read_file'), { cookie: 'a=b', 'mcp-session-id': id });
    const names = upstream.seen.flatMap(({ headers }) => Object.keys(headers));
    expect(new Set(names)).toEqual(
      new Set([
        'host',
        'connection',
        'accept',
        'accept-encoding',
        'content-type',
        'content-length',
        'mcp-protocol-version',
      ]),
    );
  });

  test('that the server refuses is none', async () => {
    const upstream = await startHttp((_, response) => response.writeHead(401).end());
    closers.push(upstream.close);
    const front = await open(FRONT_POLICY, {
      upstream: upstream.url,
    });
    const answer = await front.post(INITIALIZE);
    expect(answer.messages[0]?.error?.message).toContain('wants a login');
    expect(answer.headers).not.toHaveProperty('mcp-session-id');
  });

  test('belongs to the server that it was begun with', async () => {
    const front = await open(FRONT_POLICY, {
      servers: (world) => [recorderServer(world, 'one'), recorderServer(world, 'two')],
    });
    const id = await front.begin('laptop', `${front.base}/one/mcp`);
    const to = (key: string) =>
      front.post(call('read_file'), { 'mcp-session-id': id }, 'laptop', `${front.base}/${key}/mcp`);
    expect((await to('two')).status).toBe(404);
    expect((await to('one')).status).toBe(200);
    expect((await front.post(INITIALIZE)).status).toBe(404);
  });

  test('begins once', async () => {
    const front = await open();
    const id = await front.begin();
    const again = await front.post({ ...INITIALIZE, id: 9 }, { 'mcp-session-id': id });
    expect(again).toMatchObject({ status: 400, messages: [{ id: 9 }] });
    expect(reached(front)).toHaveLength(1);
  });

  test('ends with DELETE, and its server with it', async () => {
    const front = await open();
    const id = await front.begin();
    const pending = front.post(call('silent'), { 'mcp-session-id': id });
    await vi.waitFor(() => expect(reached(front)).toHaveLength(2));
    const headers = { ...front.auth(), 'mcp-session-id': id };
    expect((await send(front.url, { method: 'DELETE', headers })).status).toBe(204);
    expect((await pending).messages).toMatchObject([{ id: 1, error: { message: 'The session has ended.' } }]);
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).status).toBe(404);
  });

  test('ends when its server dies, and no request is left waiting', async () => {
    const front = await open();
    const id = await front.begin();
    const other = await front.begin();
    const answer = await front.post(call('dies'), { 'mcp-session-id': id });
    expect(answer.messages[0]?.error?.message).toBe('The server has ended.');
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).status).toBe(404);
    expect((await front.post(call('read_file'), { 'mcp-session-id': other })).status).toBe(200);
  });

  test('takes an id once at a time', async () => {
    const front = await open();
    const id = await front.begin();
    const first = front.post(call('silent', {}, 7), { 'mcp-session-id': id });
    await vi.waitFor(() => expect(reached(front)).toHaveLength(2));
    const second = await front.post(call('read_file', {}, 7), { 'mcp-session-id': id });
    expect(second).toMatchObject({ status: 400, messages: [{ id: 7, error: { code: -32600 } }] });
    await front.post(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } },
      { 'mcp-session-id': id },
    );
    expect((await first).messages).toEqual([]);
  });

  test('keeps what its server says until the client listens', async () => {
    const front = await open();
    const id = await front.begin();
    const answer = await front.post(call('announces'), { 'mcp-session-id': id });
    // Nobody listens, so it goes along with the call.
    expect(answer.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }, { id: 1 }]);
    front.write({ ...FRONT_POLICY, default: 'allow' });
    await vi.waitFor(() => expect(front.rules().document.default).toBe('allow'), 5_000);
    const stream = httpRequest(front.url, {
      headers: { ...front.auth(), accept: 'text/event-stream', 'mcp-session-id': id },
    }).end();
    const [response] = (await once(stream, 'response')) as [IncomingMessage];
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('notifications/tools/list_changed');
    stream.destroy();
  });

  test('carries what the server asks, and the answer back', async () => {
    const front = await open();
    const id = await front.begin();
    const text = '{"jsonrpc":"2.0","id":"s1","method":"roots/list"}';
    const asking = httpRequest(front.url, {
      method: 'POST',
      headers: { ...HEADERS, ...front.auth(), 'mcp-session-id': id },
    }).end(JSON.stringify(call('raw', { text })));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('"roots/list"');
    const answer = { jsonrpc: '2.0', id: 's1', result: { roots: [] } };
    expect((await front.post(answer, { 'mcp-session-id': id })).status).toBe(202);
    await vi.waitFor(() => expect(reached(front).at(-1)).toBe(JSON.stringify(answer)));
    // An answer to what nobody asked goes nowhere.
    await front.post({ ...answer, id: 's2' }, { 'mcp-session-id': id });
    await front.post({ ...answer, id: 's1' }, { 'mcp-session-id': id });
    await front.post({ jsonrpc: '2.0', id: 5, method: 'ping' }, { 'mcp-session-id': id });
    expect(reached(front)).toHaveLength(4);
    asking.destroy();
  });

  test('that nobody uses ends, and one whose client listens does not', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    closers.push(() => vi.useRealTimers());
    let elapsed = 0;
    const front = await open(FRONT_POLICY, { options: { elapsed: () => elapsed } });
    const [idle, listening, busy] = [await front.begin(), await front.begin(), await front.begin()];
    const headers = (id = '') => ({ ...HEADERS, ...front.auth(), 'mcp-session-id': id });
    const stream = httpRequest(front.url, { headers: headers(listening) }).end();
    await once(stream, 'response');
    const waiting = httpRequest(front.url, { method: 'POST', headers: headers(busy) });
    waiting.on('error', () => {}).end(JSON.stringify(call('silent')));
    await vi.waitFor(() => expect(reached(front)).toHaveLength(4));
    elapsed += SESSION_IDLE_MS + 1;
    vi.advanceTimersByTime(20_000);
    const ping = { jsonrpc: '2.0', id: 'p', method: 'ping' };
    const statuses = [idle, listening, busy].map(
      async (id = '') => (await front.post(ping, { 'mcp-session-id': id })).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 200, 200]);
    for (const request of [stream, waiting]) request.destroy();
  });

  test('begins to answer before a client gives up, however long the answer takes', async () => {
    const front = await open();
    const id = await front.begin();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    closers.push(() => vi.useRealTimers());
    const asking = httpRequest(front.url, {
      method: 'POST',
      headers: { ...HEADERS, ...front.auth(), 'mcp-session-id': id },
    }).end(JSON.stringify(call('silent')));
    const begun = once(asking, 'response');
    await vi.waitFor(() => expect(reached(front)).toHaveLength(2));
    vi.advanceTimersByTime(STREAM_AFTER_MS);
    const [response] = (await begun) as [IncomingMessage];
    expect(response.headers['content-type']).toBe('text/event-stream');
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^:.*\n\n$/);
    asking.destroy();
  });

  test('is one of a bounded number; a grant that has them all loses the one that it used least', async () => {
    const upstream = await startHttp(({ body }, response) => {
      const { id } = JSON.parse(body || '{}');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25' } }));
    });
    closers.push(upstream.close);
    const front = await open(FRONT_POLICY, {
      grants: ['laptop', 'other'],
      upstream: upstream.url,
    });
    const ids: string[] = [];
    for (let count = 0; count < MAX_SESSIONS; count++) ids.push(await front.begin());
    expect(new Set(ids).size).toBe(MAX_SESSIONS);
    expect((await front.post(INITIALIZE, {}, 'other')).status).toBe(503);
    await front.begin();
    const [first = '', second = ''] = ids;
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    expect((await front.post(ping, { 'mcp-session-id': first })).status).toBe(404);
    expect((await front.post(ping, { 'mcp-session-id': second })).status).toBe(200);
  });
});

test('a server that cannot be started is told, and no session is left', async () => {
  const front = await open(FRONT_POLICY, {
    servers: ({ enforcement }) => [
      { key: 'test', enforcement, open: () => Promise.reject(new Error('no such program')) },
    ],
  });
  const answer = await front.post(INITIALIZE);
  expect(answer).toMatchObject({
    status: 502,
    messages: [{ id: 0, error: { message: 'The server could not be started.' } }],
  });
});

test('200 calls at once in one session are each answered', async () => {
  const front = await open();
  const id = await front.begin();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      front.post(call('read_file', { index }, index + 1), { 'mcp-session-id': id }),
    ),
  );
  expect(answers.map(({ messages }) => messages[0]?.id)).toEqual(answers.map((_, index) => index + 1));
});
