import { type SQL, sql } from 'drizzle-orm';

/** What a clean-up takes away, as queries; `prune.ts` has the rules in words. */

/**
 * What a scan found, as one text: two scans with the same text say the same. The message of a failure does not count,
 * because it often has something in it that is new each time.
 */
const FOUND = sql.raw(`concat_ws(' ', status, coalesce(phase, '-'), coalesce(failure_code, '-'), provenance,
  coalesce(listing_id::text, '-'), target_hash, case when status = 'failed' then '-' else details_hash end)`);

/**
 * The scans that only repeat both of their neighbours, with their bytes; those of servers that the condition on
 * `server_id` names. What the scans before and after found is looked at whatever their age.
 */
export function repeatedScans(servers: SQL, before: Date): SQL {
  return sql`
    select id, server_id, bytes from (
      select id, server_id, observed_at, replaces_id, crawl_id, bytes, found,
        lag(found) over w as earlier, lead(found) over w as later
      from (
        select id, server_id, observed_at, replaces_id, crawl_id, pg_column_size(scans) as bytes, ${FOUND} as found
        from scans where ${servers}
      ) s
      window w as (partition by server_id order by observed_at)
    ) s
    where found = earlier and found = later and observed_at < ${before.toISOString()}::timestamptz
      and replaces_id is null and ${hasEnded(sql.raw('s.crawl_id'))}`;
}

function hasEnded(crawlId: SQL): SQL {
  return sql`(${crawlId} is null or exists (select from crawl_ends e where e.crawl_id = ${crawlId}))`;
}

/** Passes that ended long ago, are not the newest of their source and reference, and have no scan in this table. */
export function oldCrawls(before: Date, scans: SQL = sql.raw('scans')): SQL {
  return sql`
    select c.id from crawls c join crawl_ends e on e.crawl_id = c.id
    where e.ended_at < ${before.toISOString()}::timestamptz
      and not exists (select from ${scans} s where s.crawl_id = c.id)
      and exists (select from crawls n where n.source = c.source and n.ref = c.ref and n.id > c.id)`;
}

/** What sources kept long ago and have kept anew since. */
export function oldSourceStates(before: Date): SQL {
  return sql`
    select id from source_states o
    where saved_at < ${before.toISOString()}::timestamptz
      and exists (select from source_states n where n.source = o.source and n.ref = o.ref and n.id > o.id)`;
}

/** The hashes of texts that no scan of this table refers to. As a difference of sets it needs no index. */
export function unusedTexts(scans: SQL = sql.raw('scans')): SQL {
  return sql`
    select hash from texts except select target_hash from ${scans} except select details_hash from ${scans}`;
}
