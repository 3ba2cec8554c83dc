import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { MAX_CLIENT_BYTES } from '../../gateway/limits.ts';
import {
  call,
  FRONT_POLICY,
  frontsFor,
  HEADERS,
  INITIALIZE,
  reached,
  recorderServer,
  send,
} from '../support/gateway-http.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = frontsFor(closers);

async function sdkClient(
  front: Awaited<ReturnType<typeof open>>,
  capabilities: Record<string, object> = {},
  prepare?: (client: Client) => void,
) {
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  prepare?.(client);
  const transport = new StreamableHTTPClientTransport(new URL(front.url), {
    requestInit: { headers: front.auth() },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  closers.push(() => client.close());
  return { client, transport };
}

describe('the official client', () => {
  test('has its calls judged, and hears why one is denied', async () => {
    const front = await open();
    const { client } = await sdkClient(front);
    const done = await client.callTool({ name: 'read_file', arguments: { path: 'a' } });
    expect(done.content).toEqual([{ type: 'text', text: 'done' }]);
    expect(await client.callTool({ name: 'delete_file', arguments: {} })).toMatchObject({ isError: true });
    expect(front.records).toMatchObject([
      { decision: 'allow', tool: 'read_file', grant: 'laptop', server: 'test' },
      { decision: 'deny', tool: 'delete_file', grant: 'laptop', server: 'test' },
    ]);
    expect(reached(front).filter((line) => line.includes('delete_file'))).toEqual([]);
  });

  test('hears of changes and keeps its session when the policy changes, and when the new one is no policy', async () => {
    const front = await open();
    const changed = vi.fn();
    const { client, transport } = await sdkClient(front, {}, (each) =>
      each.setNotificationHandler(ToolListChangedNotificationSchema, changed),
    );
    await client.callTool({ name: 'announces', arguments: {} });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    const session = transport.sessionId;
    front.write({ version: '1', default: 'deny', tools: { delete_file: {} } });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2), 5_000);
    expect(await client.callTool({ name: 'read_file', arguments: {} })).toMatchObject({ isError: true });
    expect(await client.callTool({ name: 'delete_file', arguments: {} })).not.toHaveProperty('isError');
    front.write('{"version":"1","default":');
    const isKept = () => expect(front.records.some(({ rule }) => rule === '(invalid policy)')).toBe(true);
    await vi.waitFor(isKept, 5_000);
    expect(await client.callTool({ name: 'delete_file', arguments: {} })).not.toHaveProperty('isError');
    expect(transport.sessionId).toBe(session);
  });

  test('is asked for an approval on the stream of the call', async () => {
    const front = await open();
    const asked: string[] = [];
    const { client } = await sdkClient(front, { elicitation: {} }, (each) =>
      each.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
        asked.push(params.message);
        return { action: 'accept', content: { decision: 'approve' } };
      }),
    );
    const done = await client.callTool({ name: 'guarded', arguments: { a: 1 } });
    expect(done.content).toEqual([{ type: 'text', text: 'done' }]);
    expect(asked[0]).toContain('A person decides.');
  });
});

