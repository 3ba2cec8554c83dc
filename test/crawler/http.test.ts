import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tool } from '../fixtures/servers/serve.ts';
import {
  always,
  answer,
  closedPort,
  crawlHttp,
  crawlUrl,
  pour,
  readMessage,
  sendEvents,
  sendJson,
  sse,
  streamable,
} from './http-harness.ts';

describe('a server over HTTP that lists its tools', () => {
  const good: [string, RequestListener][] = [
    ['as JSON', streamable((message, response) => sendJson(response, answer(message)))],
    ['with a session', withSession()],
    ['as a stream of events', streamable((message, response) => sendEvents(response, answer(message)))],
    ['over the older transport after 404', sse(404)],
    ['over the older transport after 405', sse(405)],
    ['over the older transport after 400', sse(400)],
  ];
  test.each(good)('%s', async (_name, listener) => {
    const result = await crawlHttp(listener);
    expect(result).toMatchObject({
      status: 'complete',
      tools: [{ name: 'one' }],
      context: { protocolVersion: '2025-06-18' },
      target: { transport: { kind: 'http' } },
    });
  });

  test('headers are sent and only their names are kept', async () => {
    const seen: (string | undefined)[] = [];
    const listener = streamable((message, response, request) => {
      seen.push(request.headers.authorization);
      sendJson(
        response,
        answer(message, [tool('one', { description: `for ${request.headers.authorization}` })]),
      );
    });
    const result = await crawlHttp(listener, { headers: { Authorization: 'Bearer very-private' } });
    expect(seen).toEqual(['Bearer very-private', 'Bearer very-private']);
    expect(result).toMatchObject({
      status: 'complete',
      target: { transport: { headerNames: ['Authorization'] } },
    });
    expect(JSON.stringify(result)).not.toContain('very-private');
  });
});

