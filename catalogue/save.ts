import { createHash } from 'node:crypto';
import { eq, like, or, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { MAX_INDEXED_CHARS } from './limits.ts';
import { type JudgedScan, toolsOf } from './pipeline.ts';
import { scans, servers } from './schema.ts';
import { distinct, serverSlug } from './slugs.ts';

/** Any number; held while a new server is given its slug. */
const SLUG_LOCK = 7_260_113;

/**
 * Keeps one scan, whole or not at all, and gives its server's slug. A failed scan is kept too, beside the listings
 * that came before it.
 */
export async function saveScan(db: Database, scan: JudgedScan, judgedAt: Date): Promise<string> {
  return db.transaction(async (tx) => {
    const server = await serverOf(tx, scan);
    const scanId = await insertScan(tx, server.id, scan);
    await insertTools(tx, scanId, scan, judgedAt);
    return server.slug;
  });
}

async function serverOf(tx: Database, { crawl }: JudgedScan): Promise<{ id: number; slug: string }> {
  const key = indexable(crawl.target.id);
  const columns = { id: servers.id, slug: servers.slug };
  const known = () => tx.select(columns).from(servers).where(eq(servers.key, key));
  const [before] = await known();
  if (before !== undefined) return before;

  await tx.execute(sql`select pg_advisory_xact_lock(${SLUG_LOCK})`);
  const [meanwhile] = await known();
  if (meanwhile !== undefined) return meanwhile;

  const slug = serverSlug(crawl.target.label);
  const taken = await tx
    .select({ slug: servers.slug })
    .from(servers)
    .where(or(eq(servers.slug, slug), like(servers.slug, `${slug}~%`)));
  const [inserted] = await tx
    .insert(servers)
    .values({
      key,
      slug: distinct(slug, new Set(taken.map((row) => row.slug))),
      label: storable(crawl.target.label),
      firstSeenAt: new Date(crawl.observedAt),
    })
    .returning(columns);
  if (inserted === undefined) throw new Error(`server ${key} was not inserted`);
  return inserted;
}

async function insertScan(tx: Database, serverId: number, { crawl }: JudgedScan): Promise<number> {
  const { target, observedAt, durationMs, status, context } = crawl;
  const outcome =
    crawl.status === 'failed'
      ? {
          phase: crawl.phase,
          failureCode: crawl.failure.code,
          details: { context, failure: crawl.failure, serverInfo: {}, rejected: [], warnings: [] },
        }
      : {
          details: {
            context,
            serverInfo: crawl.serverInfo,
            instructions: crawl.instructions,
            rejected: crawl.rejected,
            warnings: crawl.warnings,
          },
        };
  const [inserted] = await tx
    .insert(scans)
    .values({
      serverId,
      observedAt: new Date(observedAt),
      durationMs: Math.round(durationMs),
      status,
      toolCount: toolsOf(crawl).length,
      target,
      ...outcome,
    })
    .returning({ id: scans.id });
  if (inserted === undefined) throw new Error(`the scan of ${target.id} was not inserted`);
  return inserted.id;
}

/** One statement for each table: 1.7 times as fast as rows of values, and the same text on both engines. */
async function insertTools(tx: Database, scanId: number, scan: JudgedScan, judgedAt: Date): Promise<void> {
  const tools = toolsOf(scan.crawl);
  if (tools.length === 0) return;
  // In the order of their hashes, so that two processes which store the same tools cannot block each other for ever.
  const versions = new Map(tools.map((tool) => [tool.hash, tool]));
  const versionRows = [...versions.values()]
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
    .map(({ hash, name, wire }) => ({ hash, name: indexable(name), wire: JSON.stringify(wire) }));
  const verdicts = new Map(scan.classifications.map((verdict) => [verdict.toolHash, verdict]));
  const verdictRows = [...verdicts.values()]
    .toSorted((a, b) => (a.toolHash < b.toolHash ? -1 : 1))
    .map((verdict) => ({
      tool_hash: verdict.toolHash,
      classifier_version: verdict.classifierVersion,
      signal_set_hash: verdict.signalSetHash,
      reviewer: verdict.reviewer,
      category: verdict.category,
      risk: verdict.risk,
      confidence: verdict.confidence,
      destructive: verdict.destructive,
      financial: verdict.financial,
      verdict: JSON.stringify(verdict),
      judged_at: judgedAt.toISOString(),
    }));
  const sightingRows = tools.map(({ position, hash }) => ({ scan_id: scanId, position, tool_hash: hash }));

  await tx.execute(sql`
    insert into tool_versions (hash, name, wire)
    select hash, name, wire
    from jsonb_to_recordset(${JSON.stringify(versionRows)}::jsonb) as r(hash text, name text, wire text)
    on conflict do nothing`);
  await tx.execute(sql`
    insert into classifications (tool_hash, classifier_version, signal_set_hash, reviewer, category, risk,
      confidence, destructive, financial, verdict, judged_at)
    select tool_hash, classifier_version, signal_set_hash, reviewer, category, risk,
      confidence, destructive, financial, verdict, judged_at
    from jsonb_to_recordset(${JSON.stringify(verdictRows)}::jsonb) as r(tool_hash text, classifier_version text,
      signal_set_hash text, reviewer text, category text, risk text, confidence text, destructive boolean,
      financial boolean, verdict text, judged_at timestamptz)
    on conflict do nothing`);
  await tx.execute(sql`
    insert into sightings (scan_id, position, tool_hash)
    select scan_id, position, tool_hash
    from jsonb_to_recordset(${JSON.stringify(sightingRows)}::jsonb)
      as r(scan_id bigint, position integer, tool_hash text)`);
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
