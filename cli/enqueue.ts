import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { DatabaseLocation } from '../catalogue/database.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import { JOBS_TOGETHER } from '../catalogue/limits.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import { openQueue, type PlacedServer, type WorkQueue } from '../catalogue/queue.ts';
import { persist } from '../catalogue/queue-retry.ts';
import { setSchedule } from '../catalogue/queue-schedule.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { CrawlFailure } from '../crawler/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { knownResult } from '../crawler/known.ts';
import { guardedFetch } from '../crawler/network-guard.ts';
import { screenTarget } from '../crawler/secrets.ts';
import type { Source, SourceDeps, SourcedTarget } from '../crawler/source.ts';
import { sourcePath } from '../crawler/source-file.ts';
import { quote } from '../crawler/text.ts';
import { visible } from '../site/visible.ts';
import { count } from '../site/words.ts';
import type { CrawlSettings } from './crawl.ts';
import { EXIT, type Exit } from './exit-codes.ts';
import { type Io, write } from './io.ts';
import { type DatabaseOptions, locate, openCatalogueFor } from './location.ts';
import { jsonText } from './published.ts';
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

/** Scans being stored at a time: enough for two groups. */
const SAVES_UNDER_WAY = 20;

/** Throws a usage error for a catalogue that has no queue. */
export function requireQueue(options: DatabaseOptions, io: Io, what: string): DatabaseLocation {
  const location = locate(options, io);
  if ('url' in location) return location;
  throw usageError(
    `${what} needs a catalogue in PostgreSQL, which many processes can use at once; ` +
      `the one in ${location.directory} is embedded. Set DATABASE_URL${options.db === undefined ? '' : ' and leave out --db'}.`,
  );
}

/** An interval as people write it, in milliseconds. Throws a usage error that names the option. */
export function interval(text: string, option: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw usageError(`${option} takes an interval of a minute or more, such as 30m, 24h or 7d, not '${text}'.`);
}

/** Reads a source into the queue, and sets when it is read again, where that is asked for. */
export async function enqueueAndReport(
  source: Source,
  given: string,
  settings: CrawlSettings,
  options: DatabaseOptions & { every?: string; allowPrivate?: boolean; json?: boolean },
  io: Io,
): Promise<Exit> {
  const location = requireQueue(options, io, '--enqueue');
  const everyMs = options.every === undefined ? undefined : interval(options.every, '--every');
  const warn = (message: string) => void io.stderr.stream.write(`${visible(message)}\n`);
  const ref = everyMs === undefined ? given : everywhere(given, io, warn);
  const fetch = guardedFetch({ allowPrivate: options.allowPrivate ?? false });
  try {
    const catalogue = await openCatalogueFor(options, io);
    try {
      const queue = await openQueue(location);
      try {
        if (everyMs !== undefined) {
          const { attempts, envNames } = settings;
          await setSchedule(queue, { source: source.id, ref, everyMs, attempts, envNames, faults: 0 });
        }
        const summary = await enqueueSource(source, ref, settings, { catalogue, queue, fetch, warn }, io);
        if (summary === undefined) {
          throw usageError(`${source.id} ${ref} is being read into the queue by another process.`);
        }
        await write(
          io.stdout,
          options.json ? `${jsonText(summary, 2)}\n` : enqueuedText(summary, options.every),
        );
      } finally {
        await queue.close();
      }
    } finally {
      await catalogue.close();
    }
  } finally {
    await fetch.close();
  }
  return io.signal.aborted ? EXIT.interrupted : EXIT.done;
}

/**
 * Puts every server that a source names into the queue, each once in its pass however often that is repeated. Gives
 * undefined when somebody else is at it.
 */
