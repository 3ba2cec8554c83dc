import { type SQL, sql } from 'drizzle-orm';
import { idSet } from './current-tools.ts';
import { EXACT_NAME, IS_OTHER_LIST, verdictsOn } from './history-queries.ts';

/**
 * What the site is made from, read for many servers at once. Each of these looks things up by an index, row by row, as
 * those in `history-queries.ts` do, except where it is about every server there is.
 */

/**
 * Every definition that these servers ever listed, at most `limit` of each, those that were listed last first. See
 * `PastRow`.
 */
export function pastQuery(serverIds: readonly number[], limit: number): SQL {
  return sql`
    select r.id as server_id, p.tool_hash, p.position, p.first_seen_at, p.last_seen_at, gone.observed_at as vanished_at,
      ${EXACT_NAME}
    from ${idSet(serverIds)}
    cross join lateral (
      select g.tool_hash, min(s.first_seen_at) as first_seen_at, max(s.last_seen_at) as last_seen_at,
        (array_agg(g.position order by s.last_seen_at desc, g.position))[1] as position
      from (
        select listing_id, min(observed_at) as first_seen_at, max(observed_at) as last_seen_at
        from scans where server_id = r.id and listing_id is not null group by listing_id offset 0
      ) s
      cross join lateral (
        select tool_hash, position from listing_tools where listing_id = s.listing_id offset 0
      ) g
      group by g.tool_hash order by last_seen_at desc, g.tool_hash limit ${limit}
    ) p
    left join lateral (
      select observed_at from scans
      where server_id = r.id and listing_id is not null and status = 'complete' and observed_at > p.last_seen_at
      order by observed_at limit 1
    ) gone on true
    cross join lateral (select name, wire from tool_versions where hash = p.tool_hash limit 1) v`;
}

export interface PastRow {
  server_id: number | string;
  tool_hash: string;
  /** In the last list that had it. */
  position: number;
  first_seen_at: string | Date;
  last_seen_at: string | Date;
  /** When the next whole list was made, which does not have it; null where there is none. */
  vanished_at: string | Date | null;
  name: string;
  wire: string | null;
}

/**
 * What these servers list now, with names and what the newest verdicts come down to; a server that lists nothing has one
 * row without a tool. See `NamedRow`.
 */
export function namesQuery(slugs: readonly string[]): SQL {
  return sql`
    with page as materialized (
      select s.id, s.slug, s.key, s.label
      from (select distinct value collate "C" as slug from jsonb_array_elements_text(${JSON.stringify(slugs)}::jsonb)) r
      cross join lateral (select id, slug, key, label from servers where slug = r.slug limit 1) s
    )
    select page.slug, page.key, page.label, t.*
    from page
    left join lateral (
      select g.position, g.tool_hash, c.category, c.risk, ${EXACT_NAME}
      from (
        select listing_id from scans where server_id = page.id and listing_id is not null
        order by observed_at desc limit 1
      ) l
      cross join lateral (
        select position, tool_hash from listing_tools where listing_id = l.listing_id offset 0
      ) g
      cross join lateral (
        select category, risk from (${verdictsOn(sql`g.tool_hash`)}) c order by id desc limit 1
      ) c
      cross join lateral (select name, wire from tool_versions where hash = g.tool_hash limit 1) v
    ) t on true`;
}

export interface NamedRow {
  slug: string;
  key: string;
  label: string;
  /** Null, as all that follow, where nothing is listed. */
  position: number | null;
  tool_hash: string;
  category: 'Read' | 'Write' | 'Execute';
  risk: 'low' | 'medium' | 'high' | 'critical';
  name: string;
  wire: string | null;
}

/** The newest scans that found another list than the one before; see `StepRow`. */
export function stepsQuery(limit: number, before?: { at: string; id: number }): SQL {
  const where = before && sql`and (s.observed_at, s.id) < (${before.at}::timestamptz, ${before.id})`;
  return sql`
    select s.id as scan_id, s.observed_at, s.server_id, v.slug, v.key, v.label
    from (
      select id, observed_at, server_id from scans s where replaces_id is not null ${where ?? sql``}
      order by observed_at desc, id desc limit ${limit}
    ) s
    cross join lateral (select slug, key, label from servers where id = s.server_id limit 1) v
    order by s.observed_at desc, s.id desc`;
}

export interface StepRow {
  scan_id: number | string;
  observed_at: string | Date;
  server_id: number | string;
  slug: string;
  key: string;
  label: string;
}

/**
 * Every server that was scanned, with a hash of all that its sheet is made from: the server, where it was found, its
 * newest scan and its newest list, every list that was another than before, and the verdicts. Verdicts are never edited,
 * so that their number on the definitions of a server's lists says whether there is a new one.
 */
export function revisionsQuery(): SQL {
  const scan =
    sql.raw(`concat_ws(' ', extract(epoch from observed_at), duration_ms, status, phase, provenance,
    target_hash, details_hash) as known`);
  return sql`
    with listed as (
      select server_id, id, listing_id, status, provenance, lag(id) over earlier as id_before,
        lag(listing_id) over earlier as listing_before, lag(status) over earlier as status_before,
        lag(provenance) over earlier as provenance_before
      from scans where listing_id is not null
      window earlier as (partition by server_id order by observed_at)
    ), lists as materialized (
      select server_id, id, listing_id, id_before from listed l where ${IS_OTHER_LIST}
    ), judged as (
      select l.server_id, c.judge_id, count(*) as verdicts
      from (select distinct server_id, listing_id from lists) l
      join listing_tools g on g.listing_id = l.listing_id
      join classifications c on c.tool_hash = g.tool_hash
      group by l.server_id, c.judge_id
    ), facts as (
      select id as server_id, 1 as part, concat_ws(' ', extract(epoch from first_seen_at), label) as known from servers
      union all
      select server_id, 2, md5(string_agg(concat_ws(' ', source, ref), E'\n'
        order by source collate "C", ref collate "C")) from origins group by server_id
      union all
      select v.id, 3, s.known from servers v cross join lateral (
        select ${scan} from scans where server_id = v.id order by observed_at desc limit 1
      ) s
      union all
      select v.id, 4, s.known from servers v cross join lateral (
        select ${scan} from scans where server_id = v.id and listing_id is not null order by observed_at desc limit 1
      ) s
      union all
      select l.server_id, 5, md5(string_agg(concat_ws(' ', extract(epoch from s.observed_at), k.hash, s.status,
        s.provenance, s.details_hash, extract(epoch from b.observed_at), b.details_hash), E'\n' order by s.observed_at))
      from lists l
      cross join lateral (select * from scans where id = l.id limit 1) s
      cross join lateral (select hash from listings where id = l.listing_id limit 1) k
      left join lateral (select * from scans where id = l.id_before limit 1) b on true
      group by l.server_id
      union all
      select n.server_id, 6, md5(string_agg(concat_ws(' ', n.verdicts, j.classifier_version, j.signal_set_hash,
        j.reviewer, j.prompt_version), E'\n' order by j.id))
      from judged n join judges j on j.id = n.judge_id group by n.server_id
    )
    select s.slug, s.key, f.known
    from (
      select server_id, md5(string_agg(part || ' ' || known, E'\n' order by part)) as known,
        bool_or(part = 3) as is_scanned
      from facts group by server_id
    ) f
    join servers s on s.id = f.server_id
    where f.is_scanned
    order by s.slug`;
}

export interface RevisionRow {
  slug: string;
  key: string;
  known: string;
}
