import { type SQL, sql } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import { type Origin, ServerTarget, type ToolDefinition } from '../crawler/contract.ts';
import { rereadTool } from '../crawler/definition.ts';
import { compareText } from '../policy/order.ts';
import { type CatalogueView, ScanRecord, type ServerView, type ToolView } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import { SERVERS_PER_PAGE } from './limits.ts';
import { recordset } from './recordset.ts';
import { distinct, toolSlug } from './slugs.ts';
import { type Judges, readJudges, unpackVerdict } from './verdicts.ts';

interface ServerRow {
  id: string | number;
  slug: string;
  key: string;
  label: string;
  first_seen_at: string | Date;
  /** The newest scan, and the newest that listed tools. */
  last: string;
  target: string;
  listing: string | null;
  listing_id: string | number | null;
  /** JSON array of `{source, ref}`; null where a catalogue is older than its table of origins. */
  origins: string | null;
}

interface ToolRow {
  server_id: string | number;
  position: number;
  tool_hash: string;
  wire: string;
  /** The newest one, as `packVerdict` gave it, and how many there are on the definition. */
  verdict: string;
  judge_id: string | number;
  verdicts: string | number;
  first_seen_at: string | Date;
  last_seen_at: string | Date;
}

/**
 * The catalogue as it stands: each server with its newest scan, and with the tools of the newest scan that listed
 * any, so that a failed scan never empties a page. Give a slug to have that server alone.
 */
export async function readView(
  db: Database,
  classifierVersion: string,
  slug?: string,
): Promise<CatalogueView> {
  const servers =
    slug === undefined ? await Array.fromAsync(readServers(db)) : await readPage(db, sql`slug = ${slug}`);
  const takenAt = servers
    .map((server) => server.lastScan.observedAt)
    .toSorted()
    .at(-1);
  return { ...(takenAt !== undefined && { takenAt }), classifierVersion, servers };
}

/** Every server that was scanned, in the order of the slugs; a page at a time, so that memory holds no more. */
export async function* readServers(db: Database): AsyncGenerator<ServerView> {
  let after = '';
  for (;;) {
    const page = sql`slug > ${after} and exists (select from scans where server_id = servers.id)
      order by slug limit ${SERVERS_PER_PAGE}`;
    const servers = await readPage(db, page);
    yield* servers;
    const last = servers.at(-1);
    if (last === undefined) return;
    after = last.slug;
  }
}

async function readPage(db: Database, condition: SQL): Promise<ServerView[]> {
  return (await readStored(db, condition)).map(({ view }) => view);
}

/** A server as it stands, and what is looked up with it. */
export interface StoredView {
  /** Of its row. */
  id: number;
  view: ServerView;
  /** The hashes of those of its definitions that have several verdicts. */
  rejudged: readonly string[];
}

/** The servers that a condition on their rows names, in the order of their slugs; those that were never scanned are left out. */
export async function readStored(db: Database, condition: SQL): Promise<StoredView[]> {
  const serverRows = await rowsOf<ServerRow>(db, serversQuery(condition));
  const current = serverRows.flatMap(({ id, listing_id }) =>
    listing_id === null ? [] : [{ server_id: Number(id), listing_id: Number(listing_id) }],
  );
  const toolRows = current.length === 0 ? [] : await rowsOf<ToolRow>(db, toolsQuery(current));
  const toolsByServer = Map.groupBy(toolRows, (row) => Number(row.server_id));
  const judges = await readJudges(db, new Set(toolRows.map(({ judge_id }) => Number(judge_id))));
  return serverRows
    .map((row) => {
      const tools = toolsByServer.get(Number(row.id)) ?? [];
      const rejudged = tools.filter(({ verdicts }) => Number(verdicts) > 1).map(({ tool_hash }) => tool_hash);
      return { id: Number(row.id), view: serverView(row, tools, judges), rejudged };
    })
    .toSorted((a, b) => compareText(a.view.slug, b.view.slug));
}

function serversQuery(condition: SQL): SQL {
  return sql`
    with page as materialized (select id, slug, key, label, first_seen_at from servers where ${condition})
    select page.*, last.record as last, last.target, listing.record as listing, listing.listing_id,
      (select json_agg(json_build_object('source', source, 'ref', ref) order by source collate "C", ref collate "C")::text
        from origins where server_id = page.id) as origins
    from page
    cross join lateral (
      select ${scanRecord} as record, t.body as target
      from scans s join texts t on t.hash = s.target_hash join texts d on d.hash = s.details_hash
      left join listings l on l.id = s.listing_id
      where s.server_id = page.id order by s.observed_at desc limit 1
    ) last
    left join lateral (
      select ${scanRecord} as record, s.listing_id
      from scans s join texts d on d.hash = s.details_hash join listings l on l.id = s.listing_id
      where s.server_id = page.id and s.listing_id is not null order by s.observed_at desc limit 1
    ) listing on true`;
}

