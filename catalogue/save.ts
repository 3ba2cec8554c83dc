import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { CrawlResult, ServerTarget, ToolDefinition } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import { markForSearch } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import { storeListings, storeToolVersions } from './listings.ts';
import { type JudgedScan, toolsOf } from './pipeline.ts';
import { columnList, recordset } from './recordset.ts';
import { type StoredServer, storeServers } from './servers.ts';
import { storeVerdicts } from './store-verdicts.ts';

export interface SaveOptions {
  judgedAt: Date;
  /** The pass that the scans belong to. In it each server has one outcome: a second one is not kept. */
  crawlId?: number;
}

/**
 * Keeps scans of different servers, all of them whole or none, and gives their servers' slugs in the same order. A
 * failed scan is kept too, beside the listings that came before it. A scan that is stored already, known by its server
 * and its instant, is not stored again.
 *
 * Each table takes one statement, however many scans there are: on PGlite most of a statement's time is its own. What
 * a server listed before and lists again costs its scan's row and little else.
 */
export async function saveScans(
  db: Database,
  scans: readonly JudgedScan[],
  options: SaveOptions,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    const servers = await storeServers(
      tx,
      scans.map(({ crawl }) => ({ target: crawl.target, seenAt: crawl.observedAt })),
    );
    if (new Set(servers.map(({ id }) => id)).size !== scans.length) {
      throw new Error('two scans of one server cannot be saved together');
    }
    const found = scans.map((scan, index) => ({ scan, server: servers[index] as StoredServer }));
    await storeToolVersions(
      tx,
      scans.flatMap(({ crawl }) => toolsOf(crawl)),
    );
    await storeVerdicts(
      tx,
      scans.flatMap(({ rules = [] }) => rules),
      options.judgedAt,
    );
    await storeVerdicts(
      tx,
      scans.flatMap(({ classifications }) => classifications),
      options.judgedAt,
    );
    const changed = await insertScans(tx, found, options.crawlId);
    await markForSearch(tx, [...changed.keys()]);
    return servers.map(({ slug }) => slug);
  });
}

/** Notes that a server was found by one more source, without a scan of it. `seenAt` is ISO 8601. */
export async function saveOrigin(db: Database, target: ServerTarget, seenAt: string): Promise<void> {
  await db.transaction(async (tx) => {
    await storeServers(tx, [{ target, seenAt }]);
  });
}

interface FoundScan {
  scan: JudgedScan;
  server: StoredServer;
}

export const SCAN = {
  server_id: 'bigint',
  crawl_id: 'bigint',
  observed_at: 'timestamptz',
  duration_ms: 'integer',
  status: 'text',
  phase: 'text',
  failure_code: 'text',
  provenance: 'text',
  target_hash: 'text',
  details_hash: 'text',
  listing_id: 'bigint',
};

/** Inserts the scans that are not there yet, and gives the servers that now list something else than before. */
async function insertScans(
  tx: Database,
  found: readonly FoundScan[],
  crawlId: number | undefined,
): Promise<Map<number, ToolDefinition[]>> {
  const texts = new Map<string, string>();
  const keep = (value: unknown) => {
    const body = JSON.stringify(value);
    const hash = createHash('sha256').update(body).digest('hex');
    texts.set(hash, body);
    return hash;
  };
  const listingIds = await storeListings(
    tx,
    found.flatMap(({ scan: { crawl } }) => (crawl.status === 'failed' ? [] : [crawl.tools])),
  );
  const rows = found.map(({ scan: { crawl }, server }) => ({
    server_id: server.id,
    crawl_id: crawlId ?? null,
    observed_at: crawl.observedAt,
    duration_ms: Math.round(crawl.durationMs),
    status: crawl.status,
    phase: crawl.status === 'failed' ? crawl.phase : null,
    failure_code: crawl.status === 'failed' ? crawl.failure.code : null,
    provenance: crawl.status === 'failed' ? 'observed' : crawl.provenance,
    target_hash: keep(crawl.target),
    details_hash: keep(detailsOf(crawl)),
    listing_id: crawl.status === 'failed' ? null : (listingIds.get(crawl.tools) ?? null),
  }));
  await storeTexts(tx, texts);
  const inserted = await rowsOf<InsertedScan>(
    tx,
    sql`
    with given as materialized (
      select r.*, before.listing_id as before_id, coalesce(before.observed_at < r.observed_at, true) as newest
      from ${recordset(rows, SCAN)}
      left join lateral (
        select listing_id, observed_at from scans
        where server_id = r.server_id and listing_id is not null order by observed_at desc limit 1
      ) before on true
    ), stored as (
      insert into scans (${columnList(SCAN)}, replaces_id)
      select ${columnList(SCAN)}, case when newest and before_id <> listing_id then before_id end from given
      on conflict do nothing
      returning server_id
    )
    select given.server_id from stored join given on given.server_id = stored.server_id
    where given.newest and given.listing_id is distinct from given.before_id and given.listing_id is not null`,
  );
  const changed = new Set(inserted.map((row) => Number(row.server_id)));
  return new Map(
    found
      .filter(({ server }) => changed.has(server.id))
      .map(({ scan, server }) => [server.id, toolsOf(scan.crawl)]),
  );
}

interface InsertedScan {
  server_id: number | string;
}

const TEXT = { hash: 'text', body: 'text' };

export async function storeTexts(tx: Database, texts: ReadonlyMap<string, string>): Promise<void> {
  const rows = [...texts]
    .map(([hash, body]) => ({ hash, body }))
    .toSorted((a, b) => compareText(a.hash, b.hash));
  await tx.execute(sql`
    insert into texts (${columnList(TEXT)}) select * from ${recordset(rows, TEXT)} on conflict do nothing`);
}

/** What else a scan said; the parts of a `ScanRecord` that have no column. */
function detailsOf(crawl: CrawlResult): Record<string, unknown> {
  const { context } = crawl;
  if (crawl.status === 'failed') {
    return { context, failure: crawl.failure, serverInfo: {}, rejected: [], warnings: [] };
  }
  const { serverInfo, instructions, rejected, warnings } = crawl;
  return { context, serverInfo, instructions, rejected, warnings };
}