describe('who may come in', () => {
  const token = { authorization: 'Bearer {token}' };
  test.each<[string, Record<string, string | string[]>, number]>([
    ['a token', token, 200],
    ['no token', {}, 401],
    ['an empty token', { authorization: 'Bearer ' }, 401],
    ['another token', { authorization: `Bearer cg_${'A'.repeat(43)}` }, 401],
    ['another scheme', { authorization: 'Basic {token}' }, 401],
    ['two tokens', { authorization: ['Bearer {token}', 'Bearer {token}'] }, 401],
    ['a page', { ...token, origin: 'https://evil.example' }, 403],
    ['a page without an origin of its own', { ...token, origin: 'null' }, 403],
    ['a page of this machine', { ...token, origin: 'http://localhost:3000' }, 403],
    ['a page that is let in', { ...token, origin: 'https://inspector.example' }, 200],
    ['another host', { ...token, host: 'evil.example' }, 403],
    ['another host, with the port', { ...token, host: 'evil.example:{port}' }, 403],
    ['a name that begins like ours', { ...token, host: '127.0.0.1.evil.example' }, 403],
    ['another address', { ...token, host: '10.0.0.1:{port}' }, 403],
    ['localhost', { ...token, host: 'localhost:{port}' }, 200],
    ['a name that is let in', { ...token, host: 'gateway.internal' }, 200],
    ['that name with a port', { ...token, host: 'GATEWAY.internal:99' }, 200],
    ['a name that is let in with another port', { ...token, host: 'tunnel.example:1' }, 403],
    ['a name that is let in with its port', { ...token, host: 'tunnel.example:443' }, 200],
  ])('%s', async (_, headers, status) => {
    const front = await open(FRONT_POLICY, {
      options: {
        origins: ['https://inspector.example'],
        hosts: ['gateway.internal', 'tunnel.example:443'],
      },
    });
    const fill = (text: string) =>
      text.replace('{token}', front.tokens.laptop ?? '').replace('{port}', String(front.port));
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? fill(value) : value.map(fill),
      ]),
    );
    const answer = await send(front.url, {
      headers: { ...HEADERS, ...filled },
      body: JSON.stringify(INITIALIZE),
    });
    expect(answer.status).toBe(status);
    expect(reached(front)).toHaveLength(status === 200 ? 1 : 0);
    expect('mcp-session-id' in answer.headers).toBe(status === 200);
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
  });

  test('a page that is let in may ask beforehand, and read the name of its session', async () => {
    const front = await open(FRONT_POLICY, { options: { origins: ['https://inspector.example'] } });
    const asked = (origin: string) =>
      send(front.url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const answer = await asked('https://inspector.example');
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe('https://inspector.example');
    expect(answer.headers['access-control-allow-headers']).toContain('authorization');
    expect(answer.headers['access-control-expose-headers']).toContain('mcp-session-id');
    const other = await asked('https://evil.example');
    expect(other.status).toBe(403);
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('a grant that is revoked ends at once, with what it has open', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    closers.push(() => vi.useRealTimers());
    const front = await open();
    const id = await front.begin();
    const stream = httpRequest(front.url, {
      headers: { ...front.auth(), accept: 'text/event-stream', 'mcp-session-id': id },
    }).end();
    const [response] = (await once(stream, 'response')) as [IncomingMessage];
    response.resume();
    front.grants.revoke('laptop');
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).status).toBe(401);
    vi.advanceTimersByTime(20_000);
    await once(response, 'end');
    // Even a new grant of the same name does not get the old one's session.
    const name = { now: new Date('2026-01-01'), randomBytes: (count: number) => Buffer.alloc(count, 1) };
    front.tokens.laptop = front.grants.add('laptop', name);
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).status).toBe(404);
  });

  describe('by a grant for one of two servers', () => {
    async function two() {
      const front = await open(FRONT_POLICY, {
        servers: (world) => [recorderServer(world, 'files'), recorderServer(world, 'pay')],
        grants: ['laptop'],
      });
      const how = { now: new Date('2026-01-01'), randomBytes, servers: ['files', 'elsewhere'] };
      front.tokens.phone = front.grants.add('phone', how);
      return front;
    }
    const at = (front: { base: string }, path: string) => `${front.base}${path}`;

    test('to that server, and with another grant to both', async () => {
      const front = await two();
      for (const [name, path, status] of [
        ['phone', '/files/mcp', 200],
        ['laptop', '/files/mcp', 200],
        ['laptop', '/pay/mcp', 200],
        ['phone', '/pay/mcp', 403],
      ] as const) {
        expect((await front.post(INITIALIZE, {}, name, at(front, path))).status).toBe(status);
      }
      expect(reached(front)).toHaveLength(3);
    });

    test('without being told which others there are', async () => {
      const front = await two();
      const session = await front.begin('laptop', at(front, '/pay/mcp'));
      const before = reached(front).length;
      const requests: [string, unknown, Record<string, string>][] = [
        ['POST', INITIALIZE, {}],
        ['POST', call('read_file'), { 'mcp-session-id': session }],
        ['POST', 'no JSON', {}],
        ['POST', INITIALIZE, { 'content-type': 'text/plain' }],
        ['POST', call('read_file'), { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' }],
        ['GET', undefined, { 'mcp-session-id': session }],
        ['DELETE', undefined, { 'mcp-session-id': session }],
        ['PUT', undefined, {}],
      ];
      for (const [method, message, headers] of requests) {
        const ask = (path: string) =>
          send(at(front, path), {
            method,
            headers: { ...HEADERS, ...front.auth('phone'), ...headers },
            ...(message !== undefined && { body: JSON.stringify(message) }),
          });
        const [other, none] = [await ask('/pay/mcp'), await ask('/nothing/mcp')];
        expect(other.status).toBe(403);
        expect([none.status, none.text]).toEqual([other.status, other.text]);
        expect(other.text).toContain('It opens: /files/mcp.');
        expect(other.headers).not.toHaveProperty('www-authenticate');
      }
      expect(reached(front)).toHaveLength(before);
      // The session of the other grant is still there.
      const own = await front.post(
        call('read_file'),
        { 'mcp-session-id': session },
        'laptop',
        at(front, '/pay/mcp'),
      );
      expect(own.status).toBe(200);
    });

    test('until the grant no longer names it, with what it has open', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      closers.push(() => vi.useRealTimers());
      const front = await two();
      const id = await front.begin('phone', at(front, '/files/mcp'));
      const stream = httpRequest(at(front, '/files/mcp'), {
        headers: { ...front.auth('phone'), accept: 'text/event-stream', 'mcp-session-id': id },
      }).end();
      const [response] = (await once(stream, 'response')) as [IncomingMessage];
      response.resume();
      const file = `${front.folder}/grants.json`;
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"files"/, '"other"'));
      const late = await front.post(
        call('read_file'),
        { 'mcp-session-id': id },
        'phone',
        at(front, '/files/mcp'),
      );
      expect(late.status).toBe(403);
      expect(late.text).toContain('It opens nothing here.');
      vi.advanceTimersByTime(20_000);
      await once(response, 'end');
    });
  });

  test('nobody, while the grants cannot be read', async () => {
    const front = await open();
    writeFileSync(`${front.folder}/grants.json`, 'broken');
    expect((await front.post(INITIALIZE)).status).toBe(401);
  });

  test('a search for a way to log in finds that there is none', async () => {
    const front = await open();
    const answer = await send(`${front.base}/.well-known/oauth-protected-resource`, { method: 'GET' });
    expect(answer.status).toBe(404);
  });
});

