import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import { JOBS_TOGETHER } from '../catalogue/limits.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import type { PlacedServer, WorkQueue } from '../catalogue/queue.ts';
import { type Patience, persist } from '../catalogue/queue-retry.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { CrawlFailure, CrawlResult, ServerTarget } from '../crawler/contract.ts';
import { knownResult } from '../crawler/known.ts';
import { screenTarget } from '../crawler/secrets.ts';
import type { Source, SourceDeps, SourcedTarget } from '../crawler/source.ts';
import { quote } from '../crawler/text.ts';
import type { CrawlSettings } from './crawl.ts';
import type { Io } from './io.ts';
import { sourceDeps } from './source-deps.ts';

/** What came of reading a source into the queue. */
export interface EnqueueSummary {
  /** Whether the source was read to its end; if not, the same command goes on. */
  finished: boolean;
  /** Servers that are new in the queue. */
  queued: number;
  /** Servers that were in it already. */
  already: number;
  /** Servers that need not or cannot be asked by a worker, whose outcome was stored at once. */
  known: number;
  /** Servers that had their outcome in this pass before. */
  before: number;
}

/** What a source is read into the queue with. */
export interface EnqueueWorld {
  catalogue: Catalogue;
  queue: WorkQueue;
  fetch: SourceDeps['fetch'];
  warn(message: string): void;
}

/**
 * Puts every server that a source names into the queue, each once in its pass however often that is repeated. Gives
 * undefined when somebody else is at it.
 */
export async function enqueueSource(
  source: Source,
  ref: string,
  settings: Pick<CrawlSettings, 'attempts' | 'envNames'>,
  world: EnqueueWorld,
  io: Io,
): Promise<EnqueueSummary | undefined> {
  const lock = await world.queue.lockSource(source.id, ref);
  if (lock === undefined) return undefined;
  try {
    return await enqueueLocked(source, ref, settings, world, io);
  } finally {
    await lock.release();
  }
}

async function enqueueLocked(
  source: Source,
  ref: string,
  { attempts, envNames }: Pick<CrawlSettings, 'attempts' | 'envNames'>,
  { catalogue, queue, fetch, warn }: EnqueueWorld,
  io: Io,
): Promise<EnqueueSummary> {
  const { signal, random } = io;
  const wait = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});
  const pass = await catalogue.beginCrawl(source.id, ref);
  const queuedPass = { crawl: pass.id, source: source.id, ref };
  const batches = createBatches(queue, { wait, random, signal });
  const store = createStore(catalogue, pass.id, { wait, random, signal });
  const [seen, hosts] = [new Set<string>(), new Map<string, number>()];
  const counts = { known: 0, before: 0 };
  let state: { value: unknown } | undefined;
  const deps = sourceDeps(io, {
    args: [],
    envNames,
    headers: {},
    fetch,
    warn,
    state: await catalogue.loadSourceState(source.id, ref),
    saveState: async (value) => {
      state = { value };
    },
  });

  try {
    for await (const sourced of source.targets(ref, deps)) {
      if (signal.aborted) break;
      const target = screenTarget(sourced.target);
      if (seen.size === 0) await queue.openPass(queuedPass);
      if (seen.has(target.id) || pass.done.has(target.id)) {
        if (!seen.has(target.id)) counts.before++;
        seen.add(target.id);
        await catalogue.saveOrigin(target);
        continue;
      }
      seen.add(target.id);
      const failure = sourced.failure ?? notForOthers(sourced);
      const result = await knownResult({ ...sourced, ...(failure && { failure }) }, io.now().toISOString());
      if (result === undefined) {
        await batches.add({ crawl: pass.id, target, attempt: 1, attempts, place: nextPlace(hosts, target) });
      } else {
        counts.known++;
        await store.add(result);
      }
    }
  } catch (error) {
    // A wait of the source's that the user has cut short.
    if (!signal.aborted) throw error;
  }
  await store.end();
  const added = await batches.end();
  if (signal.aborted) return { finished: false, ...added, ...counts };
  // In this order: a source that gave its state away gives these servers no second time.
  if (state !== undefined) await catalogue.saveSourceState(source.id, ref, state.value);
  if (seen.size === 0) await queue.openPass(queuedPass);
  await queue.sealPass(queuedPass);
  await queue.endPasses((crawl) => catalogue.endCrawl(crawl));
  return { finished: true, ...added, ...counts };
}

/** Sends servers to the queue, many in a statement. */
function createBatches(
  queue: WorkQueue,
  patience: Patience,
): { add(server: PlacedServer): Promise<void>; end(): Promise<{ queued: number; already: number }> } {
  let waiting: PlacedServer[] = [];
  const counts = { queued: 0, already: 0 };
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const added = await persist(() => queue.add(batch), patience);
    counts.queued += added;
    counts.already += batch.length - added;
  };
  return {
    async add(server) {
      waiting.push(server);
      if (waiting.length >= JOBS_TOGETHER) await flush();
    },
    async end() {
      await flush();
      return counts;
    },
  };
}

/** Scans being stored at a time: enough for two groups. */
const SAVES_UNDER_WAY = 20;

/** Stores outcomes, several at a time. Each call may reject with the fault of an earlier one. */
function createStore(
  catalogue: Catalogue,
  crawl: number,
  patience: Patience,
): { add(result: CrawlResult): Promise<void>; end(): Promise<void> } {
  const save = createGroupSaver((scans) => catalogue.saveInCrawl(scans, crawl), sleep);
  const underWay = new Set<Promise<void>>();
  let fault: { error: unknown } | undefined;
  const store = async (result: CrawlResult) => {
    const scan = { crawl: result, classifications: classifyTools(toolsOf(result)) };
    try {
      await persist(() => save(scan), patience);
    } catch (error) {
      fault ??= { error };
    }
  };
  return {
    async add(result) {
      const storing: Promise<void> = store(result).finally(() => underWay.delete(storing));
      underWay.add(storing);
      if (underWay.size >= SAVES_UNDER_WAY) await Promise.race(underWay);
      if (fault) throw fault.error;
    },
    async end() {
      await Promise.all(underWay);
      if (fault) throw fault.error;
    },
  };
}

/**
 * Why a server cannot be listed by another machine: it needs the value of a secret, and such values do not go into
 * the queue. Variables are given by name, and a worker has them or not.
 */
function notForOthers({ target, headers = {} }: SourcedTarget): CrawlFailure | undefined {
  const shown = screenTarget(target);
  const need = needOf(target, shown, Object.keys(headers));
  if (need === undefined) return undefined;
  return {
    code: 'needs-configuration',
    message: `${shown.label} needs ${need}, which is not put into the queue.`,
    detail: '`catalogue crawl` without --enqueue lists it from here.',
  };
}

function needOf(target: ServerTarget, shown: ServerTarget, headers: readonly string[]): string | undefined {
  if (headers.length > 0) return `a value for the header ${headers.map((name) => quote(name)).join(', ')}`;
  if (JSON.stringify(shown.transport) === JSON.stringify(target.transport)) return undefined;
  return `what looks like a secret in its ${target.transport.kind === 'http' ? 'address' : 'arguments'}`;
}

/** How many servers of the same host came before this one. */
function nextPlace(hosts: Map<string, number>, { transport }: ServerTarget): number {
  const host = transport.kind === 'http' ? URL.parse(transport.url)?.host : undefined;
  if (host === undefined) return 0;
  const place = hosts.get(host) ?? 0;
  hosts.set(host, place + 1);
  return place;
}
