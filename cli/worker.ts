import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { DatabaseLocation } from '../catalogue/database.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import { type JudgedScan, toolsOf } from '../catalogue/pipeline.ts';
import { type ClaimedServer, openQueue, type WorkQueue } from '../catalogue/queue.ts';
import { isAway } from '../catalogue/queue-retry.ts';
import { beginDue, type Schedule } from '../catalogue/queue-schedule.ts';
import { runWorker, type WorkerLimits } from '../catalogue/worker.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { CrawlFailure } from '../crawler/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { sources } from '../crawler/sources/index.generated.ts';
import { quote } from '../crawler/text.ts';
import { visible } from '../site/visible.ts';
import { attempt, count, outcomeEvent } from './crawl.ts';
import { type CrawlSummary, createTally } from './crawl-report.ts';
import { type Crawler, openCrawler } from './crawler.ts';
import { type CrawlerOptions, requireVariables } from './crawler-options.ts';
import { enqueueSource } from './enqueue-source.ts';
import { type Io, write } from './io.ts';
import { type DatabaseOptions, openCatalogueFor } from './location.ts';
import { jsonText } from './published.ts';

export interface WorkerOptions extends DatabaseOptions, CrawlerOptions {
  concurrency: string;
  perHost: string;
  grace: string;
  env?: string[];
  allowPrivate?: boolean;
  drain?: boolean;
  events?: boolean;
}

export interface WorkerSettings extends WorkerLimits {
  envNames: string[];
  events: boolean;
  runsUnisolated: boolean;
}

/** What a worker did. */
export interface WorkerSummary extends Omit<CrawlSummary, 'finished' | 'before' | 'again'> {
  /** Servers under way that went back to the queue when the worker was stopped. */
  givenBack: number;
}

/** Reads the options. Throws a usage error that names the option and what it takes. */
export function readWorkerSettings(options: WorkerOptions, io: Pick<Io, 'env'>): WorkerSettings {
  const { env: envNames = [], events = false, drain = false } = options;
  requireVariables(envNames, io);
  const graceSeconds = Number(options.grace);
  if (!(graceSeconds >= 0)) throw usageError(`--grace takes a number of seconds, not '${options.grace}'.`);
  return {
    concurrency: count('--concurrency', options.concurrency),
    perHost: count('--per-host', options.perHost),
    graceMs: graceSeconds * 1_000,
    drain,
    envNames,
    events,
    runsUnisolated: options.sandbox === 'none',
  };
}

/** Works for the queue until the user interrupts, or, where that is asked for, until there is nothing left. */
export async function work(
  location: DatabaseLocation,
  options: WorkerOptions,
  settings: WorkerSettings,
  io: Io,
): Promise<WorkerSummary> {
  const hard = new AbortController();
  // What is under way may end when the user interrupts; only after the grace it is broken off.
  const crawler = await openCrawler(options, options.allowPrivate ?? false, { ...io, signal: hard.signal });
  try {
    const catalogue = await openCatalogueFor(options, io);
    try {
      const queue = await openQueue(location, { pid: process.pid });
      try {
        return await workWith({ queue, catalogue, crawler, hard }, settings, io);
      } finally {
        await queue.close();
      }
    } finally {
      await catalogue.close();
    }
  } finally {
    await crawler.close();
  }
}

/** One sentence for the many calls that meet the same trouble. */
const TOLD_AWAY_EVERY_MS = 30_000;

interface WorkerWorld {
  queue: WorkQueue;
  catalogue: Catalogue;
  crawler: Crawler;
  hard: AbortController;
}

