import { type SQL, sql } from 'drizzle-orm';
import { type Database, rowsOf } from './database.ts';
import { DUMP_FORMAT, DUMP_VERSION, RECORD_KINDS, type RecordKind } from './dump-format.ts';
import { DUMP_CHUNK_CHARS, DUMPED_AT_ONCE } from './limits.ts';

/** A dump under way. */
export interface Dump {
  /** How many records it has. */
  records: Record<RecordKind, number>;
  /** Its text, some whole lines at a time. */
  chunks(progress: (done: number) => void): AsyncGenerator<string>;
}

/**
 * Gives the whole catalogue as `dump-format.ts` has it, as it stood at one moment, to `use`. The same catalogue gives
 * the same text, on either engine and however its rows came to be stored.
 */
export async function dumpCatalogue<Result>(
  db: Database,
  use: (dump: Dump) => Promise<Result>,
): Promise<Result> {
  const snapshot = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;
  return db.transaction(async (tx) => {
    const records = await countRecords(tx);
    return use({ records, chunks: (progress) => chunksOf(tx, total(records), progress) });
  }, snapshot);
}

/** All records together. */
export function total(records: Readonly<Record<RecordKind, number>>): number {
  return Object.values(records).reduce((sum, count) => sum + count, 0);
}

async function countRecords(tx: Database): Promise<Record<RecordKind, number>> {
  const [row] = await rowsOf<Record<RecordKind, number | string>>(
    tx,
    sql`
    select (select count(*) from (select distinct source, ref from source_states) s) as "source-state",
      (select count(*) from crawls) as pass, (select count(*) from servers) as server,
      (select count(*) from tool_versions) as definition, (select count(*) from listings) as list,
      (select count(*) from judges) as judge, (select count(*) from classifications) as verdict,
      (select count(*) from scans) as scan, (select count(*) from reviews) as review`,
  );
  return countEach((kind) => Number(row?.[kind] ?? 0));
}

/** A number for each kind of record. */
export function countEach(count: (kind: RecordKind) => number): Record<RecordKind, number> {
  return Object.fromEntries(RECORD_KINDS.map((kind) => [kind, count(kind)])) as Record<RecordKind, number>;
}

async function* chunksOf(
  tx: Database,
  records: number,
  progress: (done: number) => void,
): AsyncGenerator<string> {
  const head = { kind: 'dump', format: DUMP_FORMAT, version: DUMP_VERSION, records };
  let chunk = `${JSON.stringify(head)}\n`;
  let done = 0;
  for await (const line of linesOf(tx)) {
    chunk += `${line}\n`;
    done++;
    if (chunk.length < DUMP_CHUNK_CHARS) continue;
    progress(done);
    yield chunk;
    chunk = '';
  }
  progress(done);
  yield `${chunk}${JSON.stringify({ kind: 'end', records: done })}\n`;
}

async function* linesOf(tx: Database): AsyncGenerator<string> {
  const names = { judges: await readJudges(tx), passes: await readPasses(tx) };
  for (const kind of RECORD_KINDS) {
    const { query, line } = RECORD_SOURCES[kind];
    for await (const row of rowsByCursor(tx, query)) {
      yield jsonLine(kind, line(row, names));
    }
  }
}

/** What a query gives, some rows at a time: the order of a dump needs one sorting of each table, not one for a page. */
async function* rowsByCursor(tx: Database, query: SQL): AsyncGenerator<Row> {
  await tx.execute(sql`declare dumped no scroll cursor for ${query}`);
  const fetch = sql.raw(`fetch ${DUMPED_AT_ONCE} from dumped`);
  for (;;) {
    const rows = await rowsOf<Row>(tx, fetch);
    yield* rows;
    if (rows.length < DUMPED_AT_ONCE) break;
  }
  await tx.execute(sql`close dumped`);
}

/** Columns by name. Those that are not JSON text are written as the field of a line that is called the same. */
type Row = Readonly<Record<string, unknown>>;

/** JSON text that is stored, and is written as it stands. */
interface Stored {
  json: string;
}

type Fields = Readonly<Record<string, unknown>>;

function stored(row: Row, column: string): Stored {
  return { json: String(row[column]) };
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'json' in value && typeof value.json === 'string';
}

/** A field that is null or undefined is left out. */
function jsonLine(kind: RecordKind, fields: Fields): string {
  const members = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `,"${name}":${isStored(value) ? value.json : JSON.stringify(value)}`);
  return `{"kind":"${kind}"${members.join('')}}`;
}

/** What verdicts and scans refer to, by row: there are few of both. */
interface Names {
  judges: ReadonlyMap<number, Fields>;
  passes: ReadonlyMap<number, Fields>;
}

interface NamedRow {
  id: number | string;
  [field: string]: unknown;
}

async function readPasses(tx: Database): Promise<ReadonlyMap<number, Fields>> {
  const rows = await rowsOf<NamedRow>(
    tx,
    sql`select id, source, ref, ${instant('started_at', 'startedAt')}, nth from ${PASSES} p`,
  );
  return new Map(
    rows.map(({ id, nth, ...names }) => [Number(id), { ...names, ...(nth !== null && { nth }) }]),
  );
}

