import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { scans, servers } from './schema.ts';

/** What has come of a pass so far. */
export interface PassOutcomes {
  crawl: number;
  /** Servers that have their outcome. */
  done: number;
  failed: number;
  /** Failures by code, the commonest first. */
  failures: { code: string; servers: number }[];
}

/** Of these servers, by the ids of their targets, those that have their outcome in the pass. */
export async function withOutcome(db: Database, crawl: number, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ key: servers.key })
    .from(scans)
    .innerJoin(servers, eq(servers.id, scans.serverId))
    .where(and(eq(scans.crawlId, crawl), inArray(servers.key, [...ids])));
  return new Set(rows.map(({ key }) => key));
}

/** What has come of each of these passes so far, in their order. */
export async function outcomesOf(db: Database, crawls: readonly number[]): Promise<PassOutcomes[]> {
  if (crawls.length === 0) return [];
  const rows = await db
    .select({ crawl: scans.crawlId, status: scans.status, code: scans.failureCode, servers: count() })
    .from(scans)
    .where(inArray(scans.crawlId, [...crawls]))
    .groupBy(scans.crawlId, scans.status, scans.failureCode)
    .orderBy(sql`count(*) desc`, scans.failureCode);
  return crawls.map((crawl) => {
    const own = rows.filter((row) => row.crawl === crawl);
    const failed = own.filter(({ status }) => status === 'failed');
    const sum = (of: typeof own) => of.reduce((total, row) => total + row.servers, 0);
    return {
      crawl,
      done: sum(own),
      failed: sum(failed),
      failures: failed.map(({ code, servers: many }) => ({ code: code ?? 'unknown', servers: many })),
    };
  });
}
