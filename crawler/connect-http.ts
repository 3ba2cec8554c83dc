import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { crawlFault } from './fault.ts';
import { answerTimeout, greet, greetNewer } from './handshake.ts';
import { openNewerHttp, openSse, openStreamableHttp } from './http-transport.ts';
import type { McpClient } from './mcp-client.ts';
import { guardedFetch } from './network-guard.ts';
import { authorizingFetch } from './oauth.ts';
import type { Run } from './run.ts';
import { quote } from './text.ts';

/**
 * Reaches a server over streamable HTTP, or over what its answer asks for: the older transport or a newer version of
 * the protocol. Rejects with a fault.
 */
export async function connectHttp(run: Run, address: string): Promise<McpClient> {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw crawlFault('not-found', `has an address that is not one of the web: ${quote(address)}`);
  }
  const { trip, signal } = run.guard;
  const request = { url, headers: run.options.headers ?? {}, fetch: network(run, url), onFault: trip };
  run.phase = 'initialize';
  const streamable = openStreamableHttp(request);
  const first = await greet(run, streamable);
  if ('client' in first) return first.client;
  if (signal.aborted) throw first.fault;
  await streamable.close();
  if (first.wantsNewer) return greetNewer(run, openNewerHttp(request), first.fault);
  if (!streamable.wantsOlder()) throw first.fault;
  const older = await greet(run, openSse(request));
  if ('client' in older) return older.client;
  // A server that knows neither transport is described by its answer to the newer one, also when it keeps silent.
  throw signal.aborted && older.fault.code !== 'timeout' ? older.fault : first.fault;
}

/** The network of a run: guarded unless another was given, and with a login when there are credentials for one. */
function network(run: Run, server: URL): FetchLike {
  const { allowPrivate = false, oauth } = run.options;
  const fetch = run.options.fetch ?? ownNetwork(run, allowPrivate);
  if (!oauth) return fetch;
  return authorizingFetch({
    credentials: oauth,
    server,
    fetch,
    allowHttp: allowPrivate,
    // As a header of the run it is masked like any other, and its name is stored.
    onToken(token) {
      const headers = { ...run.options.headers, Authorization: `Bearer ${token}` };
      run.options = { ...run.options, headers };
    },
  });
}

function ownNetwork(run: Run, allowPrivate: boolean): FetchLike {
  // The session counts bytes itself, message by message.
  const maxBytes = Number.POSITIVE_INFINITY;
  const fetch = guardedFetch({ allowPrivate, timeoutMs: answerTimeout(run), maxBytes });
  run.release = fetch.close;
  return fetch;
}
