import { type SQL, sql } from 'drizzle-orm';
import { idSet } from './current-tools.ts';
import { hashSet } from './listings.ts';
import { recordset } from './recordset.ts';

/**
 * What a history is read with. Each of these looks things up by an index, row by row, whatever the engine knows of
 * the tables' sizes: PGlite gathers no statistics, and would join everything with everything.
 */

/** Of a scan `l` with columns of the one before it: the server gave another list, or another kind of list. */
export const IS_OTHER_LIST =
  sql.raw(`(l.listing_before is distinct from l.listing_id or l.status_before is distinct from l.status
    or l.provenance_before is distinct from l.provenance)`);

/** Every list of these servers that is not the one before it, the oldest first; see `RunRow`. */
export function runsQuery(serverIds: readonly number[]): SQL {
  return sql`
    select r.id as server_id, l.id, l.observed_at, l.listing_id, l.status, l.provenance, l.details_hash,
      l.details_before, k.tool_count
    from ${idSet(serverIds)}
    cross join lateral (
      select id, observed_at, listing_id, status, provenance, details_hash,
        lag(listing_id) over earlier as listing_before, lag(status) over earlier as status_before,
        lag(provenance) over earlier as provenance_before, lag(details_hash) over earlier as details_before
      from scans where server_id = r.id and listing_id is not null
      window earlier as (order by observed_at)
    ) l
    cross join lateral (select tool_count from listings where id = l.listing_id limit 1) k
    where ${IS_OTHER_LIST}
    order by r.id, l.observed_at`;
}

export interface RunRow {
  server_id: number | string;
  id: number | string;
  observed_at: string | Date;
  listing_id: number | string;
  status: 'complete' | 'partial';
  provenance: 'observed' | 'declared';
  details_hash: string;
  /** Of the newest scan that still gave the list before. */
  details_before: string | null;
  tool_count: number;
}

const LISTING = { listing_id: 'bigint' };

/** Names that are cut, or have a sign in the place of what cannot be stored, are in `wire` alone. */
export const EXACT_NAME = sql.raw(
  `v.name, case when v.name ~ '(~[0-9a-f]{64}$|[␀�])' then v.wire end as wire`,
);

/** The tools of lists; see `ListedRow`. */
export function listedQuery(listingIds: readonly number[]): SQL {
  return sql`
    select r.listing_id, g.position, g.tool_hash, ${EXACT_NAME}
    from ${recordset(
      listingIds.map((id) => ({ listing_id: id })),
      LISTING,
    )}
    cross join lateral (
      select position, tool_hash from listing_tools where listing_id = r.listing_id order by position
    ) g
    cross join lateral (select name, wire from tool_versions where hash = g.tool_hash limit 1) v`;
}

/** The tools of lists that have one of these names, as `tool_versions` has names; see `ListedRow`. */
export function namedQuery(listingIds: readonly number[], names: readonly string[]): SQL {
  return sql`${listedQuery(listingIds)}
    where v.name in (select value from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`;
}

export interface ListedRow {
  listing_id: number | string;
  position: number;
  tool_hash: string;
  name: string;
  wire: string | null;
}

/**
 * The verdicts on one definition. `offset 0` has them found by the definition's index before they are put in order: an
 * engine without statistics walks the whole table from its newest row instead.
 */
export function verdictsOn(hash: SQL): SQL {
  return sql`select * from classifications where tool_hash = ${hash} offset 0`;
}

/** Definitions with the newest verdict on each; see `DefinitionRow`. */
export function definitionsQuery(hashes: readonly string[]): SQL {
  return sql`
    select r.hash, v.wire, newest.verdict, newest.judge_id
    from ${hashSet(hashes)}
    cross join lateral (select wire from tool_versions where hash = r.hash limit 1) v
    left join lateral (
      select verdict, judge_id from (${verdictsOn(sql`r.hash`)}) c order by id desc limit 1
    ) newest on true`;
}

export interface DefinitionRow {
  hash: string;
  wire: string;
  /** As `packVerdict` gave it; null, as its judge, where the definition was never judged. */
  verdict: string | null;
  judge_id: number | string | null;
}

/** Every verdict on definitions, the oldest of each first; see `VerdictRow`. */
export function verdictsQuery(hashes: readonly string[]): SQL {
  return sql`
    select r.hash, c.category, c.risk, c.destructive, c.financial, array_to_json(c.signals)::text as signals,
      c.judged_at, j.classifier_version, j.signal_set_hash, j.reviewer, j.prompt_version
    from ${hashSet(hashes)}
    cross join lateral (${verdictsOn(sql`r.hash`)}) c
    cross join lateral (select * from judges where id = c.judge_id limit 1) j
    order by r.hash, c.id`;
}

export interface VerdictRow {
  hash: string;
  category: 'Read' | 'Write' | 'Execute';
  risk: 'low' | 'medium' | 'high' | 'critical';
  destructive: boolean;
  financial: boolean;
  signals: string;
  judged_at: string | Date;
  classifier_version: string;
  signal_set_hash: string;
  reviewer: string;
  prompt_version: string;
}

/** What else scans said, by the hashes of their details. */
export function detailsQuery(hashes: readonly string[]): SQL {
  return sql`
    select r.hash, t.body from ${hashSet(hashes)}
    cross join lateral (select body from texts where hash = r.hash limit 1) t`;
}

/** When one scan of a server was made. */
export function scanQuery(serverId: number, scanId: number): SQL {
  return sql`select observed_at from scans where id = ${scanId} and server_id = ${serverId}`;
}
