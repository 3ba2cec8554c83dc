import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StreamableHTTPClientTransport as NewerHttpTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport as NewerStdioTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import chromium from '@sparticuz/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVERYTHING } from '../support/everything-features.ts';
import {
  ALLOW_ALL,
  type Command,
  gatewayHome,
  type Listening,
  startListening,
} from '../support/gateway-process.ts';
import { ALL_CAPABILITIES, comparable, connectPeer } from '../support/mcp-peer.ts';
import { connectNewerPeer, NEWER } from '../support/newer-features.ts';
import { DOT, filesystemFeatures, LARGE, PAGE, playwrightFeatures } from '../support/server-features.ts';
import { ROOT } from '../support/sources.ts';

/**
 * What real clients can do with real servers, with a gateway between them that allows everything and without one: the
 * results must be the same.
 */

const MODULES = join(ROOT, 'node_modules');
const everything: Command = [
  process.execPath,
  join(MODULES, '@modelcontextprotocol/server-everything/dist/index.js'),
];
const bothEras: Command = [process.execPath, join(ROOT, 'test/fixtures/gateway/both-eras.ts')];

const home = gatewayHome(ALLOW_ALL);
afterAll(() => home.remove());

/** A server or a gateway with an address, for as long as the tests of one block run. */
function listeningServer(start: () => Promise<Listening>): { url(): URL } {
  let running: Listening | undefined;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running?.stop());
  return { url: () => new URL(running?.url ?? 'http://no-server.invalid') };
}

let grants = 0;

/** A gateway that listens for HTTP clients in front of a server. */
function listeningGateway(server: Command): { url(): URL; headers(): Record<string, string> } {
  let token = '';
  const gateway = listeningServer(() => {
    token = home.grant(`client-${++grants}`);
    return startListening(home.before(server, ['--listen', '127.0.0.1:0', '--json']), {
      find: /http:\/\/[^"]+\/mcp/,
    });
  });
  return { url: gateway.url, headers: () => ({ Authorization: `Bearer ${token}` }) };
}

function stdio([command, ...args]: Command): StdioClientTransport {
  return new StdioClientTransport({ command, args, stderr: 'ignore' });
}

function newerStdio([command, ...args]: Command): NewerStdioTransport {
  return new NewerStdioTransport({ command, args, stderr: 'ignore' });
}

interface Closable {
  client: { close(): Promise<void> };
}

/** Compares what each feature gives without and with the gateway, on one connection each. */
function compare<P extends Closable>(
  features: () => readonly { feature: string; run(peer: P): Promise<unknown>; shows: RegExp }[],
  connect: { direct(): Promise<P>; through(): Promise<P> },
): void {
  let peers: readonly P[] = [];
  beforeAll(async () => {
    peers = await Promise.all([connect.direct(), connect.through()]);
  });
  afterAll(() => Promise.all(peers.map(({ client }) => client.close())));
  test.each(features().map(({ feature }, index) => ({ feature, index })))('$feature', async ({ index }) => {
    const feature = features()[index];
    const results = await Promise.all(peers.map((peer) => feature?.run(peer)));
    const [direct = '', through] = results.map(comparable);
    expect(direct).toMatch(feature?.shows ?? /^$/);
    expect(through).toBe(direct);
  });
}

describe('server-everything over stdio', () => {
  compare(() => EVERYTHING, {
    direct: () => connectPeer(stdio(everything)),
    through: () => connectPeer(stdio(home.before(everything))),
  });
});

describe('server-everything behind a gateway that listens', () => {
  const gateway = listeningGateway(everything);
  compare(() => EVERYTHING, {
    direct: () => connectPeer(stdio(everything)),
    through: () =>
      connectPeer(
        new StreamableHTTPClientTransport(gateway.url(), { requestInit: { headers: gateway.headers() } }),
      ),
  });
});

describe('server-everything at an address', () => {
  const start = async () => {
    const port = await freePort();
    const started = await startListening([...everything, 'streamableHttp'], {
      stream: 'stderr',
      env: { PORT: String(port) },
      find: /listening on port/,
    });
    return { ...started, url: `http://127.0.0.1:${port}/mcp` };
  };
  // Sessions of this server are not kept apart well, so each client has one of its own.
  const [one, other] = [listeningServer(start), listeningServer(start)];
  // It tells of its new tools before a client can have a stream open on which to be told.
  const features = EVERYTHING.filter(({ feature }) => feature !== 'changes of the list of tools');
  compare(() => features, {
    direct: () => connectPeer(new StreamableHTTPClientTransport(one.url())),
    through: () => connectPeer(stdio(home.options(['--upstream', other.url().href]))),
  });
});

describe('server-filesystem', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-files-'));
  beforeAll(() => {
    writeFileSync(join(folder, 'large.txt'), LARGE);
    writeFileSync(join(folder, 'dot.png'), DOT);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const server: Command = [
    process.execPath,
    join(MODULES, '@modelcontextprotocol/server-filesystem/dist/index.js'),
    join(ROOT, 'docs'),
  ];
  const roots = [{ uri: `file://${folder}`, name: 'files' }];
  compare(() => filesystemFeatures(folder), {
    direct: () => connectPeer(stdio(server), ALL_CAPABILITIES, roots),
    through: () => connectPeer(stdio(home.before(server)), ALL_CAPABILITIES, roots),
  });
});

describe('@playwright/mcp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-playwright-'));
  let site: Server;
  let server: Command = everything;
  beforeAll(async () => {
    site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const browser = process.env.CHROMIUM_PATH ?? (await chromium.executablePath());
    const options = ['--headless', '--no-sandbox', '--isolated', '--executable-path', browser];
    mkdirSync(join(folder, 'out'));
    server = [
      process.execPath,
      join(MODULES, '@playwright/mcp/cli.js'),
      ...options,
      '--output-dir',
      join(folder, 'out'),
    ];
  });
  afterAll(() => {
    site.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = () => `http://127.0.0.1:${(site?.address() as AddressInfo | undefined)?.port}/`;
  compare(() => playwrightFeatures(url()), {
    direct: () => connectPeer(stdio(server)),
    through: () => connectPeer(stdio(home.before(server))),
  });
});

describe('protocol version 2026-07-28 over stdio', () => {
  compare(() => NEWER, {
    direct: () => connectNewerPeer(newerStdio(bothEras)),
    through: () => connectNewerPeer(newerStdio(home.before(bothEras))),
  });
});

describe('protocol version 2026-07-28 behind a gateway that listens', () => {
  const gateway = listeningGateway(bothEras);
  compare(() => NEWER, {
    direct: () => connectNewerPeer(newerStdio(bothEras)),
    through: () =>
      connectNewerPeer(
        new NewerHttpTransport(gateway.url(), { requestInit: { headers: gateway.headers() } }),
      ),
  });
});

describe('protocol version 2026-07-28 at an address', () => {
  const start = () => startListening([...bothEras, 'http']);
  const [one, other] = [listeningServer(start), listeningServer(start)];
  compare(() => NEWER, {
    direct: () => connectNewerPeer(new NewerHttpTransport(one.url())),
    through: () => connectNewerPeer(newerStdio(home.options(['--upstream', other.url().href]))),
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
