import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { CrawlResult, ServerTarget } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import { insertNew } from './copy-rows.ts';
import { markForSearch } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import { listingHash, storeListings, storeToolVersions } from './listings.ts';
import { type JudgedScan, toolsOf } from './pipeline.ts';
import { storeOrigins, storeServers } from './servers.ts';
import { storeVerdicts } from './store-verdicts.ts';
import { type Judge, judgeKey, judgeOf } from './verdicts.ts';

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
 * Each table takes one statement, however many scans there are. A server that lists what it listed before, judged by
 * the same judge, costs the row of its scan and little else.
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
    const before = await newestScans(
      tx,
      servers.map(({ id }) => id),
    );
    const prepared = scans.map((scan, index) => prepare(scan, servers[index]?.id ?? Number.NaN, before));
    if (new Set(prepared.map(({ serverId }) => serverId)).size !== scans.length) {
      throw new Error('two scans of one server cannot be saved together');
    }
    await storeOrigins(
      tx,
      prepared
        .filter(({ target, last }) => target.hash !== last?.targetHash)
        .map(({ serverId, scan: { crawl } }) => ({
          serverId,
          target: crawl.target,
          seenAt: crawl.observedAt,
        })),
    );
    const listingOf = await storeNewListings(tx, prepared, options.judgedAt);
    await storeTexts(tx, newTexts(prepared));
    await insertScans(tx, prepared, listingOf, options.crawlId);
    return servers.map(({ slug }) => slug);
  });
}

/** Notes that a server was found by one more source, without a scan of it. `seenAt` is ISO 8601. */
export async function saveOrigin(db: Database, target: ServerTarget, seenAt: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [server] = await storeServers(tx, [{ target, seenAt }]);
    if (server) await storeOrigins(tx, [{ target, seenAt, serverId: server.id }]);
  });
}

/** The newest scan of a server, and the newest that listed tools. */
interface LastScan {
  targetHash: string;
  detailsHash: string;
  listing?: LastListing;
}

interface LastListing extends StoredListing {
  hash: string;
  /** Milliseconds since 1970. */
  observedAt: number;
  /** The key of the judge; null where there is no single one. */
  judge: string | null;
}

/** What was listed, and by whom all of it was judged. */
interface StoredListing {
  id: number;
  judgeId: number | null;
}

/** JSON as it is kept in `texts`. */
export interface HashedText {
  /** SHA-256, lower-case hex. */
  hash: string;
  body: string;
}

interface PreparedScan {
  scan: JudgedScan;
  serverId: number;
  target: HashedText;
  details: HashedText;
  /** None when the scan failed. */
  listingHash?: string;
  /** The key of the one judge of all its verdicts, if there is one. */
  judge?: string;
  last?: LastScan;
}

function prepare(scan: JudgedScan, serverId: number, before: ReadonlyMap<number, LastScan>): PreparedScan {
  const { crawl } = scan;
  const last = before.get(serverId);
  const judge = soleJudge(scan);
  return {
    scan,
    serverId,
    target: hashedText(crawl.target),
    details: hashedText(detailsOf(crawl)),
    ...(crawl.status !== 'failed' && { listingHash: listingHash(crawl.tools) }),
    ...(judge !== undefined && { judge }),
    ...(last && { last }),
  };
}

/** The JSON text of a value, and what it is known by. */
export function hashedText(value: unknown): HashedText {
  const body = JSON.stringify(value);
  return { body, hash: createHash('sha256').update(body).digest('hex') };
}

interface LastScanRow {
  server_id: number | string;
  target_hash: string;
  details_hash: string;
  /** JSON of the newest listing. */
  listing: string | null;
}

async function newestScans(tx: Database, serverIds: readonly number[]): Promise<Map<number, LastScan>> {
  const rows = await rowsOf<LastScanRow>(
    tx,
    sql`
    select given.id as server_id, last.target_hash, last.details_hash, listing.record as listing
    from (select value::bigint as id from jsonb_array_elements_text(${JSON.stringify(serverIds)}::jsonb)) given
    cross join lateral (
      select target_hash, details_hash from scans
      where server_id = given.id order by observed_at desc limit 1
    ) last
    left join lateral (
      select json_build_object('id', l.id, 'hash', l.hash,
        'observedAt', (extract(epoch from s.observed_at) * 1000)::bigint, 'judgeId', j.id,
        'classifierVersion', j.classifier_version, 'signalSetHash', j.signal_set_hash,
        'reviewer', j.reviewer, 'promptVersion', j.prompt_version)::text as record
      from scans s join listings l on l.id = s.listing_id left join judges j on j.id = s.judge_id
      where s.server_id = given.id and s.listing_id is not null order by s.observed_at desc limit 1
    ) listing on true`,
  );
  return new Map(
    rows.map(({ server_id, target_hash, details_hash, listing }) => [
      Number(server_id),
      {
        targetHash: target_hash,
        detailsHash: details_hash,
        ...(listing !== null && { listing: readListing(listing) }),
      },
    ]),
  );
}

