import { createHash } from 'node:crypto';
import { eq, inArray, like, or, sql } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import type { CrawlResult, ServerTarget } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import { type Database, rowsOf } from './database.ts';
import { MAX_INDEXED_CHARS } from './limits.ts';
import { type JudgedScan, toolsOf } from './pipeline.ts';
import { servers } from './schema.ts';
import { distinct, serverSlug } from './slugs.ts';

export interface SaveOptions {
  judgedAt: Date;
  /** The pass that the scans belong to. In it each server has one outcome: a second one is not kept. */
  crawlId?: number;
}

interface StoredServer {
  id: number;
  key: string;
  slug: string;
}

/**
 * Keeps scans of different servers, all of them whole or none, and gives their servers' slugs in the same order. A
 * failed scan is kept too, beside the listings that came before it.
 *
 * Each table takes one statement, however many scans there are: on PGlite most of a statement's time is its own.
 */
export async function saveScans(
  db: Database,
  scans: readonly JudgedScan[],
  options: SaveOptions,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    const stored = await storeServers(
      tx,
      scans.map(({ crawl }) => ({ target: crawl.target, seenAt: crawl.observedAt })),
    );
    const byServer = new Map(scans.map((scan, index) => [stored[index]?.id ?? Number.NaN, scan]));
    if (byServer.size !== scans.length) throw new Error('two scans of one server cannot be saved together');
    await insertTools(tx, await insertScans(tx, byServer, options.crawlId), options.judgedAt);
    return stored.map(({ slug }) => slug);
  });
}

/** Notes that a server was found by one more source, without a scan of it. `seenAt` is ISO 8601. */
export async function saveOrigin(db: Database, target: ServerTarget, seenAt: string): Promise<void> {
  await db.transaction(async (tx) => {
    await storeServers(tx, [{ target, seenAt }]);
  });
}

interface Found {
  target: ServerTarget;
  seenAt: string;
}

/** The servers' rows, made where they are new, with their origins noted; in the order in which they are given. */
async function storeServers(tx: Database, found: readonly Found[]): Promise<StoredServer[]> {
  const keys = found.map(({ target }) => indexable(target.id));
  const known = await serversByKey(tx, keys);
  const fresh = found.flatMap(({ target, seenAt }, index) => {
    const key = keys[index] ?? '';
    return known.has(key)
      ? []
      : [{ key, label: storable(target.label), slug: serverSlug(target.label), seenAt }];
  });
  for (const server of await insertServers(tx, fresh)) known.set(server.key, server);
  // Those whose plain slug was taken.
  for (const server of fresh) {
    if (!known.has(server.key)) known.set(server.key, await insertServer(tx, server));
  }
  const stored = keys.map((key) => {
    const server = known.get(key);
    if (server === undefined) throw new Error(`server ${key} was not stored`);
    return server;
  });
  const originRows = found.map(({ target: { origin }, seenAt }, index) => ({
    server_id: stored[index]?.id,
    source: origin.source,
    ref: indexable(origin.ref),
    first_seen_at: seenAt,
  }));
  await tx.execute(sql`
    insert into origins (server_id, source, ref, first_seen_at)
    select server_id, source, ref, first_seen_at
    from jsonb_to_recordset(${JSON.stringify(originRows)}::jsonb)
      as r(server_id bigint, source text, ref text, first_seen_at timestamptz)
    on conflict do nothing`);
  return stored;
}

async function serversByKey(tx: Database, keys: readonly string[]): Promise<Map<string, StoredServer>> {
  const rows = await tx
    .select({ id: servers.id, key: servers.key, slug: servers.slug })
    .from(servers)
    .where(inArray(servers.key, [...keys]));
  return new Map(rows.map((row) => [row.key, row]));
}

interface NewServer {
  key: string;
  label: string;
  /** The plain slug, which another server may have. */
  slug: string;
  seenAt: string;
}

/** Inserts the servers whose plain slug is free, and gives those. */
async function insertServers(tx: Database, fresh: readonly NewServer[]): Promise<StoredServer[]> {
  if (fresh.length === 0) return [];
  const rows = fresh.map(({ key, slug, label, seenAt }) => ({ key, slug, label, first_seen_at: seenAt }));
  const inserted = await rowsOf<StoredServer>(
    tx,
    sql`
    insert into servers (key, slug, label, first_seen_at)
    select key, slug, label, first_seen_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(key text, slug text, label text, first_seen_at timestamptz)
    on conflict do nothing
    returning id, key, slug`,
  );
  return inserted.map((server) => ({ ...server, id: Number(server.id) }));
}

/** Tries one slug after the other until one is free: another process may take any of them at any time. */
async function insertServer(
  tx: Database,
  { key, slug: base, label, seenAt }: NewServer,
): Promise<StoredServer> {
  const tried = new Set([base]);
  for (;;) {
    const meanwhile = (await serversByKey(tx, [key])).get(key);
    if (meanwhile !== undefined) return meanwhile;
    const taken = await tx
      .select({ slug: servers.slug })
      .from(servers)
      .where(or(eq(servers.slug, base), like(servers.slug, `${base}~%`)));
    const slug = distinct(base, tried.union(new Set(taken.map((row) => row.slug))));
    tried.add(slug);
    const [inserted] = await tx
      .insert(servers)
      .values({ key, slug, label, firstSeenAt: new Date(seenAt) })
      .onConflictDoNothing()
      .returning({ id: servers.id, key: servers.key, slug: servers.slug });
    if (inserted !== undefined) return inserted;
  }
}

