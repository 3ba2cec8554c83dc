import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { usageError } from '../crawler/fault.ts';
import { listenAddress, type ServerCommand, type ServerSettings } from '../gateway/config.ts';
import { type Grant, isValid, openGrants, opens } from '../gateway/grants-file.ts';
import { listenHttp } from '../gateway/http-front.ts';
import { isLoopback } from '../gateway/http-guard.ts';
import type { FrontServer } from '../gateway/http-sessions.ts';
import { MAX_REMARKS } from '../gateway/limits.ts';
import type { HttpServer } from '../gateway/upstream-http.ts';
import type { StdioServer } from '../gateway/upstream-stdio.ts';
import type { GatewayOptions } from './commands/gateway.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import type { Opened } from './gateway.ts';
import { type Io, write } from './io.ts';
import { jsonText } from './published.ts';

/**
 * Listens for clients over HTTP until a signal ends it. Throws a usage error when nobody could connect, or everybody
 * could from elsewhere.
 */
export async function runHttp(
  opened: Opened,
  listen: string,
  options: GatewayOptions,
  io: Io,
  start: (to: ServerCommand) => Promise<StdioServer>,
): Promise<Exit> {
  const { settings, place } = opened;
  const { host, port } = listenAddress(listen);
  const open = options.withoutGrants ?? false;
  if (open && !isLoopback(host))
    throw usageError(
      `With --without-grants the gateway listens on this machine alone, such as 127.0.0.1:${port}, not on ${host}.`,
    );
  const grants = openGrants(place.grants);
  if (!open) checkGrants(grants.list(), opened, io);
  for (const origin of settings.origins) {
    if (URL.parse(origin)?.origin !== origin)
      throw usageError(
        `An origin is written as browsers send it, such as https://inspector.example, not '${origin}'.`,
      );
  }
  const upstreams: HttpServer[] = [];
  const servers: FrontServer[] = [];
  for (const server of settings.servers) {
    const { to, key } = server;
    const enforcement = opened.enforce(server);
    if (to.kind === 'command') {
      servers.push({ key, enforcement, open: async () => backendOf(await start(to)) });
      continue;
    }
    const { openHttpServer } = await import('../gateway/upstream-http.ts');
    const http = openHttpServer(to, enforcement.remark);
    upstreams.push(http);
    servers.push({ key, enforcement, open: async () => ({ connect: http.connect }) });
  }
  const front = await listenHttp({
    host,
    port,
    hosts: settings.hosts,
    origins: settings.origins,
    servers,
    ...(!open && { grants }),
    now: io.now,
    elapsed: () => performance.now(),
    randomId: randomUUID,
    remark: opened.remark,
  });
  try {
    await announce(settings.servers, { host, port: front.port }, options, io);
    await new Promise<void>((resolve) => {
      if (io.signal.aborted) resolve();
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await front.close();
    for (const http of upstreams) await http.close();
  }
  return EXIT.done;
}

/** Throws a usage error when no grant opens anything here, and names each that does not: its keys may be misspelt. */
function checkGrants(grants: readonly Grant[], { settings, place, remark }: Opened, io: Io): void {
  const keys = settings.servers.map(({ key }) => key);
  const valid = grants.filter((grant) => isValid(grant, io.now()));
  const useless = valid.filter((grant) => !keys.some((key) => opens(grant, key)));
  if (useless.length === valid.length)
    throw usageError(
      `Nobody could connect: ${place.grants} has no valid grant for ` +
        `${keys.map((key) => `the server '${key}'`).join(' or ')}. Make one with ` +
        '`catalogue grants add <name>`, or let every program on this machine in with --without-grants.',
    );
  for (const { name, servers = [] } of useless.slice(0, MAX_REMARKS))
    remark(`the grant ${name} opens nothing here: there is no server ${servers.join(', ')}`);
}

function backendOf({ connect, input }: StdioServer) {
  return { connect, input };
}

/** Says where the servers are: one line of JSON for programs, else words for people. */
async function announce(
  servers: readonly ServerSettings[],
  { host, port }: { host: string; port: number },
  { json }: GatewayOptions,
  io: Io,
): Promise<void> {
  const base = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const urls = Object.fromEntries(
    servers.map(({ key }) => [key, servers.length === 1 ? `${base}/mcp` : `${base}/${key}/mcp`]),
  );
  if (json) return write(io.stdout, `${jsonText({ url: base, servers: urls })}\n`);
  const lines = Object.entries(urls).map(([key, url]) => `  ${key}: ${url}\n`);
  return write(io.stderr, `Listening until Ctrl-C:\n${lines.join('')}`);
}
