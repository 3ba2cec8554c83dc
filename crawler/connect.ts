import process from 'node:process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ClientCapabilitiesSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import manifest from '../package.json' with { type: 'json' };
import { answerFault } from './diagnose.ts';
import { serverEnvironment } from './environment.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import { openSse, openStreamableHttp } from './http-transport.ts';
import { MAX_DETAIL_CHARS } from './limits.ts';
import { ToolPage } from './list-tools.ts';
import { resolveCommand } from './resolve.ts';
import type { Run } from './run.ts';
import type { Scratch } from './scratch.ts';
import type { Session } from './session.ts';
import { openStdio } from './stdio-session.ts';
import { clip, errorText, quote } from './text.ts';

/**
 * Starts or reaches the server of a run and takes the handshake with it, noting in the run how far it came. Rejects
 * with a fault when the server is not there, will not start or does not speak MCP.
 */
export async function connect(run: Run, scratch: Scratch): Promise<Client> {
  const { target, guard } = run;
  if (target.transport.kind === 'http') return connectHttp(run, target.transport.url);
  // Nothing is started for a crawl that was stopped before it began.
  await guard.race(Promise.resolve());
  const { environment, envValues = {}, platform = process.platform } = run.options;
  const resolved = resolveCommand(target.transport, {
    cwd: run.options.cwd,
    scratch: scratch.work,
    environment,
    platform,
    packageRoots: run.options.packageRoots ?? [run.options.cwd, import.meta.dirname],
  });
  run.resolved = resolved;
  run.phase = 'spawn';
  const env = serverEnvironment({
    environment,
    envNames: target.transport.envNames,
    envValues,
    scratch,
    platform,
    npx: resolved.npx,
  });
  run.session = await openStdio({ ...resolved, env }, () => run.phase, guard.trip);
  run.phase = 'initialize';
  return initialize(run, run.session);
}

async function connectHttp(run: Run, address: string): Promise<Client> {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw crawlFault('not-found', `has an address that is not one of the web: ${quote(address)}`);
  }
  const { headers = {}, fetch = globalThis.fetch } = run.options;
  const request = { url, headers, fetch, onFault: run.guard.trip };
  run.phase = 'initialize';
  const streamable = openStreamableHttp(request);
  const first = await initialize(run, streamable).catch((error: unknown) => ({ error }));
  if (first instanceof Client) return first;
  if (run.guard.signal.aborted || !streamable.wantsOlder()) throw first.error;
  await streamable.close();
  return initialize(run, openSse(request)).catch((error: unknown) => {
    // A server that knows neither transport is described by its answer to the newer one, also when it keeps silent.
    const silent = isCrawlFault(error) && error.code === 'timeout';
    throw run.guard.signal.aborted && !silent ? error : first.error;
  });
}

async function initialize(run: Run, session: Session): Promise<Client> {
  run.session = session;
  const capabilities = ClientCapabilitiesSchema.parse(run.options.clientCapabilities ?? {});
  const client = new Client({ name: manifest.name, version: manifest.version }, { capabilities });
  await ask(run, client.connect(session.transport, requestOptions(run)));
  return client;
}

/** One page of the server's tools. Rejects with a fault, or with the server's "method not found". */
export async function fetchPage(run: Run, client: Client, cursor: string | undefined): Promise<ToolPage> {
  const params = cursor === undefined ? {} : { cursor };
  return ask(run, client.request({ method: 'tools/list', params }, ToolPage, requestOptions(run)));
}

/** The guard's deadline comes first; the SDK's own one minute would cut a longer one short. */
function requestOptions(run: Run) {
  return { timeout: Math.min(run.timeoutMs * 2, 2 ** 31 - 1) };
}

/** Waits for an answer. Whatever is wrong with it is a fault, but for "method not found", which means no tools. */
async function ask<T>(run: Run, work: Promise<T>): Promise<T> {
  try {
    return await run.guard.race(work);
  } catch (error) {
    if (isCrawlFault(error)) throw error;
    if (!(error instanceof McpError)) throw unreadable(run, error);
    if (error.code === ErrorCode.MethodNotFound && run.phase === 'list') throw error;
    throw answerFault(run.phase, error.message.replace(/^MCP error -?\d+: /, ''));
  }
}

function unreadable(run: Run, error: unknown): CrawlFault {
  const method = run.phase === 'list' ? 'tools/list' : 'initialize';
  const known = run.session?.fault();
  // The SDK quotes the body of the answer, which may say why.
  if (known)
    return crawlFault(known.code, known.message, {
      detail: known.detail ?? clip(errorText(error), MAX_DETAIL_CHARS),
    });
  // A validation error's message is a page of JSON.
  const reason =
    error instanceof Error && 'issues' in error ? 'it is not what MCP prescribes' : quote(errorText(error));
  return crawlFault('protocol', `gave no usable answer to ${method}: ${reason}`);
}
