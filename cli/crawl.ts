import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CrawlLimits, crawlAll } from '../catalogue/crawl-queue.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import { toolsOf } from '../catalogue/pipeline.ts';
import { classifyTools } from '../classifier/classify.ts';
import type { CrawlFailure, CrawlResult, ServerTarget } from '../crawler/contract.ts';
import { usageError } from '../crawler/fault.ts';
import { knownResult } from '../crawler/known.ts';
import { screenTarget } from '../crawler/secrets.ts';
import type { Source, SourcedTarget } from '../crawler/source.ts';
import { visible } from '../site/visible.ts';
import { type CrawlSummary, createTally } from './crawl-report.ts';
import type { Crawler } from './crawler.ts';
import { requireVariables } from './crawler-options.ts';
import { type Io, write } from './io.ts';
import { jsonText } from './published.ts';
import { sourceDeps } from './source-deps.ts';

export interface CrawlSettings extends CrawlLimits {
  envNames: string[];
  events: boolean;
  /** Programs are run without a sandbox where there is none, because the user said so. */
  runsUnisolated: boolean;
}

/** A pass over a source, with all that it is made with. */
export interface SourcePass {
  source: Source;
  ref: string;
  settings: CrawlSettings;
  crawler: Crawler;
  catalogue: Catalogue;
}

/** Reads the options. Throws a usage error that names the option and what it takes. */
export function readCrawlSettings(
  options: {
    concurrency: string;
    perHost: string;
    attempts: string;
    sandbox: string;
    env?: string[];
    events?: boolean;
  },
  io: Pick<Io, 'env'>,
): CrawlSettings {
  const { env: envNames = [], events = false } = options;
  requireVariables(envNames, io);
  return {
    concurrency: count('--concurrency', options.concurrency),
    perHost: count('--per-host', options.perHost),
    attempts: count('--attempts', options.attempts),
    envNames,
    events,
    runsUnisolated: options.sandbox === 'none',
  };
}

/** Reads a number of something. Throws a usage error that names the option. */
export function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw usageError(`${option} takes a whole number from 1, not '${text}'.`);
  return value;
}

/**
 * Scans every server that a source names and keeps each outcome as it comes. A pass that was broken off is taken up:
 * the servers that have an outcome in it are not asked again.
 */
export async function crawlSource(
  { source, ref, settings, crawler, catalogue }: SourcePass,
  io: Io,
): Promise<CrawlSummary> {
  const pass = await catalogue.beginCrawl(source.id, ref);
  const tally = createTally(io, pass.done.size);
  let state: { value: unknown } | undefined;
  const deps = sourceDeps(io, {
    args: [],
    envNames: settings.envNames,
    headers: {},
    fetch: crawler.fetch,
    warn: (message) => void tally.say(visible(message)),
    state: await catalogue.loadSourceState(source.id, ref),
    // Kept only when the pass has ended: a pass that is taken up must find what it found before.
    saveState: async (value) => {
      state = { value };
    },
  });
  const save = createGroupSaver((scans) => catalogue.saveInCrawl(scans, pass.id), sleep);
  const say = (event: Record<string, unknown>) =>
    settings.events ? write(io.stdout, `${jsonText(event)}\n`) : undefined;

  try {
    await crawlAll(
      source.targets(ref, deps),
      pass.done,
      {
        attempt: (target, free) => attempt(target, free, settings, crawler, io),
        async outcome({ target }, result, attempts) {
          if (result.status === 'failed' && result.failure.code === 'aborted') return;
          const classifications = classifyTools(toolsOf(result));
          const slug = await save({ crawl: result, classifications });
          tally.add(result);
          await say(outcomeEvent(target, slug, result, attempts));
        },
        async again({ target }) {
          await catalogue.saveOrigin(screenTarget(target));
          tally.again();
        },
        sourceRead: tally.total,
        retry({ target }, failure, delayMs) {
          void say({
            event: 'retry',
            server: target.id,
            code: failure.code,
            message: failure.message,
            delayMs,
          });
        },
        wait: (ms) => sleep(ms, undefined, { signal: io.signal }).catch(() => {}),
        random: io.random,
      },
      settings,
      io.signal,
    );
    if (!io.signal.aborted) {
      if (state !== undefined) await catalogue.saveSourceState(source.id, ref, state.value);
      await catalogue.endCrawl(pass.id, io.signal);
    }
  } finally {
    tally.end();
  }
  const summary = tally.summary(!io.signal.aborted);
  await say({ event: 'end', ...summary });
  return summary;
}

/** One attempt to list a server, if it is one that has to be asked and may be run here. */
export async function attempt(
  sourced: SourcedTarget,
  free: () => void,
  settings: Pick<CrawlSettings, 'runsUnisolated'>,
  crawler: Crawler,
  io: Pick<Io, 'now'>,
): Promise<CrawlResult> {
  const refused = settings.runsUnisolated ? undefined : refuseUnisolated(sourced, crawler);
  const known = await knownResult(
    refused ? { ...sourced, failure: refused } : sourced,
    io.now().toISOString(),
  );
  return known ?? crawler.list(sourced, free);
}

/** Strangers' programs are not run on the bare machine because nothing better happened to be installed. */
function refuseUnisolated(
  { target, listing, failure }: SourcedTarget,
  { sandbox }: Crawler,
): CrawlFailure | undefined {
  if (target.transport.kind !== 'stdio' || sandbox.isolation !== 'none' || listing || failure)
    return undefined;
  const message = `${target.label} was not run, because there is nothing here to run it in.`;
  const detail =
    `${sandbox.reason ?? ''} Install bubblewrap, or write --sandbox none to run it all the same.`.trim();
  return { code: 'blocked', message, detail };
}

/** An outcome as `--events` prints it. */
export function outcomeEvent(
  target: ServerTarget,
  slug: string,
  result: CrawlResult,
  attempts: number,
): Record<string, unknown> {
  return {
    event: 'outcome',
    server: slug,
    id: screenTarget(target).id,
    status: result.status,
    ...(result.status === 'failed'
      ? { phase: result.phase, code: result.failure.code, message: result.failure.message }
      : { tools: result.tools.length, provenance: result.provenance }),
    attempts,
    durationMs: result.durationMs,
  };
}