describe('a server over HTTP that fails', () => {
  const html = { 'content-type': 'text/html' };
  const challenge = 'Bearer resource_metadata="https://example.com/.well-known/oauth-protected-resource"';
  const bad: [string, RequestListener, { code: string; message: RegExp; detail?: RegExp; phase?: string }][] =
    [
      [
        '401',
        always(401, { 'www-authenticate': challenge }),
        {
          code: 'auth-required',
          message: /answered 401/,
          detail: /^scheme: Bearer\nresource_metadata: https:\/\/example\.com\/\.well-known/,
        },
      ],
      ['403', always(403, {}), { code: 'auth-required', message: /answered 403/ }],
      [
        '404',
        always(404, html, 'Not found'),
        { code: 'protocol', message: /there is no MCP server/, detail: /Not found/ },
      ],
      ['503', always(503, {}), { code: 'unreachable', message: /answered 503/ }],
      [
        'a page for people',
        always(200, html, '<h1>Hello</h1>'),
        { code: 'protocol', message: /answered with "text\/html"/ },
      ],
      [
        'JSON that is not JSON-RPC',
        always(200, { 'content-type': 'application/json' }, '{}'),
        { code: 'protocol', message: /no usable answer to initialize: it is not what MCP prescribes/ },
      ],
      [
        'a redirect to another place',
        always(307, { location: 'https://other.example/mcp?token=abcdef' }),
        {
          code: 'blocked',
          message: /redirects to another place.*"https:\/\/other\.example\/mcp\?token=\*\*\*"/,
        },
      ],
      [
        'a body without end',
        streamable((_message, response) =>
          pour(response.writeHead(200, { 'content-type': 'application/json' })),
        ),
        { code: 'limit', message: /longer than 4194304 bytes/ },
      ],
      [
        'a small body that unpacks to a large one',
        streamable((_message, response) => {
          const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
          response.writeHead(200, headers).end(gzipSync(Buffer.alloc(50_000_000, 32)));
        }),
        { code: 'limit', message: /longer than 4194304 bytes/ },
      ],
      [
        'events without end',
        streamable((message, response) => {
          if (message.method === 'initialize') return sendEvents(response, answer(message));
          pour(response.writeHead(200, { 'content-type': 'text/event-stream' }), ': nothing\n\n');
        }),
        { code: 'limit', message: /more than 33554432 bytes/, phase: 'list' },
      ],
      [
        'no answer to the older transport',
        (request, response) => {
          if (request.method === 'POST') response.writeHead(400).end('Bad Request: no session');
          else response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        },
        { code: 'protocol', message: /answered 400 instead of speaking MCP/, detail: /no session/ },
      ],
      ['no answer', () => {}, { code: 'timeout', message: /did not answer initialize within 2 s/ }],
      [
        'no answer to the list',
        streamable(
          (message, response) => message.method === 'initialize' && sendJson(response, answer(message)),
        ),
        { code: 'timeout', message: /did not answer tools\/list/, phase: 'list' },
      ],
      [
        'a login for the list only',
        streamable((message, response) => {
          if (message.method === 'initialize') sendJson(response, answer(message));
          else response.writeHead(401).end();
        }),
        { code: 'auth-required', message: /answered 401/, phase: 'list' },
      ],
    ];
  test.each(bad)('%s', async (name, listener, expected) => {
    const begun = Date.now();
    const timeoutMs = name.startsWith('no answer') ? 2_000 : 20_000;
    const result = await crawlHttp(listener, { timeoutMs });
    expect(Date.now() - begun).toBeLessThan(timeoutMs + 2_000);
    expect(result).toMatchObject({
      status: 'failed',
      phase: expected.phase ?? 'initialize',
      failure: { code: expected.code },
    });
    if (result.status !== 'failed') return;
    expect(result.failure.message).toMatch(expected.message);
    expect(result.failure.detail ?? '').toMatch(expected.detail ?? /^/);
  });

  test.each([
    [
      'a port where nothing listens',
      async () => `http://127.0.0.1:${await closedPort()}/mcp`,
      /nothing listens/,
    ],
    ['a host that does not exist', async () => 'http://no-such-host.invalid/mcp', /host name/],
  ])('%s', async (_name, address, message) => {
    const url = await address();
    const result = await crawlUrl(url, { allowPrivate: true });
    expect(result).toMatchObject({ status: 'failed', phase: 'initialize', failure: { code: 'unreachable' } });
    expect(result.status === 'failed' && result.failure.message).toMatch(message);
  });

  test('a secret in the address is used and not kept', async () => {
    const urls: (string | undefined)[] = [];
    const listener: RequestListener = (request, response) => {
      urls.push(request.url);
      response.writeHead(200, { 'content-type': `text/x-${request.url?.split('=')[1]}` }).end();
    };
    const result = await crawlHttp(listener, { path: '/mcp?api_key=open-sesame-1234' });
    expect(urls[0]).toBe('/mcp?api_key=open-sesame-1234');
    expect(JSON.stringify(result)).not.toContain('open-sesame-1234');
  });
});

/** A server that insists on its session id and on being told goodbye. */
function withSession(): RequestListener {
  return async (request, response) => {
    if (request.method === 'DELETE') return void response.writeHead(200).end();
    if (request.method === 'GET') return void response.writeHead(405).end();
    const message = await readMessage(request);
    if (message.method !== 'initialize' && request.headers['mcp-session-id'] !== 's1') {
      return void response.writeHead(400).end();
    }
    if (message.id === undefined) return void response.writeHead(202).end();
    sendJson(response, answer(message), { 'mcp-session-id': 's1' });
  };
}

describe('a failure that may pass', () => {
  const DATE = 'Sat, 03 Jan 2026 10:00:00 GMT';

  test.each([
    ['429 that names seconds', 429, { 'retry-after': '7' }, 7_000],
    ['503 that names a date', 503, { 'retry-after': 'Sat, 03 Jan 2026 10:00:30 GMT', date: DATE }, 30_000],
    ['500 that names nothing', 500, {}, undefined],
    ['429 that names nonsense', 429, { 'retry-after': 'soon' }, undefined],
  ])('%s', async (_, status, headers, retryAfterMs) => {
    const result = await crawlHttp((_request, response) => void response.writeHead(status, headers).end());
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'unreachable', transient: true } });
    expect(result.status === 'failed' && result.failure.retryAfterMs).toBe(retryAfterMs);
  });

  test('is none where nothing listens, or where a login is wanted', async () => {
    const results = [
      await crawlUrl(`http://127.0.0.1:${await closedPort()}/mcp`, { allowPrivate: true }),
      await crawlHttp((_request, response) => void response.writeHead(401).end()),
    ];
    for (const result of results)
      expect(result.status === 'failed' && result.failure.transient).toBeUndefined();
  });
});