/** A scan's columns as one JSON text, so that the two joins above need not name each column twice. */
const scanRecord = sql`json_build_object(
  'observedAt', s.observed_at, 'durationMs', s.duration_ms, 'status', s.status, 'phase', s.phase,
  'toolCount', coalesce(l.tool_count, 0), 'provenance', s.provenance, 'details', d.body)::text`;

const CURRENT = { server_id: 'bigint', listing_id: 'bigint' };

/** Materialized step by step, because PGlite gathers no statistics and would join everything with everything. */
function toolsQuery(current: readonly { server_id: number; listing_id: number }[]): SQL {
  return sql`
    with current as materialized (select * from ${recordset(current, CURRENT)}),
    listed as materialized (
      select current.server_id, g.position, g.tool_hash
      from current join listing_tools g on g.listing_id = current.listing_id
    ), spans as materialized (
      select s.server_id, s.listing_id, min(s.observed_at) as first_seen_at, max(s.observed_at) as last_seen_at
      from current join scans s on s.server_id = current.server_id and s.listing_id is not null
      group by s.server_id, s.listing_id
    ), seen as materialized (
      select spans.server_id, g.tool_hash, min(spans.first_seen_at) as first_seen_at,
        max(spans.last_seen_at) as last_seen_at
      from spans join listing_tools g on g.listing_id = spans.listing_id
      group by spans.server_id, g.tool_hash
    )
    select listed.server_id, listed.position, listed.tool_hash, v.wire, c.verdict, c.judge_id, c.verdicts,
      seen.first_seen_at, seen.last_seen_at
    from listed
    join tool_versions v on v.hash = listed.tool_hash
    join seen on seen.server_id = listed.server_id and seen.tool_hash = listed.tool_hash
    cross join lateral (
      select verdict, judge_id, count(*) over () as verdicts
      from (select * from classifications where tool_hash = listed.tool_hash offset 0) c
      order by id desc limit 1
    ) c`;
}

function serverView(row: ServerRow, toolRows: readonly ToolRow[], judges: Judges): ServerView {
  const target = ServerTarget.parse(JSON.parse(row.target));
  return {
    slug: row.slug,
    id: row.key,
    label: row.label,
    origins: originsOf(row, target),
    transport: target.transport,
    firstSeenAt: isoDate(row.first_seen_at),
    lastScan: readScan(row.last),
    ...(row.listing !== null && { listing: readScan(row.listing) }),
    tools: toolViews(toolRows, judges),
  };
}

/** The version is the one that was run last. */
function originsOf({ origins }: ServerRow, { origin }: ServerTarget): Origin[] {
  const all: Origin[] = JSON.parse(origins ?? '[]');
  if (all.length === 0) return [origin];
  return all.map((one) =>
    one.source === origin.source && one.ref === origin.ref ? { ...one, ...origin } : one,
  );
}

function readScan(text: string): ScanRecord {
  const { details, observedAt, phase, ...scan } = JSON.parse(text);
  return ScanRecord.parse({
    ...scan,
    ...JSON.parse(details),
    observedAt: isoDate(observedAt),
    ...(phase !== null && { phase }),
  });
}

/** In the order of names, then places; slugs are given in that order, so that two tools of one name keep theirs. */
function toolViews(rows: readonly ToolRow[], judges: Judges): ToolView[] {
  const taken = new Set<string>();
  return rows
    .map((row) => ({ row, definition: definitionOf(row) }))
    .toSorted((a, b) => compareText(a.definition.name, b.definition.name) || a.row.position - b.row.position)
    .map(({ row, definition }) => {
      const slug = distinct(toolSlug(definition.name), taken);
      taken.add(slug);
      return {
        slug,
        definition,
        classification: verdictOf(row, judges),
        firstSeenAt: isoDate(row.first_seen_at),
        lastSeenAt: isoDate(row.last_seen_at),
      };
    });
}

function definitionOf(row: ToolRow): ToolDefinition {
  return rereadTool(JSON.parse(row.wire), row.position, row.tool_hash);
}

function verdictOf({ judge_id, tool_hash: toolHash, verdict }: ToolRow, judges: Judges): Classification {
  const judge = judges.get(Number(judge_id));
  if (judge === undefined) throw new Error('A stored verdict has no judge: the catalogue is damaged.');
  return unpackVerdict({ ...judge, toolHash, verdict });
}

function isoDate(value: string | Date): string {
  return new Date(value).toISOString();
}
