import { sql } from 'drizzle-orm';
import { Classification } from '../classifier/contract.ts';
import { type Origin, ServerTarget } from '../crawler/contract.ts';
import { readTool } from '../crawler/definition.ts';
import { compareText } from '../policy/order.ts';
import { type CatalogueView, ScanRecord, type ServerView, type ToolView } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import { distinct, toolSlug } from './slugs.ts';

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
  /** JSON array of `{source, ref}`. */
  origins: string;
}

interface ToolRow {
  server_id: string | number;
  position: number;
  wire: string;
  verdict: string;
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
  const serverRows = await rowsOf<ServerRow>(db, serversQuery(slug));
  const toolRows = await rowsOf<ToolRow>(db, toolsQuery(slug));
  const toolsByServer = Map.groupBy(toolRows, (row) => Number(row.server_id));
  const servers = serverRows
    .map((row) => serverView(row, toolsByServer.get(Number(row.id)) ?? []))
    .toSorted((a, b) => compareText(a.slug, b.slug));
  const takenAt = servers
    .map((server) => server.lastScan.observedAt)
    .toSorted()
    .at(-1);
  return { ...(takenAt !== undefined && { takenAt }), classifierVersion, servers };
}

function serversQuery(slug: string | undefined) {
  return sql`
    select s.id, s.slug, s.key, s.label, s.first_seen_at, last.record as last, last.target, listing.record as listing,
      (select json_agg(json_build_object('source', source, 'ref', ref) order by source, ref)::text
        from origins where server_id = s.id) as origins
    from servers s
    cross join lateral (
      select ${scanRecord} as record, target from scans where server_id = s.id order by id desc limit 1
    ) last
    left join lateral (
      select ${scanRecord} as record from scans
      where server_id = s.id and status <> 'failed' order by id desc limit 1
    ) listing on true
    where ${slug === undefined ? sql`true` : sql`s.slug = ${slug}`}`;
}

/** A scan's columns as one JSON text, so that the two joins above need not name each column twice. */
const scanRecord = sql`json_build_object(
  'observedAt', observed_at, 'durationMs', duration_ms, 'status', status, 'phase', phase, 'toolCount', tool_count,
  'provenance', provenance,
  'details', details)::text`;

/** Materialized step by step, because PGlite gathers no statistics and would join everything with everything. */
function toolsQuery(slug: string | undefined) {
  return sql`
    with listing as materialized (
      select distinct on (scans.server_id) scans.server_id, scans.id
      from scans join servers s on s.id = scans.server_id
      where scans.status <> 'failed' and ${slug === undefined ? sql`true` : sql`s.slug = ${slug}`}
      order by scans.server_id, scans.id desc
    ), listed as materialized (
      select listing.server_id, g.position, g.tool_hash
      from listing join sightings g on g.scan_id = listing.id
    )
    select listed.server_id, listed.position, v.wire, c.verdict, seen.first_seen_at, seen.last_seen_at
    from listed
    join tool_versions v on v.hash = listed.tool_hash
    cross join lateral (
      select verdict from classifications where tool_hash = listed.tool_hash order by id desc limit 1
    ) c
    cross join lateral (
      select min(observed_at) as first_seen_at, max(observed_at) as last_seen_at
      from sightings g join scans on scans.id = g.scan_id
      where g.tool_hash = listed.tool_hash and scans.server_id = listed.server_id
    ) seen`;
}

function serverView(row: ServerRow, toolRows: readonly ToolRow[]): ServerView {
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
    tools: toolViews(toolRows),
  };
}

/** The version is the one that was run last. */
function originsOf({ origins }: ServerRow, { origin }: ServerTarget): Origin[] {
  const all: Origin[] = JSON.parse(origins);
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
function toolViews(rows: readonly ToolRow[]): ToolView[] {
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
        classification: Classification.parse(JSON.parse(row.verdict)),
        firstSeenAt: isoDate(row.first_seen_at),
        lastSeenAt: isoDate(row.last_seen_at),
      };
    });
}

function definitionOf(row: ToolRow) {
  const read = readTool(JSON.parse(row.wire), row.position);
  if (!read.ok) throw new Error(`A stored tool ${read.rejected.reason}: the catalogue is damaged.`);
  return read.tool;
}

function isoDate(value: string | Date): string {
  return new Date(value).toISOString();
}