async function workWith(world: WorkerWorld, settings: WorkerSettings, io: Io): Promise<WorkerSummary> {
  const { queue, catalogue, crawler, hard } = world;
  const tally = createTally(io, 0);
  let toldAway = Number.NEGATIVE_INFINITY;
  const savers = new Map<number, (scan: JudgedScan) => Promise<string>>();
  const say = (event: Record<string, unknown>) =>
    settings.events ? write(io.stdout, `${jsonText(event)}\n`) : undefined;
  const tell = (message: string) => tally.say(visible(message));
  const wait = (ms: number, signal?: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});
  const due = {
    read: (schedule: Schedule) => readScheduled(schedule, world, tell, io),
    fault: ({ source, ref }: Schedule, error: unknown) =>
      tell(`${source} ${ref} could not be read, and will be again in a while: ${messageOf(error)}`),
    now: io.now,
    wait,
    stop: io.signal,
  };
  if (crawler.sandbox.isolation === 'none' && !settings.runsUnisolated) {
    tell(
      'There is nothing here to run programs in, so that servers which are programs will be blocked: install bubblewrap.',
    );
  }
  try {
    const { givenBack } = await runWorker(
      queue,
      {
        attempt: (server, free) => attempt(sourced(server, settings), free, settings, crawler, io),
        async outcome(server, result) {
          const save = saverOf(server.crawl, savers, catalogue);
          const slug = await save({ crawl: result, classifications: classifyTools(toolsOf(result)) });
          tally.add(result);
          await say(outcomeEvent(server.target, slug, result, server.attempt));
        },
        withOutcome: catalogue.withOutcome,
        endPass: (crawlId) => catalogue.endCrawl(crawlId, io.signal),
        ended({ crawl, source, ref }) {
          tell(`Pass ${crawl} over ${source} ${ref} has ended.`);
          void say({ event: 'pass-end', pass: crawl, source, ref });
        },
        retry({ target }, failure, delayMs) {
          const { code, message } = failure;
          void say({ event: 'retry', server: target.id, code, message, delayMs });
        },
        fault({ target }, error) {
          tell(`${target.label} met a fault of ours: ${messageOf(error)}`);
          void say({ event: 'fault', server: target.id, message: messageOf(error) });
        },
        schedules: () => beginDue(queue, due),
        away(error) {
          const now = io.now().getTime();
          if (now - toldAway < TOLD_AWAY_EVERY_MS) return;
          toldAway = now;
          tell(`The database is away (${messageOf(error)}). It is asked again until it is back.`);
        },
        wait,
        random: io.random,
      },
      settings,
      { stop: io.signal, hard },
    );
    const { finished: _, before: __, again: ___, ...counts } = tally.summary(true);
    const summary = { ...counts, givenBack };
    await say({ event: 'end', ...summary });
    return summary;
  } finally {
    tally.end();
  }
}

/** Scans of one pass are saved together; one that cannot be stored must not cost the others their outcome. */
function saverOf(
  crawl: number,
  savers: Map<number, (scan: JudgedScan) => Promise<string>>,
  catalogue: Catalogue,
): (scan: JudgedScan) => Promise<string> {
  const known = savers.get(crawl);
  if (known !== undefined) return known;
  const together = createGroupSaver((scans) => catalogue.saveInCrawl(scans, crawl), sleep);
  const save = (scan: JudgedScan) =>
    together(scan).catch(async (error: unknown) => {
      if (isAway(error)) throw error;
      const [slug = ''] = await catalogue.saveInCrawl([scan], crawl);
      return slug;
    });
  savers.set(crawl, save);
  return save;
}

/**
 * The target as it is listed here. A directory may name any variable as one that its server wants, so that a worker
 * passes on only those that its own command line names.
 */
function sourced(
  { target }: ClaimedServer,
  { envNames }: WorkerSettings,
): {
  target: ClaimedServer['target'];
  failure?: CrawlFailure;
} {
  const wanted = target.transport.kind === 'stdio' ? target.transport.envNames : [];
  const missing = wanted.filter((name) => !envNames.includes(name));
  if (missing.length === 0) return { target };
  const failure: CrawlFailure = {
    code: 'needs-configuration',
    message: `${target.label} needs a value for ${missing.map((name) => quote(name)).join(', ')}.`,
    detail: 'Values of variables are not put into the queue: a worker passes on those that its --env names.',
  };
  return { target, failure };
}

async function readScheduled(
  { source: id, ref, attempts, envNames }: Schedule,
  { queue, catalogue, crawler }: WorkerWorld,
  warn: (message: string) => void,
  io: Io,
): Promise<void> {
  const source = sources.find((each) => each.id === id);
  if (source === undefined) throw new Error(`this version has no source ${quote(id)}`);
  const world = { catalogue, queue, fetch: crawler.fetch, warn };
  await enqueueSource(source, ref, { attempts, envNames }, world, io);
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** What a person reads when a worker ends. */
export function workedText({ complete, partial, failed, tools, givenBack }: WorkerSummary): string {
  const done = `${complete + partial + failed} servers: ${complete} complete, ${partial} partial, ${failed} failed; ${tools} tools.`;
  return givenBack === 0 ? `${done}\n` : `${done}\n${givenBack} under way went back to the queue.\n`;
}