async function readJudges(tx: Database): Promise<ReadonlyMap<number, Fields>> {
  const rows = await rowsOf<NamedRow>(
    tx,
    sql`select id, classifier_version as "classifierVersion", signal_set_hash as "signalSetHash", reviewer from judges`,
  );
  return new Map(rows.map(({ id, ...names }) => [Number(id), names]));
}

interface RecordSource {
  /** In an order that only the content gives. */
  query: SQL;
  line(row: Row, names: Names): Fields;
}

/** A moment as text, to the millisecond, as it came. */
function instant(column: string, name: string): SQL {
  return sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "${name}"`);
}

/** Passes with their number among those that began at the same instant. */
const PASSES = sql.raw(`(
  select c.id, c.source, c.ref, c.started_at, nullif(row_number() over (
    partition by c.source, c.ref, c.started_at order by c.id), 1)::integer as nth
  from crawls c)`);

const RECORD_SOURCES: Record<RecordKind, RecordSource> = {
  'source-state': {
    query: sql`
      select source, ref, ${instant('saved_at', 'savedAt')}, state from source_states s
      where id = (select max(id) from source_states where source = s.source and ref = s.ref)
      order by source collate "C", ref collate "C"`,
    line: (row) => ({ ...row, state: stored(row, 'state') }),
  },
  pass: {
    query: sql`
      select p.source, p.ref, ${instant('p.started_at', 'startedAt')}, p.nth, ${instant('e.ended_at', 'endedAt')}
      from ${PASSES} p left join crawl_ends e on e.crawl_id = p.id
      order by p.source collate "C", p.ref collate "C", p.started_at, p.id`,
    line: (row) => row,
  },
  server: {
    query: sql`
      select key as id, slug, label, ${instant('first_seen_at', 'firstSeenAt')},
        coalesce((select json_agg(json_build_object('source', o.source, 'ref', o.ref, 'firstSeenAt', o."firstSeenAt")
            order by o.source collate "C", o.ref collate "C")
          from (select source, ref, ${instant('first_seen_at', 'firstSeenAt')} from origins where server_id = servers.id) o
        ), '[]')::text as origins
      from servers order by key`,
    line: (row) => ({ ...row, origins: JSON.parse(String(row.origins)) }),
  },
  definition: {
    query: sql`select hash, wire from tool_versions order by hash`,
    line: (row) => ({ hash: row.hash, definition: stored(row, 'wire') }),
  },
  list: {
    query: sql`
      select hash, coalesce((
        select json_agg(json_build_object('position', t.position, 'hash', t.tool_hash) order by t.position)
        from listing_tools t where t.listing_id = listings.id
      ), '[]')::text as tools
      from listings order by hash`,
    line: (row) => ({ ...row, tools: JSON.parse(String(row.tools)) }),
  },
  judge: {
    query: sql`
      select classifier_version as "classifierVersion", signal_set_hash as "signalSetHash", reviewer,
        prompt_version as "promptVersion", array_to_json(signals)::text as signals
      from judges
      order by classifier_version collate "C", signal_set_hash collate "C", reviewer collate "C", prompt_version collate "C"`,
    line: (row) => ({ ...row, signals: JSON.parse(String(row.signals)) }),
  },
  verdict: {
    query: sql`
      select tool_hash as "toolHash", ${instant('judged_at', 'judgedAt')}, judge_id, verdict
      from classifications order by tool_hash, id`,
    line: ({ judge_id, toolHash, judgedAt, verdict }, { judges }) => ({
      toolHash,
      judgedAt,
      ...judges.get(Number(judge_id)),
      verdict: { json: String(verdict) },
    }),
  },
  scan: {
    // A server's scans one after the other by their index, and what they refer to row by row: nothing large is sorted.
    query: sql`
      select v.key as server, ${instant('s.observed_at', 'observedAt')}, s.duration_ms as "durationMs",
        s.status, s.phase, case when s.listing_id is not null then s.provenance end as provenance,
        (select hash from listings where id = s.listing_id) as list, s.crawl_id,
        (select body from texts where hash = s.target_hash) as target,
        (select body from texts where hash = s.details_hash) as details
      from servers v
      cross join lateral (select * from scans where server_id = v.id order by observed_at offset 0) s
      order by v.key, s.observed_at`,
    line: ({ crawl_id, ...row }, { passes }) => ({
      ...row,
      pass: crawl_id === null ? undefined : passes.get(Number(crawl_id)),
      target: stored(row, 'target'),
      details: stored(row, 'details'),
    }),
  },
  review: {
    query: sql`
      select tool_hash as "toolHash", model, prompt_version as "promptVersion", ${instant('reviewed_at', 'reviewedAt')},
        prompt_tokens as "promptTokens", completion_tokens as "completionTokens", answer
      from reviews order by tool_hash collate "C", model collate "C", prompt_version collate "C"`,
    line: (row) => ({ ...row, answer: stored(row, 'answer') }),
  },
};
