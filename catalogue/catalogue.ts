import { asc } from 'drizzle-orm';
import type { ReviewCache } from '../classifier/review/reviewer.ts';
import type { ServerTarget, ToolDefinition } from '../crawler/contract.ts';
import type { CatalogueView } from './contract.ts';
import { type CorrectionsFolder, correctView, readCorrections } from './corrections.ts';
import {
  beginCrawl,
  type CrawlPass,
  countOutcomes,
  endCrawl,
  loadSourceState,
  type OutcomeCount,
  saveSourceState,
} from './crawls.ts';
import { type DatabaseLocation, openDatabase } from './database.ts';
import type { JudgedScan } from './pipeline.ts';
import { outcomesOf, type PassOutcomes, withOutcome } from './queue-outcomes.ts';
import { currentTools, type ReviewedVerdict, reviewCache, saveReviewed } from './reviews.ts';
import { saveOrigin, saveScans } from './save.ts';
import { servers } from './schema.ts';
import { readView } from './view.ts';

/** What names a server: any of the three will do where a person is asked for one. */
export interface ServerName {
  slug: string;
  id: string;
  label: string;
}

/** An open catalogue. */
export interface Catalogue {
  /** Keeps one scan, whole or not at all, and gives its server's slug. */
  save(scan: JudgedScan): Promise<string>;
  /** Keeps scans of different servers in a pass, all or none, and gives the servers' slugs. */
  saveInCrawl(scans: readonly JudgedScan[], crawlId: number): Promise<string[]>;
  /** Notes that a server was found by one more source. */
  saveOrigin(target: ServerTarget): Promise<void>;
  /** A pass over a source: a new one, or the one that was broken off. */
  beginCrawl(source: string, ref: string): Promise<CrawlPass>;
  endCrawl(crawlId: number): Promise<void>;
  /** Of these servers, by the ids of their targets, those that have their outcome in the pass. */
  withOutcome(crawlId: number, ids: readonly string[]): Promise<Set<string>>;
  /** What has come of each of these passes so far, in their order. */
  outcomesOf(crawlIds: readonly number[]): Promise<PassOutcomes[]>;
  /** What a source keeps between its runs on a reference. */
  loadSourceState(source: string, ref: string): Promise<unknown>;
  saveSourceState(source: string, ref: string, state: unknown): Promise<void>;
  /** What this model answered to this version of the question. */
  reviews(model: string, promptVersion: string): ReviewCache;
  /** Keeps second opinions on tools that are stored, each beside the verdict that it is about. */
  saveReviewed(verdicts: readonly ReviewedVerdict[]): Promise<void>;
  /** The definitions that all servers have now, or the one with this slug, each once. */
  currentTools(slug?: string): AsyncIterable<ToolDefinition>;
  /** Why servers have tools or none. */
  countOutcomes(): Promise<OutcomeCount[]>;
  /** Every server, in the order of the slugs. */
  serverNames(): Promise<ServerName[]>;
  /** All servers with their tools, or the one with this slug, corrected. Throws a usage error for broken corrections. */
  view(slug?: string): Promise<CatalogueView>;
  close(): Promise<void>;
}

export interface CatalogueOptions {
  location: DatabaseLocation;
  /** Named in the view as the classifier that the program has now. */
  classifierVersion: string;
  now: () => Date;
  /** What people have overridden, read anew for each view. Left out: nothing. */
  corrections?: CorrectionsFolder;
}

/** Opens the catalogue. Throws CatalogueUnavailable when it is locked or cannot be reached. */
export async function openCatalogue(options: CatalogueOptions): Promise<Catalogue> {
  const { db, retry, close } = await openDatabase(options.location, options.now);
  /** For what is not the same when it is done twice. */
  const once = <T>(work: () => Promise<T>): Promise<T> => retry(work, 1);
  return {
    async save(scan) {
      const [slug = ''] = await once(() => saveScans(db, [scan], { judgedAt: options.now() }));
      return slug;
    },
    saveInCrawl: (scans, crawlId) => retry(() => saveScans(db, scans, { judgedAt: options.now(), crawlId })),
    saveOrigin: (target) => retry(() => saveOrigin(db, target, options.now().toISOString())),
    beginCrawl: (source, ref) => retry(() => beginCrawl(db, source, ref, options.now())),
    endCrawl: (crawlId) => retry(() => endCrawl(db, crawlId, options.now())),
    withOutcome: (crawlId, ids) => retry(() => withOutcome(db, crawlId, ids)),
    outcomesOf: (crawlIds) => retry(() => outcomesOf(db, crawlIds)),
    loadSourceState: (source, ref) => retry(() => loadSourceState(db, source, ref)),
    saveSourceState: (source, ref, state) =>
      retry(() => saveSourceState(db, source, ref, state, options.now())),
    reviews: (model, promptVersion) => reviewCache(db, model, promptVersion, options.now),
    saveReviewed: (verdicts) => retry(() => saveReviewed(db, verdicts, options.now())),
    currentTools: (slug) => currentTools(db, options.classifierVersion, slug),
    countOutcomes: () => retry(() => countOutcomes(db)),
    serverNames: () =>
      retry(async () =>
        db
          .select({ slug: servers.slug, id: servers.key, label: servers.label })
          .from(servers)
          .orderBy(asc(servers.slug)),
      ),
    async view(slug) {
      const corrections = options.corrections ? await readCorrections(options.corrections) : [];
      return correctView(await retry(() => readView(db, options.classifierVersion, slug)), corrections);
    },
    close,
  };
}
