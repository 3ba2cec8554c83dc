import { type SQL, sql } from 'drizzle-orm';
import { codeOf } from './connection-faults.ts';
import { type Database, rowsOf } from './database.ts';
import { LOCK_WAIT_MS, SERVERS_PRUNED_AT_ONCE, TEXTS_FOUND_AT_ONCE, TEXTS_PRUNED_AT_ONCE } from './limits.ts';
import { oldCrawls, oldSourceStates, repeatedScans, unusedTexts } from './prune-plan.ts';

/** Rows by table. */
interface PruneCounts {
  scans: number;
  texts: number;
  crawls: number;
  sourceStates: number;
}

export interface PruneResult {
  removed: PruneCounts;
  /** Bytes of the removed rows; what the disk gets back is another matter. */
  bytes: number;
  /** Scans that are left. */
  scansKept: number;
  /** Whether it came to its end. */
  finished: boolean;
  /** Texts that could not be removed because others were writing without a pause. */
  textsLeft: boolean;
}

/** How far it is: servers looked at for scans, or texts looked at, and all of them; and how many rows went. */
export interface PruneProgress {
  step: 'scans' | 'texts';
  done: number;
  of: number;
  removed: number;
}

export interface PruneOptions {
  /** Nothing that is younger goes. */
  before: Date;
  /** Count, and remove nothing. */
  dryRun: boolean;
  /** Give the space of removed rows back at the end, which the embedded database does not do by itself. */
  vacuum: boolean;
  signal: AbortSignal;
  progress?(progress: PruneProgress): void;
}

/**
 * Removes what only repeats something else. Of scans older than `before` those go whose server had the same found just
 * before and just after them: the same list with the same words beside it, or the same failure. So whatever was found
 * keeps its first and its last sighting, each time that it came; and every change, every server's newest scan and every
 * scan of a pass that has not ended stays. Lists, definitions, verdicts and answers of models stay.
 *
 * It works in short transactions, one after the other, and can be broken off between any two. Others may write, and
 * prune, at the same time.
 */
export async function pruneCatalogue(db: Database, options: PruneOptions): Promise<PruneResult> {
  return options.dryRun ? countAll(db, options) : removeAll(db, options);
}

interface Removed {
  count: number;
  bytes: number;
}

/** Counts the rows of a query with a column `bytes`. */
async function counted(db: Pick<Database, 'execute'>, query: SQL): Promise<Removed> {
  const [row] = await rowsOf<Removed>(
    db,
    sql`with gone as (${query}) select count(*)::float8 as count, coalesce(sum(bytes), 0)::float8 as bytes from gone`,
  );
  return row ?? { count: 0, bytes: 0 };
}

/** One statement, and so one state of the catalogue, whoever writes meanwhile. */
async function countAll(db: Database, { before, signal }: PruneOptions): Promise<PruneResult> {
  const [row] = await rowsOf<PruneCounts & { kept: number; bytes: number }>(
    db,
    sql`
    with repeated as materialized (${repeatedScans(sql`true`, before)}),
    kept as materialized (
      select crawl_id, target_hash, details_hash from scans
      left join repeated on repeated.id = scans.id where repeated.id is null
    ), unused as materialized (
      select octet_length(body) as bytes from texts where hash in (${unusedTexts(sql.raw('kept'))})
    )
    select (select count(*) from repeated)::float8 as scans,
      (select count(*) from kept)::float8 as kept,
      (select count(*) from unused)::float8 as texts,
      (select count(*) from (${oldCrawls(before, sql.raw('kept'))}) c)::float8 as crawls,
      (select count(*) from (${oldSourceStates(before)}) o)::float8 as "sourceStates",
      (select coalesce(sum(bytes), 0) from (select bytes from repeated union all select bytes from unused) b)::float8
        as bytes`,
  );
  const { scans = 0, texts = 0, crawls = 0, sourceStates = 0, kept = 0, bytes = 0 } = row ?? {};
  return {
    removed: { scans, texts, crawls, sourceStates },
    bytes,
    scansKept: kept,
    finished: !signal.aborted,
    textsLeft: false,
  };
}

async function removeAll(db: Database, options: PruneOptions): Promise<PruneResult> {
  const { before, signal } = options;
  const nothing = { count: 0, bytes: 0 };
  const scans = await removeScans(db, options);
  const rest = async (work: () => Promise<Removed>) => (signal.aborted ? nothing : work());
  const sourceStates = await rest(() => removeSourceStates(db, before));
  const crawls = await rest(() => removeCrawls(db, before));
  const texts = signal.aborted ? { ...nothing, left: false } : await removeTexts(db, options);
  if (options.vacuum && !signal.aborted && scans.count + texts.count > 0) await db.execute(sql`vacuum full`);
  const [kept] = await rowsOf<{ count: number }>(db, sql`select count(*)::float8 as count from scans`);
  return {
    removed: {
      scans: scans.count,
      texts: texts.count,
      crawls: crawls.count,
      sourceStates: sourceStates.count,
    },
    bytes: scans.bytes + texts.bytes + crawls.bytes + sourceStates.bytes,
    scansKept: kept?.count ?? 0,
    finished: !signal.aborted,
    textsLeft: texts.left,
  };
}

