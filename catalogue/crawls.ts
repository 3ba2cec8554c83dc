import { and, desc, eq, sql } from 'drizzle-orm';
import { type Database, rowsOf } from './database.ts';
import { crawlEnds, crawls, scans, servers, sourceStates } from './schema.ts';

/** A pass over a source. */
export interface CrawlPass {
  id: number;
  /** Ids of the servers that already have an outcome in it, because an earlier process began it. */
  done: ReadonlySet<string>;
}

/** Takes up the newest pass over this source and reference that has not ended, or begins one. */
export async function beginCrawl(db: Database, source: string, ref: string, now: Date): Promise<CrawlPass> {
  const [open] = await rowsOf<{ id: number | string }>(
    db,
    sql`select c.id from crawls c left join crawl_ends e on e.crawl_id = c.id
      where c.source = ${source} and c.ref = ${ref} and e.crawl_id is null order by c.id desc limit 1`,
  );
  if (open === undefined) {
    const [begun] = await db
      .insert(crawls)
      .values({ source, ref, startedAt: now })
      .returning({ id: crawls.id });
    if (begun === undefined) throw new Error('the crawl was not inserted');
    return { id: begun.id, done: new Set() };
  }
  const id = Number(open.id);
  const rows = await db
    .select({ key: servers.key })
    .from(scans)
    .innerJoin(servers, eq(servers.id, scans.serverId))
    .where(eq(scans.crawlId, id));
  return { id, done: new Set(rows.map(({ key }) => key)) };
}

/** Notes that a pass has ended; the next one begins anew. */
export async function endCrawl(db: Database, crawlId: number, now: Date): Promise<void> {
  await db.insert(crawlEnds).values({ crawlId, endedAt: now }).onConflictDoNothing();
}

/** What a source kept at the end of its last run on this reference; undefined before the first. */
export async function loadSourceState(db: Database, source: string, ref: string): Promise<unknown> {
  const [newest] = await db
    .select({ state: sourceStates.state })
    .from(sourceStates)
    .where(and(eq(sourceStates.source, source), eq(sourceStates.ref, ref)))
    .orderBy(desc(sourceStates.id))
    .limit(1);
  return newest?.state;
}

export async function saveSourceState(
  db: Database,
  source: string,
  ref: string,
  state: unknown,
  now: Date,
): Promise<void> {
  await db.insert(sourceStates).values({ source, ref, state, savedAt: now });
}

/** How many servers stand at one outcome, by their newest scan. */
export interface OutcomeCount {
  status: 'complete' | 'partial' | 'failed';
  phase: string | null;
  code: string | null;
  /** Listed, and yet without a single tool. */
  withoutTools: boolean;
  servers: number;
  /** Up to three of them, by slug. */
  examples: string[];
}

/** Why servers have tools or none: every server once, by its newest scan, the commonest outcome first. */
export async function countOutcomes(db: Database): Promise<OutcomeCount[]> {
  const rows = await rowsOf<
    Omit<OutcomeCount, 'servers' | 'examples'> & { servers: number | string; examples: string }
  >(
    db,
    sql`
      with newest as materialized (
        select s.id as server_id, s.slug, last.*
        from servers s
        cross join lateral (
          select scans.status, scans.phase, scans.failure_code, l.tool_count
          from scans left join listings l on l.id = scans.listing_id
          where scans.server_id = s.id order by scans.observed_at desc limit 1
        ) last
      )
      select status, phase, failure_code as code, (status <> 'failed' and tool_count = 0) as "withoutTools",
        count(*) as servers, array_to_json((array_agg(slug order by slug))[1:3])::text as examples
      from newest
      group by 1, 2, 3, 4
      order by count(*) desc, 1, 2, 3, 4`,
  );
  return rows.map((row) => ({ ...row, servers: Number(row.servers), examples: JSON.parse(row.examples) }));
}
