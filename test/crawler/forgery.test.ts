import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusedRange } from '../../crawler/addresses.ts';
import { type GuardedFetch, guardedFetch, type NetworkOptions } from '../../crawler/network-guard.ts';
import { crawlUrl, listen } from './http-harness.ts';

/** Stands for a public server: the only address of this machine that the suite lets through. */
const PUBLIC = '127.0.0.2';
const TIMEOUT_MS = 5_000;

let inside: Server;
let port = 0;
let connections = 0;
const networks: GuardedFetch[] = [];

// One server that must never be reached, on every address of this machine.
beforeAll(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '::', resolve));
  const address = inside.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
beforeEach(() => {
  connections = 0;
});
afterAll(async () => {
  await Promise.all(networks.map((network) => network.close()));
  inside.close();
});

function guarded(options: NetworkOptions): GuardedFetch {
  const network = guardedFetch({ timeoutMs: TIMEOUT_MS, ...options });
  networks.push(network);
  return network;
}

/** A network on which `public.test` is the one public host and names resolve as `names` says. */
function world(names: Record<string, string[]> = {}): GuardedFetch {
  return guarded({
    refuse: (address) => (address === PUBLIC ? undefined : refusedRange(address)),
    lookup: async (name) => names[name] ?? (name === 'public.test' ? [PUBLIC] : []),
  });
}

test('the server that must not be reached would be, if nothing were in the way', async () => {
  await crawlUrl(`http://127.0.0.1:${port}/mcp`, { allowPrivate: true });
  expect(connections).toBeGreaterThan(0);
});

describe('an address that is written out', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0X7F.0x0.0x0.0x1',
    '017700000001',
    '0177.0.0.1',
    '0177.0x0.0.1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '１２７.０.０.１',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '0',
    '0.0.0.0',
    '0.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'anything.localhost',
    'a.b.localhost.',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fec0::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[100::1]',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '0xA9FEA9FE',
    '2852039166',
    '[::ffff:169.254.169.254]',
    '168.63.129.16',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ];
  test.each(hosts)('%s', async (host) => {
    const result = await crawlUrl(`http://${host}:${port}/mcp`, { timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ status: 'failed', phase: 'initialize', failure: { code: 'blocked' } });
    expect(result.status === 'failed' && result.failure.message).toMatch(
      /leads to \S+, which is an? .+; --allow-private opens such addresses\.$/,
    );
    expect(connections).toBe(0);
  });

  test('over TLS', async () => {
    const result = await crawlUrl(`https://127.0.0.1:${port}/mcp`, { timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ failure: { code: 'blocked' } });
    expect(connections).toBe(0);
  });
});

describe('an address that is no place on the web', () => {
  test.each([
    ['file:///etc/passwd', 'not-found'],
    ['gopher://127.0.0.1:PORT/_GET', 'not-found'],
    ['ftp://127.0.0.1:PORT/', 'not-found'],
    ['unix:/var/run/docker.sock', 'not-found'],
    ['http+unix://%2Fvar%2Frun%2Fdocker.sock/info', 'not-found'],
    ['ws://127.0.0.1:PORT/', 'not-found'],
    ['data:application/json,{}', 'not-found'],
    ['http://[fe80::1%25lo]:PORT/', 'not-found'],
    ['http://user:secret-word@127.0.0.1:PORT/', 'blocked'],
    ['http://public.test@127.0.0.1:PORT/', 'blocked'],
    ['http://127.0.0.1:PORT#@public.test/', 'blocked'],
    ['http://127.0.0.1:PORT\\@public.test/', 'blocked'],
  ])('%s', async (address, code) => {
    const result = await crawlUrl(address.replace('PORT', String(port)), { timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ status: 'failed', failure: { code } });
    expect(JSON.stringify({ ...result, target: undefined })).not.toContain('secret-word');
    expect(connections).toBe(0);
  });

  test.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'gopher://public.test/',
    'blob:http://public.test/1',
  ])('a source asks for %s', async (address) => {
    await expect(world()(address)).rejects.toMatchObject({ code: 'blocked' });
  });
});

describe('a name that resolves to an address inside', () => {
  test.each([
    ['to loopback', ['127.0.0.1']],
    ['to loopback in IPv6', ['::1']],
    ['to a mapped address', ['::ffff:127.0.0.1']],
    ['to an address with a zone', ['fe80::1%lo']],
    ['to the metadata of a cloud', ['169.254.169.254']],
    ['to a public address first and one inside second', [PUBLIC, '127.0.0.1']],
    ['to an address inside first and a public one second', ['127.0.0.1', PUBLIC]],
    ['to what is no address', ['not-an-address']],
  ])('%s', async (_name, addresses) => {
    const fetch = world({ 'evil.test': addresses });
    const result = await crawlUrl(`http://evil.test:${port}/mcp`, { fetch, timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'blocked' } });
    expect(connections).toBe(0);
  });

  test('to nothing is unreachable', async () => {
    const result = await crawlUrl(`http://nowhere.test:${port}/`, { fetch: world(), timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'unreachable' } });
  });

  test('differently the second time: the connection goes to the address that was checked', async () => {
    const origin = await listen((_request, response) => void response.end('public'), PUBLIC);
    const answers = [[PUBLIC], ['127.0.0.1']];
    let lookups = 0;
    const fetch = guarded({
      refuse: (address) => (address === PUBLIC ? undefined : refusedRange(address)),
      lookup: async () => answers[lookups++] ?? [],
    });
    const address = `http://rebinding.test:${new URL(origin).port}/`;
    await expect(fetch(address).then((response) => response.text())).resolves.toBe('public');
    expect(lookups).toBe(1);
    await expect(fetch(`http://rebinding.test:${port}/`)).rejects.toMatchObject({ code: 'blocked' });
    expect({ lookups, connections }).toEqual({ lookups: 2, connections: 0 });
  });
});