function readListing(record: string): LastListing {
  const { id, hash, observedAt, judgeId, ...judge }: Omit<LastListing, 'judge'> & Judge = JSON.parse(record);
  return { id, hash, observedAt, judgeId, judge: judgeId === null ? null : judgeKey(judge) };
}

/** The one judge of all verdicts of a scan, if there is one. */
function soleJudge({ classifications: [first, ...others], rules }: JudgedScan): string | undefined {
  if (first === undefined || rules !== undefined) return undefined;
  const key = judgeKey(judgeOf(first));
  return others.every((verdict) => judgeKey(judgeOf(verdict)) === key) ? key : undefined;
}

/** Whether the server lists what it listed last, and all of it has the verdicts of this scan's judge. */
function isUnchanged({ listingHash, judge, last }: PreparedScan): boolean {
  return (
    last?.listing !== undefined &&
    judge !== undefined &&
    last.listing.hash === listingHash &&
    last.listing.judge === judge
  );
}

/** Keeps definitions, verdicts and lists that are not known to be there. Gives what the scans list, by its hash. */
async function storeNewListings(
  tx: Database,
  prepared: readonly PreparedScan[],
  judgedAt: Date,
): Promise<(scan: PreparedScan) => StoredListing | undefined> {
  const fresh = prepared.filter((each) => !isUnchanged(each));
  const scans = fresh.map(({ scan }) => scan);
  const newTools = await storeToolVersions(
    tx,
    scans.flatMap(({ crawl }) => toolsOf(crawl)),
  );
  const rules = scans.flatMap(({ rules = [] }) => rules);
  const verdicts = scans.flatMap(({ classifications }) => classifications);
  await storeVerdicts(tx, rules, judgedAt, newTools);
  const judgeIds = await storeVerdicts(tx, verdicts, judgedAt, rules.length === 0 ? newTools : new Set());
  const ids = await storeListings(
    tx,
    fresh.flatMap(({ scan, listingHash }) =>
      listingHash === undefined ? [] : [{ hash: listingHash, tools: toolsOf(scan.crawl) }],
    ),
  );
  return (each) => {
    if (each.listingHash === undefined) return undefined;
    if (isUnchanged(each)) return each.last?.listing;
    const id = ids.get(each.listingHash);
    if (id === undefined) throw new Error(`list ${each.listingHash} was not stored`);
    return { id, judgeId: judgeIds.get(each.judge ?? '') ?? null };
  };
}

const TEXT = { hash: 'text', body: 'text' };

/** The texts that the servers' newest scans do not have already. */
function newTexts(prepared: readonly PreparedScan[]): HashedText[] {
  return prepared.flatMap(({ target, details, last }) => [
    ...(target.hash === last?.targetHash ? [] : [target]),
    ...(details.hash === last?.detailsHash ? [] : [details]),
  ]);
}

/** Keeps texts, each once. */
export async function storeTexts(tx: Database, texts: readonly HashedText[]): Promise<void> {
  if (texts.length === 0) return;
  const rows = [...new Map(texts.map((text) => [text.hash, text])).values()];
  rows.sort((a, b) => compareText(a.hash, b.hash));
  await tx.execute(insertNew('texts', TEXT, rows));
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
  judge_id: 'bigint',
  replaces_id: 'bigint',
};

/** Inserts the scans that are not there yet, and notes the servers that list something else now than before. */
async function insertScans(
  tx: Database,
  prepared: readonly PreparedScan[],
  listingOf: (scan: PreparedScan) => StoredListing | undefined,
  crawlId: number | undefined,
): Promise<void> {
  const changed = new Set<number>();
  const rows = prepared.map((each) => {
    const {
      scan: { crawl },
      serverId,
      last,
    } = each;
    const listing = listingOf(each);
    const isNewest = last?.listing === undefined || last.listing.observedAt < Date.parse(crawl.observedAt);
    const isOther = listing !== undefined && isNewest && listing.id !== last?.listing?.id;
    if (isOther) changed.add(serverId);
    return {
      server_id: serverId,
      crawl_id: crawlId ?? null,
      observed_at: crawl.observedAt,
      duration_ms: Math.round(crawl.durationMs),
      status: crawl.status,
      phase: crawl.status === 'failed' ? crawl.phase : null,
      failure_code: crawl.status === 'failed' ? crawl.failure.code : null,
      provenance: crawl.status === 'failed' ? 'observed' : crawl.provenance,
      target_hash: each.target.hash,
      details_hash: each.details.hash,
      listing_id: listing?.id ?? null,
      judge_id: listing?.judgeId ?? null,
      replaces_id: isOther ? (last?.listing?.id ?? null) : null,
    };
  });
  const inserted = await rowsOf<{ server_id: number | string }>(
    tx,
    sql`${insertNew('scans', SCAN, rows)} returning server_id`,
  );
  await markForSearch(
    tx,
    inserted.map((row) => Number(row.server_id)).filter((serverId) => changed.has(serverId)),
  );
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
