import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { NEWER_VERSION, newerAnswer } from '../fixtures/servers/newer.ts';
import { crawlFake } from './harness.ts';
import { crawlHttp, type Message, readMessage, sendEvents, sendJson } from './http-harness.ts';

const NEWER = {
  status: 'complete',
  context: { protocolVersion: NEWER_VERSION },
  serverInfo: { name: 'newer', version: '2.0.0' },
  instructions: 'Read this first.',
  tools: [{ name: 'one' }, { name: 'two', wire: { inputSchema: 'none', description: null } }],
};

describe('over stdio', () => {
  test.each(['newer-only', 'newer-without-initialize'])('%s is listed', async (server) => {
    const { result, alive } = await crawlFake(server);
    expect(result).toMatchObject(NEWER);
    expect(alive).toEqual([]);
  });

  test('a server of both generations is listed by the older one, at once', async () => {
    const { result } = await crawlFake('both-generations');
    expect(result).toMatchObject({ status: 'complete', context: { protocolVersion: '2025-06-18' } });
  });

  test('a server that is silent on unknown methods is never asked one', async () => {
    const begun = Date.now();
    const { result } = await crawlFake('well-behaved');
    expect(result).toMatchObject({ status: 'complete', context: { protocolVersion: '2025-06-18' } });
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test('a server that speaks only versions to come is told by the versions it names', async () => {
    const { result, alive } = await crawlFake('refuses-all-versions');
    expect(result).toMatchObject({
      status: 'failed',
      phase: 'initialize',
      failure: {
        code: 'protocol',
        message: expect.stringMatching(/Unsupported protocol version/),
        detail: 'It speaks "2031-01-01".',
      },
    });
    expect(alive).toEqual([]);
  });

  test('a server that then keeps silent fails before the deadline', async () => {
    const begun = Date.now();
    const { result, alive } = await crawlFake('forgets-newer', { timeoutMs: 30_000 });
    expect(result).toMatchObject({ status: 'failed', phase: 'initialize', failure: { code: 'protocol' } });
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(alive).toEqual([]);
  });
});

describe('over HTTP', () => {
  const newer =
    (send: typeof sendJson, seen: (string | undefined)[][] = []): RequestListener =>
    async (request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const message: Message & { params?: Record<string, unknown> } = await readMessage(request);
      const { headers } = request;
      seen.push([message.method, String(headers['mcp-method']), String(headers['mcp-protocol-version'])]);
      const body = { jsonrpc: '2.0', id: message.id, ...newerAnswer(message) };
      if (!('error' in body)) return send(response, body);
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };

  test.each([
    ['as JSON', sendJson],
    ['as events', sendEvents],
  ])('a server that speaks only the newer generation is listed, %s', async (_name, send) => {
    const seen: (string | undefined)[][] = [];
    expect(await crawlHttp(newer(send, seen))).toMatchObject(NEWER);
    expect(seen.slice(1)).toEqual([
      ['server/discover', 'server/discover', NEWER_VERSION],
      ['tools/list', 'tools/list', NEWER_VERSION],
      ['tools/list', 'tools/list', NEWER_VERSION],
    ]);
  });

  test('a server that says so with 200 is listed too', async () => {
    const listener: RequestListener = async (request, response) => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const message: Message & { params?: Record<string, unknown> } = await readMessage(request);
      sendJson(response, { jsonrpc: '2.0', id: message.id, ...newerAnswer(message) });
    };
    expect(await crawlHttp(listener)).toMatchObject(NEWER);
  });
});
