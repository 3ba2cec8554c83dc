import { sql } from 'drizzle-orm';
import { refreshCurrentVerdicts } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import { countEach, total } from './dump.ts';
import type { RecordKind } from './dump-format.ts';
import { type DumpItem, lineError, readDump } from './import-lines.ts';
import { storeDefinitions, storeLists } from './import-lists.ts';
import { storeScanRecords } from './import-scans.ts';
import { storePasses, storeReviews, storeServerRecords, storeStates } from './import-servers.ts';
import { storeJudges, storeVerdictRecords } from './import-verdicts.ts';
import { ANALYZED_AFTER_RECORDS, IMPORTED_AT_ONCE, MAX_IMPORTED_CHARS } from './limits.ts';

export interface ImportOptions {
  /** What messages call the dump. */
  name: string;
  /** Breaks it off; nothing is imported then. */
  signal?: AbortSignal;
  /** Called as records are stored, with how many were, and how many there are. */
  progress?(done: number, records: number): void;
}

/** A server whose slug another server of the catalogue had already. */
interface RenamedServer {
  id: string;
  /** Its slug in the dump. */
  slug: string;
  /** Its slug in the catalogue. */
  given: string;
}

/** What came of an import. */
export interface ImportReport {
  /** Records of the dump. */
  read: Record<RecordKind, number>;
  /** Those that were not in the catalogue yet. */
  added: Record<RecordKind, number>;
  /** Servers that were given another slug: the first of them, and how many there are. */
  renamed: RenamedServer[];
  renamedCount: number;
  /** Verdicts that were left out, because the catalogue has newer ones on their definitions. */
  olderVerdicts: number;
}

/** What the stores of the records have in common. */
export interface ImportRun {
  /** Fails the import with a usage error about this record. */
  fail(item: Pick<DumpItem, 'number'>, what: string): never;
  report: ImportReport;
  /** Verdicts up to this row were there before. */
  lastVerdict: number;
  /** The server that was put last on the backlog of the search. */
  backlogged: { server?: number };
}

/** Stores records of one kind, and gives how many of them are new. */
export type RecordStore<Kind extends RecordKind> = (
  tx: Database,
  items: readonly DumpItem<Kind>[],
  run: ImportRun,
) => Promise<number>;

const STORES: { readonly [Kind in RecordKind]: RecordStore<Kind> } = {
  'source-state': storeStates,
  pass: storePasses,
  server: storeServerRecords,
  definition: storeDefinitions,
  list: storeLists,
  judge: storeJudges,
  verdict: storeVerdictRecords,
  scan: storeScanRecords,
  review: storeReviews,
};

/** No row has it: rows are numbered from 1. */
const NO_VERDICT = 0;

/**
 * Puts a dump into the catalogue, all of it or nothing. What the catalogue has stays as it is, and what it has already
 * is not stored again. Throws a usage error where the dump cannot be read, and the signal's reason where it is aborted.
 */
export async function importDump(
  db: Database,
  input: AsyncIterable<Uint8Array>,
  { name, signal, progress }: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    read: countEach(() => 0),
    added: countEach(() => 0),
    renamed: [],
    renamedCount: 0,
    olderVerdicts: 0,
  };
  const dump = await readDump(input, name);
  await db.transaction(async (tx) => {
    // First a refresh of the search ends, and none begins, because it would wait for these tables with that lock held.
    await refreshCurrentVerdicts(tx, [NO_VERDICT]);
    // Nobody else stores scans or verdicts meanwhile. Whoever does begins with these tables, and so cannot block us.
    await tx.execute(sql`lock table servers, classifications in exclusive mode`);
    const [newest] = await rowsOf<{ id: number | string | null }>(
      tx,
      sql`select max(id) as id from classifications`,
    );
    const run: ImportRun = {
      fail: (item, what) => {
        throw lineError(name, item.number, what);
      },
      report,
      lastVerdict: Number(newest?.id ?? 0),
      backlogged: {},
    };
    let done = 0;
    for await (const items of batches(dump.items)) {
      signal?.throwIfAborted();
      await storeBatch(tx, items, run);
      done += items.length;
      progress?.(done, dump.records);
    }
  });
  // Without it the next queries are planned as if the tables were empty; PGlite never gathers statistics by itself.
  if (total(report.added) >= ANALYZED_AFTER_RECORDS) await db.execute(ANALYZE);
  return report;
}

const ANALYZE = sql`
  analyze servers, origins, scans, texts, listings, listing_tools, tool_versions, judges, classifications, reviews`;

async function storeBatch(tx: Database, items: readonly DumpItem[], run: ImportRun): Promise<void> {
  const kind = items[0]?.kind;
  if (kind === undefined) return;
  // All items of a batch are of the kind of the first.
  const store = STORES[kind] as RecordStore<RecordKind>;
  run.report.added[kind] += await store(tx, items, run);
  run.report.read[kind] += items.length;
}

/** Records of one kind that follow each other. */
async function* batches(items: AsyncIterable<DumpItem>): AsyncGenerator<DumpItem[]> {
  let batch: DumpItem[] = [];
  let size = 0;
  for await (const item of items) {
    const isFull = batch.length >= IMPORTED_AT_ONCE || size + item.size > MAX_IMPORTED_CHARS;
    if (batch.length > 0 && (isFull || batch[0]?.kind !== item.kind)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += item.size;
  }
  if (batch.length > 0) yield batch;
}
