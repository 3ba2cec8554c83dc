import { connect } from './connect.ts';
import { type CrawlResult, ServerInfo, type ServerTarget } from './contract.ts';
import { timeoutFault } from './diagnose.ts';
import { type CrawlFault, crawlFault, isCrawlFault } from './fault.ts';
import { createGuard } from './guard.ts';
import { fetchPage } from './handshake.ts';
import { DEFAULT_TIMEOUT_MS } from './limits.ts';
import { type Listing, listTools } from './list-tools.ts';
import { describeResult } from './result.ts';
import type { CrawlOptions, Run } from './run.ts';
import { makeScratch, type Scratch } from './scratch.ts';

export type { CrawlOptions } from './run.ts';

/**
 * Lists the tools of one server. Every fault of the server, of its configuration or of the way to it is a result with
 * the status `failed`; only our own faults are thrown, and a usage error when there is no sandbox of the kind that was
 * asked for. When it settles, nothing that it started is left running.
 */
export async function crawl(target: ServerTarget, options: CrawlOptions): Promise<CrawlResult> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const isLocal = target.transport.kind === 'stdio';
  const scratch = isLocal ? await makeScratch(options.scratchRoot) : undefined;
  const started = options.now();
  const guard = createGuard();
  const run: Run = { target, options, guard, timeoutMs, phase: 'resolve', serverInfo: {} };

  const expire = () => guard.trip(timeoutFault(run.phase, timeoutMs, run.session?.output().stderr ?? ''));
  const abort = () => guard.trip(crawlFault('aborted', 'was not listed, because the crawl was stopped'));
  const timer = setTimeout(expire, timeoutMs);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    const outcome = await attempt(run, scratch);
    const durationMs = Math.max(0, options.now().getTime() - started.getTime());
    options.onListed?.();
    const ended = (await run.session?.close()) ?? true;
    return describeResult(run, outcome, { started, durationMs, ended });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    await run.session?.close();
    await run.release?.();
    await scratch?.remove();
  }
}

async function attempt(run: Run, scratch: Scratch | undefined): Promise<Listing | CrawlFault> {
  try {
    const client = await connect(run, scratch);
    run.serverInfo = ServerInfo.parse(client.serverInfo ?? {});
    if (typeof client.instructions === 'string') run.instructions = client.instructions;
    run.phase = 'list';
    return await listTools((cursor) => fetchPage(run, client, cursor));
  } catch (error) {
    if (isCrawlFault(error)) return error;
    throw error;
  }
}