/** The scans that were inserted, with their rows' ids: in a pass, those whose server had no outcome yet. */
async function insertScans(
  tx: Database,
  byServer: ReadonlyMap<number, JudgedScan>,
  crawlId: number | undefined,
): Promise<{ scanId: number; scan: JudgedScan }[]> {
  const rows = [...byServer].map(([serverId, { crawl }]) => ({
    server_id: serverId,
    crawl_id: crawlId ?? null,
    observed_at: crawl.observedAt,
    duration_ms: Math.round(crawl.durationMs),
    status: crawl.status,
    phase: crawl.status === 'failed' ? crawl.phase : null,
    failure_code: crawl.status === 'failed' ? crawl.failure.code : null,
    tool_count: toolsOf(crawl).length,
    provenance: crawl.status === 'failed' ? 'observed' : crawl.provenance,
    target: JSON.stringify(crawl.target),
    details: JSON.stringify(detailsOf(crawl)),
  }));
  const inserted = await rowsOf<{ id: number | string; server_id: number | string }>(
    tx,
    sql`
    insert into scans (server_id, crawl_id, observed_at, duration_ms, status, phase, failure_code, tool_count,
      provenance, target, details)
    select server_id, crawl_id, observed_at, duration_ms, status, phase, failure_code, tool_count,
      provenance, target, details
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(server_id bigint, crawl_id bigint,
      observed_at timestamptz, duration_ms integer, status text, phase text, failure_code text, tool_count integer,
      provenance text, target text, details text)
    on conflict do nothing
    returning id, server_id`,
  );
  return inserted.flatMap(({ id, server_id }) => {
    const scan = byServer.get(Number(server_id));
    return scan === undefined ? [] : [{ scanId: Number(id), scan }];
  });
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

async function insertTools(
  tx: Database,
  inserted: readonly { scanId: number; scan: JudgedScan }[],
  judgedAt: Date,
): Promise<void> {
  const tools = inserted.flatMap(({ scan }) => toolsOf(scan.crawl));
  if (tools.length === 0) return;
  // In the order of their hashes, so that two processes which store the same tools cannot block each other for ever.
  const versionRows = [...new Map(tools.map((tool) => [tool.hash, tool])).values()]
    .toSorted((a, b) => compareText(a.hash, b.hash))
    .map(({ hash, name, wire }) => ({ hash, name: indexable(name), wire: JSON.stringify(wire) }));
  const sightingRows = inserted.flatMap(({ scanId, scan }) =>
    toolsOf(scan.crawl).map(({ position, hash }) => ({ scan_id: scanId, position, tool_hash: hash })),
  );

  await tx.execute(sql`
    insert into tool_versions (hash, name, wire)
    select hash, name, wire
    from jsonb_to_recordset(${JSON.stringify(versionRows)}::jsonb) as r(hash text, name text, wire text)
    on conflict do nothing`);
  const scans = inserted.map(({ scan }) => scan);
  await insertVerdicts(
    tx,
    scans.flatMap(({ rules = [] }) => rules),
    judgedAt,
  );
  await insertVerdicts(
    tx,
    scans.flatMap(({ classifications }) => classifications),
    judgedAt,
  );
  await tx.execute(sql`
    insert into sightings (scan_id, position, tool_hash)
    select scan_id, position, tool_hash
    from jsonb_to_recordset(${JSON.stringify(sightingRows)}::jsonb)
      as r(scan_id bigint, position integer, tool_hash text)`);
}

/**
 * Keeps verdicts on tools that are stored, each judge's once. Of two calls, the verdicts of the second are the newer
 * ones, which every view shows.
 */
export async function insertVerdicts(
  tx: Database,
  verdicts: readonly Classification[],
  judgedAt: Date,
): Promise<void> {
  if (verdicts.length === 0) return;
  const distinctVerdicts = new Map(
    verdicts.map((verdict) => [
      `${verdict.toolHash} ${promptVersionOf(verdict)} ${verdict.reviewer}`,
      verdict,
    ]),
  );
  const rows = [...distinctVerdicts.values()]
    .toSorted((a, b) => compareText(a.toolHash, b.toolHash))
    .map((verdict) => ({
      tool_hash: verdict.toolHash,
      classifier_version: verdict.classifierVersion,
      signal_set_hash: verdict.signalSetHash,
      reviewer: verdict.reviewer,
      prompt_version: promptVersionOf(verdict),
      category: verdict.category,
      risk: verdict.risk,
      confidence: verdict.confidence,
      destructive: verdict.destructive,
      financial: verdict.financial,
      verdict: JSON.stringify(verdict),
      judged_at: judgedAt.toISOString(),
    }));
  await tx.execute(sql`
    insert into classifications (tool_hash, classifier_version, signal_set_hash, reviewer, prompt_version, category,
      risk, confidence, destructive, financial, verdict, judged_at)
    select tool_hash, classifier_version, signal_set_hash, reviewer, prompt_version, category, risk,
      confidence, destructive, financial, verdict, judged_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(tool_hash text, classifier_version text,
      signal_set_hash text, reviewer text, prompt_version text, category text, risk text, confidence text,
      destructive boolean, financial boolean, verdict text, judged_at timestamptz)
    on conflict do nothing`);
}

function promptVersionOf({ review }: Classification): string {
  return review?.promptVersion ?? '';
}

/** A text that both engines can store: neither takes the NUL character, nor half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed();
}

/** A storable text that an index takes; a longer one is cut and told apart by its hash. */
function indexable(text: string): string {
  if (text.length <= MAX_INDEXED_CHARS) return storable(text);
  const hash = createHash('sha256').update(JSON.stringify(text)).digest('hex');
  return storable(`${text.slice(0, MAX_INDEXED_CHARS - hash.length - 1)}~${hash}`);
}