describe('what is no message', () => {
  const big = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"${'x'.repeat(MAX_CLIENT_BYTES)}"}}`;
  test.each<[string, string | Buffer, Record<string, string>, number]>([
    [
      'a key that comes twice',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_file","name":"delete_file"}}',
      {},
      400,
    ],
    ['a batch', JSON.stringify([call('read_file')]), {}, 400],
    ['an empty batch', '[]', {}, 400],
    ['no JSON', 'name=read_file', {}, 400],
    ['nothing', '', {}, 400],
    ['two messages', `${JSON.stringify(call('read_file'))}${JSON.stringify(call('read_file'))}`, {}, 400],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}, 400],
    [
      'parameters that are a list',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["read_file"]}',
      {},
      400,
    ],
    [
      'a form',
      JSON.stringify(call('read_file')),
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
    ],
    ['plain text', JSON.stringify(call('read_file')), { 'content-type': 'text/plain' }, 415],
    [
      'UTF-16',
      JSON.stringify(call('read_file')),
      { 'content-type': 'application/json; charset=utf-16' },
      415,
    ],
    [
      'something compressed',
      gzipSync(JSON.stringify(call('read_file'))),
      { 'content-encoding': 'gzip' },
      415,
    ],
    ['too much', big, {}, 413],
    ['too much, in pieces', big, { 'transfer-encoding': 'chunked' }, 413],
    ['a client that wants no stream', JSON.stringify(call('read_file')), { accept: 'application/json' }, 406],
    [
      'a client that refuses one',
      JSON.stringify(call('read_file')),
      { accept: 'application/json, text/event-stream;q=0' },
      406,
    ],
    ['an odd version', JSON.stringify(call('read_file')), { 'mcp-protocol-version': '1.0' }, 400],
    ['no session', JSON.stringify(call('read_file')), { 'mcp-session-id': '' }, 404],
    ['an unknown session', JSON.stringify(call('read_file')), { 'mcp-session-id': 'ffff' }, 404],
  ])('%s never reaches the server', async (_, body, headers, status) => {
    const front = await open();
    const id = await front.begin();
    const answer = await send(front.url, {
      headers: { ...HEADERS, ...front.auth(), 'mcp-session-id': id, ...headers },
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.messages[0]).toHaveProperty('error.message');
    // The session goes on, and what comes after is the first that the server hears.
    expect((await front.post(call('read_file'), { 'mcp-session-id': id })).messages).toHaveLength(1);
    expect(
      reached(front)
        .slice(1)
        .map((line) => JSON.parse(line).params.name),
    ).toEqual(['read_file']);
    if (status === 400 && !('mcp-protocol-version' in headers))
      expect(front.records[0]).toMatchObject({ decision: 'refused', grant: 'laptop' });
  });

  test('a request that two readers could cut in two places is not read at all', async () => {
    const front = await open();
    const socket = connect(front.port, '127.0.0.1');
    const inner = JSON.stringify(call('read_file'));
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${front.tokens.laptop}\r\n` +
        'Content-Type: application/json\r\nAccept: */*\r\n' +
        `Content-Length: ${inner.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    );
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString()).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
    expect(reached(front)).toEqual([]);
  });

  test.each([
    ['/', 404],
    ['/mcp/', 404],
    ['/MCP', 404],
    ['/other/mcp', 404],
    ['/test/mcp', 200],
    ['/mcp?token=1', 200],
  ])('the path %s is answered with %i', async (path, status) => {
    const front = await open();
    expect((await front.post(INITIALIZE, {}, 'laptop', `${front.base}${path}`)).status).toBe(status);
  });

  test.each(['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'GET', 'DELETE'])(
    '%s outside a session is refused',
    async (method) => {
      const front = await open();
      expect((await send(front.url, { method, headers: { ...HEADERS, ...front.auth() } })).status).toBe(405);
    },
  );
});