describe('a redirect from a public server', () => {
  const inward = (location: string, status = 302): RequestListener => {
    return (_request, response) => void response.writeHead(status, { location }).end();
  };
  const places = [
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://localhost.:PORT/',
    '//127.0.0.1:PORT/',
    'https://127.0.0.1:PORT/',
    'http://inside.test:PORT/',
    'http://user:pass@127.0.0.1:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
    'http://[',
  ].map((place) => [place] as const);

  test.each(places)('is not followed by a source to %s', async (place) => {
    const origin = await listen(inward(place.replace('PORT', String(port))), PUBLIC);
    const fetch = world({ 'inside.test': ['127.0.0.1'] });
    await expect(fetch(origin)).rejects.toMatchObject({ name: 'CrawlFault', code: 'blocked' });
    expect(connections).toBe(0);
  });

  test.each([301, 302, 303, 307, 308])('is not followed by a crawl after %i', async (status) => {
    const origin = await listen(inward(`http://127.0.0.1:${port}/`, status), PUBLIC);
    const result = await crawlUrl(origin, { fetch: world(), timeoutMs: TIMEOUT_MS });
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'blocked' } });
    expect(connections).toBe(0);
  });

  test('is not followed at the end of a chain over several hosts', async () => {
    const third = await listen(inward(`http://127.0.0.1:${port}/`), PUBLIC);
    const second = await listen(inward(third, 307), PUBLIC);
    const first = await listen(inward(second, 301), PUBLIC);
    await expect(world()(first)).rejects.toMatchObject({ code: 'blocked' });
    expect(connections).toBe(0);
  });

  test('is followed five times and no more', async () => {
    const origin = await listen((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return void response.end('there');
      response.writeHead(302, { location: `/${left - 1}` }).end();
    }, PUBLIC);
    await expect(world()(`${origin}/5`).then((response) => response.text())).resolves.toBe('there');
    await expect(world()(`${origin}/6`)).rejects.toMatchObject({
      code: 'blocked',
      message: 'redirects more than 5 times',
    });
  });

  test('takes no credentials to another origin, and no body', async () => {
    const seen: Record<string, unknown>[] = [];
    const other = await listen((request, response) => {
      seen.push(request.headers);
      response.end('ok');
    }, PUBLIC);
    const origin = await listen(inward(other, 307), PUBLIC);
    const headers = { Authorization: 'Bearer x', 'X-API-Key': 'k', Cookie: 'c=1', Accept: 'text/html' };
    await world()(origin, { headers });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ accept: 'text/html' });
    expect(Object.keys(seen[0] ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
    expect(seen[0]).not.toHaveProperty('x-api-key');
    expect(seen[0]).not.toHaveProperty('cookie');
    await expect(world()(origin, { method: 'POST', body: 'secret' })).rejects.toMatchObject({
      code: 'blocked',
    });
    expect(seen).toHaveLength(1);
  });

  test('takes credentials along within its origin', async () => {
    const origin = await listen((request, response) => {
      if (request.url === '/') return void response.writeHead(308, { location: '/there' }).end();
      response.end(request.headers.authorization);
    }, PUBLIC);
    const response = await world()(origin, { headers: { Authorization: 'Bearer x' } });
    expect(await response.text()).toBe('Bearer x');
    expect(response.url).toBe(`${origin}/there`);
  });
});

describe('the older transport', () => {
  test('cannot lead messages to another place', async () => {
    const origin = await listen((request, response) => {
      if (request.method === 'POST') return void response.writeHead(405).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: endpoint\ndata: http://127.0.0.1:${port}/messages\n\n`);
    }, PUBLIC);
    const result = await crawlUrl(`${origin}/sse`, { fetch: world(), timeoutMs: TIMEOUT_MS });
    expect(result.status).toBe('failed');
    expect(connections).toBe(0);
  });
});

describe('what is allowed', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
    '%s is an address of the internet',
    (address) => expect(refusedRange(address)).toBeUndefined(),
  );

  test('a body is cut off at its limit, after decompression', async () => {
    const origin = await listen((_request, response) => void response.end('x'.repeat(10_001)), PUBLIC);
    const fetch = guarded({ allowPrivate: true, maxBytes: 10_000 });
    const response = await fetch(origin);
    await expect(response.text()).rejects.toMatchObject({
      code: 'limit',
      message: 'sent more than 10000 bytes',
    });
  });

  test('an answer that drips ends at the deadline', async () => {
    const origin = await listen((_request, response) => {
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    }, PUBLIC);
    const fetch = guarded({ allowPrivate: true, timeoutMs: 500 });
    const response = await fetch(origin);
    await expect(response.text()).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
