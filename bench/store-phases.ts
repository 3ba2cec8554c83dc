import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { copyText } from '../catalogue/copy-rows.ts';
import { refreshSearch } from '../catalogue/current-tools.ts';
import { type DatabaseLocation, type OpenDatabase, openDatabase } from '../catalogue/database.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import type { JudgedScan } from '../catalogue/pipeline.ts';
import { saveScans } from '../catalogue/save.ts';
import { measureSearch } from './measure-search.ts';
import { readDefinitions, scansOf } from './store-data.ts';

/** One measurement of `store.ts`, in a process of its own. Prints its figures as JSON. */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    phase: { type: 'string', default: '' },
    location: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
    tools: { type: 'string', default: '' },
    servers: { type: 'string', default: '' },
    queries: { type: 'string', default: '' },
  },
});

/** What a crawl stores; the tables that are kept for searching are filled later, and measured on their own. */
const TABLES = [
  'servers',
  'origins',
  'texts',
  'tool_versions',
  'listings',
  'listing_tools',
  'scans',
  'judges',
  'classifications',
];

/** Servers that are made and judged before the clock goes on: a crawl has its results in memory too. */
const PREPARED = 400;

const size = { serverCount: Number(values.servers), toolCount: Number(values.tools) };

const PHASES: Record<string, () => Promise<unknown>> = {
  first: () => ingest('2026-01-01T00:00:00.000Z'),
  again: () => ingest('2026-01-02T00:00:00.000Z'),
  floor,
  refresh,
  search: async () =>
    measureSearch(location(), await readDefinitions(positionals[0] ?? ''), {
      queries: Number(values.queries),
    }),
};

const phase = PHASES[values.phase];
if (phase === undefined) throw new Error(`there is no phase '${values.phase}'`);
process.stdout.write(JSON.stringify(await phase()));

/** Megabytes: the most that the process had, and after each quarter of the work. */
export interface Memory {
  peak: number;
  quarters: number[];
}

export interface Ingest extends Memory {
  seconds: number;
}

export interface Floor {
  seconds: number;
  megabytes: number;
}

function location(): DatabaseLocation {
  return values.location.startsWith('postgres') ? { url: values.location } : { directory: values.location };
}

/** Stores every scan in groups, several under way at once, and counts the time of the storing alone. */
async function ingest(observedAt: string): Promise<Ingest> {
  const wires = await readDefinitions(positionals[0] ?? '');
  const { db, close } = await openDatabase(location(), () => new Date());
  let seconds = 0;
  let done = 0;
  const quarters: number[] = [];
  let prepared: JudgedScan[] = [];
  const save = createGroupSaver((scans) => saveScans(db, scans, { judgedAt: new Date(observedAt) }), sleep);
  const store = async () => {
    const start = performance.now();
    await Promise.all(prepared.map(save));
    seconds += (performance.now() - start) / 1000;
    done += prepared.length;
    prepared = [];
    if (done >= ((quarters.length + 1) * size.serverCount) / 4)
      quarters.push(process.memoryUsage().rss / 1e6);
  };
  for (const scan of scansOf(wires, { ...size, observedAt })) {
    prepared.push(scan);
    if (prepared.length >= PREPARED) await store();
  }
  await store();
  await close();
  return { seconds, peak: peakMegabytes(), quarters };
}

/** Copies the stored rows out, and, timed, into tables of the same columns that have no key and no index. */
async function floor(): Promise<{ seconds: number; megabytes: number }> {
  const fileOf = (table: string) => join(values.folder, `${table}.copy`);
  await withClient(async (sql) => {
    await sql.unsafe('create schema if not exists bare');
    for (const table of TABLES) await sql.unsafe(`create table bare.${table} (like ${table})`);
    for (const table of TABLES) {
      await pipeline(copyLines(sql, table), createWriteStream(fileOf(table)));
    }
  });
  const seconds = await withClient(async (sql) => {
    const start = performance.now();
    for (const table of TABLES) {
      const into = await sql.unsafe(`copy bare.${table} from stdin`).writable();
      await pipeline(createReadStream(fileOf(table), { highWaterMark: 1 << 20 }), into);
    }
    return (performance.now() - start) / 1000;
  });
  const megabytes = TABLES.map((table) => statSync(fileOf(table)).size / 1e6).reduce(
    (sum, each) => sum + each,
  );
  for (const table of TABLES) rmSync(fileOf(table));
  await withClient((sql) => sql.unsafe('drop schema bare cascade'));
  return { seconds, megabytes };
}

/** The rows of a table in the text format of COPY. (COPY out by postgres.js can stop for ever at its end.) */
async function* copyLines(sql: OpenDatabase['sql'], table: string): AsyncGenerator<string> {
  const columns = await sql`
    select string_agg(quote_ident(column_name) || '::text', ', ' order by ordinal_position) as list
    from information_schema.columns where table_schema = 'public' and table_name = ${table}`;
  for await (const rows of sql.unsafe(`select ${columns[0]?.list} from ${table}`).values().cursor(2_000)) {
    yield rows.map((row) => `${row.map(copyText).join('\t')}\n`).join('');
  }
}

async function withClient<Result>(work: (sql: OpenDatabase['sql']) => Promise<Result>): Promise<Result> {
  const { sql, close } = await openDatabase(location(), () => new Date());
  return work(sql).finally(close);
}

/** Makes everything that was stored searchable. */
async function refresh(): Promise<{ seconds: number; peak: number }> {
  const { db, close } = await openDatabase(location(), () => new Date());
  const start = performance.now();
  await refreshSearch(db);
  const seconds = (performance.now() - start) / 1000;
  await close();
  return { seconds, peak: peakMegabytes() };
}

function peakMegabytes(): number {
  const KB_PER_MB = 1000;
  return process.resourceUsage().maxRSS / KB_PER_MB;
}