export async function enqueueSource(
  source: Source,
  ref: string,
  { attempts, envNames }: Pick<CrawlSettings, 'attempts' | 'envNames'>,
  { catalogue, queue, fetch, warn }: EnqueueWorld,
  io: Io,
): Promise<EnqueueSummary | undefined> {
  const wait = (ms: number) => sleep(ms, undefined, { signal: io.signal }).catch(() => {});
  const patience = { wait, random: io.random, signal: io.signal };
  const lock = await queue.lockSource(source.id, ref);
  if (lock === undefined) return undefined;
  try {
    const pass = await catalogue.beginCrawl(source.id, ref);
    const queued = { crawl: pass.id, source: source.id, ref };
    await queue.openPass(queued);
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
    const save = createGroupSaver((scans) => catalogue.saveInCrawl(scans, pass.id), sleep);
    const seen = new Set<string>();
    const hosts = new Map<string, number>();
    const summary: EnqueueSummary = { finished: false, queued: 0, already: 0, known: 0, before: 0 };
    let servers: PlacedServer[] = [];
    const saved = new Set<Promise<void>>();
    let fault: { error: unknown } | undefined;
    const flush = async () => {
      const batch = servers;
      servers = [];
      const added = await persist(() => queue.add(batch), patience);
      summary.queued += added;
      summary.already += batch.length - added;
    };

    for await (const sourced of source.targets(ref, deps)) {
      if (io.signal.aborted || fault) break;
      const target = screenTarget(sourced.target);
      if (seen.has(target.id) || pass.done.has(target.id)) {
        if (!seen.has(target.id)) summary.before++;
        await catalogue.saveOrigin(target);
        seen.add(target.id);
        continue;
      }
      seen.add(target.id);
      const failure = sourced.failure ?? notForOthers(sourced);
      const result = await knownResult({ ...sourced, ...(failure && { failure }) }, io.now().toISOString());
      if (result !== undefined) {
        summary.known++;
        const scan = { crawl: result, classifications: classifyTools(toolsOf(result)) };
        const storing: Promise<void> = persist(() => save(scan), patience)
          .then(() => {})
          .catch((error: unknown) => {
            fault ??= { error };
          })
          .finally(() => saved.delete(storing));
        saved.add(storing);
        if (saved.size >= SAVES_UNDER_WAY) await Promise.race(saved);
        continue;
      }
      servers.push({ crawl: pass.id, target, attempt: 1, attempts, place: nextPlace(hosts, sourced) });
      if (servers.length >= JOBS_TOGETHER) await flush();
    }
    await Promise.all(saved);
    if (fault) throw fault.error;
    await flush();
    if (io.signal.aborted) return summary;
    // In this order: a source that gave its state away gives these servers no second time.
    if (state !== undefined) await catalogue.saveSourceState(source.id, ref, state.value);
    await queue.sealPass(queued);
    await queue.endPasses((crawl) => catalogue.endCrawl(crawl));
    return { ...summary, finished: true };
  } finally {
    await lock.release();
  }
}

/**
 * Why a server cannot be listed by another machine: it needs the value of a secret, and such values do not go into
 * the queue. Variables are given by name, and a worker has them or not.
 */
function notForOthers({ target, headers = {} }: SourcedTarget): CrawlFailure | undefined {
  const shown = screenTarget(target);
  const names = Object.keys(headers);
  const what =
    names.length > 0
      ? `a value for the header ${names.map((name) => quote(name)).join(', ')}`
      : JSON.stringify(shown.transport) === JSON.stringify(target.transport)
        ? undefined
        : `what looks like a secret in its ${target.transport.kind === 'http' ? 'address' : 'arguments'}`;
  if (what === undefined) return undefined;
  return {
    code: 'needs-configuration',
    message: `${shown.label} needs ${what}, which is not put into the queue.`,
    detail: '`catalogue crawl` without --enqueue lists it from here.',
  };
}

/** How many servers of the same host came before this one. */
function nextPlace(hosts: Map<string, number>, { target: { transport } }: SourcedTarget): number {
  const host = transport.kind === 'http' ? (URL.parse(transport.url)?.host ?? '') : undefined;
  if (host === undefined) return 0;
  const place = hosts.get(host) ?? 0;
  hosts.set(host, place + 1);
  return place;
}

/** A reference that means the same on every machine, as far as that is possible. */
function everywhere(ref: string, io: Pick<Io, 'cwd' | 'home'>, warn: (message: string) => void): string {
  const path = sourcePath(ref, io);
  if (URL.canParse(ref) || !existsSync(path)) return ref;
  warn(
    `${path} is read again by whichever worker finds it due: it has to be there on each of their machines.`,
  );
  return path;
}

function enqueuedText({ finished, queued, already, known, before }: EnqueueSummary, every?: string): string {
  const parts = [
    `${count(queued, 'server')} put into the queue`,
    already > 0 && `${already} in it already`,
    known > 0 && `${known} with an outcome at once`,
    before > 0 && `${before} with an outcome before`,
  ].filter((part) => part !== false);
  const again = every === undefined ? '' : ` The next pass is due in ${every}, and so on.`;
  const next = finished
    ? `\`catalogue worker\` takes them, on any machine; \`catalogue queue\` shows how far they are.${again}`
    : 'Broken off: the same command goes on from here.';
  return `${parts.join(', ')}.\n${next}\n`;
}