/** Server by server, in the order of their ids. */
async function removeScans(db: Database, { before, signal, progress }: PruneOptions): Promise<Removed> {
  const [all] = await rowsOf<{ count: number }>(db, sql`select count(*)::float8 as count from servers`);
  const servers = all?.count ?? 0;
  const removed = { count: 0, bytes: 0 };
  let after = 0;
  let done = 0;
  while (!signal.aborted) {
    const [page] = await rowsOf<{ last: number | null; count: number }>(
      db,
      sql`select max(id)::float8 as last, count(*)::float8 as count from (
        select id from servers where id > ${after} order by id limit ${SERVERS_PRUNED_AT_ONCE}
      ) page`,
    );
    if (page === undefined || page.last === null) break;
    const { count, bytes } = await removeRepeated(db, after, page.last, before);
    removed.count += count;
    removed.bytes += bytes;
    after = page.last;
    done += page.count;
    progress?.({ step: 'scans', done, of: Math.max(done, servers), removed: removed.count });
  }
  return removed;
}

/** Of the servers with an id above `after`, to `last`. */
async function removeRepeated(db: Database, after: number, last: number, before: Date): Promise<Removed> {
  const repeated = repeatedScans(sql`server_id > ${after} and server_id <= ${last}`, before);
  // Looked at without a lock first: in most servers there is nothing to be done.
  const [any] = await rowsOf(db, sql`select 1 from (${repeated}) r limit 1`);
  if (any === undefined) return { count: 0, bytes: 0 };
  return db.transaction(async (tx) => {
    // As `storeServers` does, so that no scan comes between what is looked at here and what is removed.
    await tx.execute(sql`
      select from servers where id > ${after} and id <= ${last} order by id for no key update`);
    return counted(tx, sql`delete from scans s using (${repeated}) r where s.id = r.id returning r.bytes`);
  });
}

function removeSourceStates(db: Database, before: Date): Promise<Removed> {
  return counted(
    db,
    sql`delete from source_states where id in (${oldSourceStates(before)})
      returning pg_column_size(source_states) as bytes`,
  );
}

function removeCrawls(db: Database, before: Date): Promise<Removed> {
  return db.transaction(async (tx) => {
    const old = await rowsOf<{ id: number }>(tx, sql`select id::float8 as id from (${oldCrawls(before)}) c`);
    const ids = sql`(select value::bigint from jsonb_array_elements_text(
      ${JSON.stringify(old.map(({ id }) => id))}::jsonb))`;
    await tx.execute(sql`delete from crawl_ends where crawl_id in ${ids}`);
    return counted(tx, sql`delete from crawls where id in ${ids} returning pg_column_size(crawls) as bytes`);
  });
}

/**
 * Whoever stores a scan begins with the table of servers, and after that finds that a text is there already. So a text
 * may only go while nobody has that table, and when no scan has come since the text was looked for.
 */
async function removeTexts(
  db: Database,
  { signal, progress }: PruneOptions,
): Promise<Removed & { left: boolean }> {
  const removed = { count: 0, bytes: 0, left: false };
  while (!signal.aborted) {
    const newest = await alone(db, async (tx) => {
      const [row] = await rowsOf<{ id: number }>(
        tx,
        sql`select coalesce(max(id), 0)::float8 as id from scans`,
      );
      return row?.id ?? 0;
    });
    if (newest === undefined) return { ...removed, left: true };
    const unused = await rowsOf<{ hash: string }>(
      db,
      sql`select hash from (${unusedTexts()}) t limit ${TEXTS_FOUND_AT_ONCE}`,
    );
    for (let at = 0; at < unused.length && !signal.aborted; at += TEXTS_PRUNED_AT_ONCE) {
      const hashes = unused.slice(at, at + TEXTS_PRUNED_AT_ONCE).map(({ hash }) => hash);
      const gone = await alone(db, (tx) =>
        counted(
          tx,
          sql`delete from texts
            where hash in (select value collate "C" from jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb))
              and not exists (
                select from scans s where s.id > ${newest} and texts.hash in (s.target_hash, s.details_hash))
            returning octet_length(body) as bytes`,
        ),
      );
      if (gone === undefined) return { ...removed, left: true };
      removed.count += gone.count;
      removed.bytes += gone.bytes;
      const done = Math.min(unused.length, at + TEXTS_PRUNED_AT_ONCE);
      progress?.({ step: 'texts', done, of: unused.length, removed: removed.count });
    }
    if (unused.length < TEXTS_FOUND_AT_ONCE) break;
  }
  return removed;
}

/** Does something while nobody stores a scan; undefined where others would have to be waited for too long. */
async function alone<Result>(
  db: Database,
  work: (tx: Database) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('lock_timeout', ${String(LOCK_WAIT_MS)}, true)`);
      await tx.execute(sql`lock table servers in exclusive mode`);
      return work(tx);
    });
  } catch (error) {
    if (codeOf(error) === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = '55P03';
