import { asc } from 'drizzle-orm';
import type { ReviewCache } from '../classifier/review/reviewer.ts';
import type { ServerTarget, ToolDefinition } from '../crawler/contract.ts';
import type { JudgedDefinition } from './changes.ts';
import type {
  CatalogueChange,
  CatalogueView,
  ServerDiff,
  ServerHistory,
  ServerNames,
  ServerRevision,
  ServerSheet,
  ServerView,
} from './contract.ts';
import {
  type CorrectionsFolder,
  correctionsReader,
  correctorFor,
  correctServer,
  correctView,
} from './corrections.ts';
import {
  beginCrawl,
  type CrawlPass,
  countOutcomes,
  endCrawl,
  loadSourceState,
  type OutcomeCount,
  saveSourceState,
} from './crawls.ts';
import { type RefreshOptions, refreshBeforeSearch, refreshSearch } from './current-tools.ts';
import { type DatabaseLocation, openDatabase } from './database.ts';
import { type Dump, dumpCatalogue } from './dump.ts';
import {
  type HistoryOptions,
  type HistoryServer,
  readDiff,
  readHistory,
  type Since,
  serverWith,
} from './history.ts';
import { readDefinitions } from './history-source.ts';
import { type ImportOptions, type ImportReport, importDump } from './import.ts';
import { REFRESHED_BEFORE_SEARCH } from './limits.ts';
import type { JudgedScan } from './pipeline.ts';
import { type PruneOptions, type PruneResult, pruneCatalogue } from './prune.ts';
import { outcomesOf, type PassOutcomes, withOutcome } from './queue-outcomes.ts';
import { type ReclassifyOptions, type RejudgedBatch, reclassify } from './reclassify.ts';
import { currentTools, type ReviewedVerdict, reviewCache, saveReviewed } from './reviews.ts';
import { saveOrigin, saveScans } from './save.ts';
import { servers } from './schema.ts';
import { search } from './search.ts';
import type { SearchAnswer, SearchQuery } from './search-contract.ts';
import { readSheets } from './sheets.ts';
import { readNewestChanges } from './sheets-changes.ts';
import { readNames } from './sheets-names.ts';
import { readRevisions } from './sheets-revisions.ts';
import { readServers, readView } from './view.ts';

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
  /** Notes that a pass has ended, and lets a search find what it found. A signal ends the second early. */
  endCrawl(crawlId: number, signal?: AbortSignal): Promise<void>;
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
  /** Tools that servers list now, by words and filters, corrected. Throws a usage error for what cannot be searched. */
  search(query: SearchQuery): Promise<SearchAnswer>;
  /** Lets a search find what was saved in passes that have not ended. */
  refreshSearch(options?: RefreshOptions): Promise<void>;
  /** Every server that was scanned, as `view` gives it, in the order of the slugs; a page at a time. */
  servers(): AsyncIterable<ServerView>;
  /**
   * Every server that was scanned, in the order of the slugs, with what names the state of its sheet. Ask for these
   * before the sheets: a sheet is then never older than its revision says.
   */
  revisions(): AsyncIterable<ServerRevision>;
  /**
   * What the pages of these servers tell, corrected, in the order of the slugs; those that are not known or were never
   * scanned are left out. All are in memory at once: give no more than some hundred.
   */
  sheets(slugs: readonly string[]): Promise<ServerSheet[]>;
  /** The tools that these servers list now, by name alone, corrected, in the order of the slugs. */
  listedNames(slugs: readonly string[]): Promise<ServerNames[]>;
  /** The newest changes of all servers, the newest first, a few of each list; see `sheets-changes.ts`. */
  newestChanges(limit: number): Promise<CatalogueChange[]>;
  /** What happened to the tools of the server with this slug. Throws a usage error where there is none. */
  history(slug: string, options: HistoryOptions): Promise<ServerHistory>;
  /** What is different between an earlier list of the server with this slug and its newest. */
  diff(slug: string, options: { since?: Since }): Promise<ServerDiff>;
  /** Those of these definitions that are known, by their hashes, each with the newest verdict. */
  definitions(hashes: readonly string[]): Promise<Map<string, JudgedDefinition>>;
  /** Judges what the present classifier has not judged, batch by batch. */
  reclassify(options: ReclassifyOptions): AsyncIterable<RejudgedBatch>;
  /** Gives everything that is kept, as it stands now, to `use`. */
  dump<Result>(use: (dump: Dump) => Promise<Result>): Promise<Result>;
  /** Adds a dump to what is kept, all of it or nothing. Throws a usage error where it cannot be read. */
  import(input: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<ImportReport>;
  /** Removes scans that are older than an instant and only repeat others; see `prune.ts`. */
  prune(options: Omit<PruneOptions, 'vacuum'>): Promise<PruneResult>;
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
  /** For what cannot be done again: a database that is gone is told as such. */
  const once = <T>(work: () => Promise<T>): Promise<T> => retry(work, 1);
  async function* each<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = values[Symbol.asyncIterator]();
    try {
      for (
        let next = await once(() => iterator.next());
        !next.done;
        next = await once(() => iterator.next())
      ) {
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  const corrections = options.corrections ? correctionsReader(options.corrections) : async () => [];
  const corrector = async ({ key, slug }: HistoryServer) =>
    correctorFor(await corrections(), { id: key, slug });
  return {
    async save(scan) {
      // Its instant makes it the same scan when it is stored twice.
      const [slug = ''] = await retry(() => saveScans(db, [scan], { judgedAt: options.now() }));
      await retry(() => refreshSearch(db, { atMost: REFRESHED_BEFORE_SEARCH }));
      return slug;
    },
    saveInCrawl: (scans, crawlId) => retry(() => saveScans(db, scans, { judgedAt: options.now(), crawlId })),
    saveOrigin: (target) => retry(() => saveOrigin(db, target, options.now().toISOString())),
    beginCrawl: (source, ref) => retry(() => beginCrawl(db, source, ref, options.now())),
    async endCrawl(crawlId, signal) {
      await retry(() => endCrawl(db, crawlId, options.now()));
      await retry(() => refreshSearch(db, { signal }));
    },
    withOutcome: (crawlId, ids) => retry(() => withOutcome(db, crawlId, ids)),
    outcomesOf: (crawlIds) => retry(() => outcomesOf(db, crawlIds)),
    loadSourceState: (source, ref) => retry(() => loadSourceState(db, source, ref)),
    saveSourceState: (source, ref, state) =>
      retry(() => saveSourceState(db, source, ref, state, options.now())),
    reviews(model, promptVersion) {
      const cache = reviewCache(db, model, promptVersion, options.now);
      return {
        get: (toolHash) => retry(async () => cache.get(toolHash)),
        put: (...answer) => retry(async () => cache.put(...answer)),
      };
    },
    saveReviewed: (verdicts) => retry(() => saveReviewed(db, verdicts, options.now())),
    currentTools: (slug) => each(currentTools(db, options.classifierVersion, slug)),
    countOutcomes: () => retry(() => countOutcomes(db)),
    serverNames: () =>
      retry(async () =>
        db
          .select({ slug: servers.slug, id: servers.key, label: servers.label })
          .from(servers)
          .orderBy(asc(servers.slug)),
      ),
    async view(slug) {
      const corrected = await corrections();
      return correctView(await retry(() => readView(db, options.classifierVersion, slug)), corrected);
    },
    async search(query) {
      const corrected = await corrections();
      await retry(() => refreshBeforeSearch(db));
      return retry(() => search(db, query, corrected));
    },
    refreshSearch: (refreshOptions) => retry(() => refreshSearch(db, refreshOptions)),
    async *servers() {
      const corrected = await corrections();
      for await (const server of each(readServers(db))) yield correctServer(server, corrected);
    },
    async *revisions() {
      const corrected = await corrections();
      yield* await retry(() => readRevisions(db, corrected));
    },
    async sheets(slugs) {
      const corrected = await corrections();
      return retry(() => readSheets(db, slugs, corrected));
    },
    async listedNames(slugs) {
      const corrected = await corrections();
      return retry(() => readNames(db, slugs, corrected));
    },
    async newestChanges(limit) {
      const corrected = await corrections();
      return retry(() => readNewestChanges(db, limit, corrected));
    },
    async history(slug, historyOptions) {
      const server = await retry(() => serverWith(db, slug));
      const correct = await corrector(server);
      return retry(() => readHistory(db, server, historyOptions, correct));
    },
    async diff(slug, { since }) {
      const server = await retry(() => serverWith(db, slug));
      const correct = await corrector(server);
      return retry(() => readDiff(db, server, since, correct));
    },
    definitions: (hashes) => retry(() => readDefinitions(db, hashes)),
    reclassify: (reclassifyOptions) => each(reclassify(db, reclassifyOptions, options.now)),
    dump: (use) => once(() => dumpCatalogue(db, use)),
    async import(input, importOptions) {
      const report = await once(() => importDump(db, input, importOptions));
      await retry(() => refreshSearch(db, { signal: importOptions.signal }));
      return report;
    },
    prune: (prune) => once(() => pruneCatalogue(db, { ...prune, vacuum: 'directory' in options.location })),
    close,
  };
}
