import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyText } from '../catalogue/copy-rows.ts';
import { type DatabaseLocation, type OpenDatabase, openDatabase } from '../catalogue/database.ts';
import { createGroupSaver } from '../catalogue/group-save.ts';
import type { JudgedScan } from '../catalogue/pipeline.ts';
import { saveScans } from '../catalogue/save.ts';
import { startPostgres } from './postgres.ts';
import { median } from './quantile.ts';
import { readDefinitions, scansOf } from './store-data.ts';

/**
 * What it costs to keep a crawl: real definitions, multiplied to `--tools` distinct ones on `--servers` servers, stored
 * with their scans, lists and verdicts, beside the floor of a bare COPY of the very same rows into tables without keys.
 * Then the same crawl a day later. Each measurement is a process of its own, on PostgreSQL and on PGlite.
 *
 *     npm run bench:store -- <definitions.jsonl>
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    phase: { type: 'string' },
    location: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
    tools: { type: 'string', default: '250000' },
    servers: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '1' },
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

interface Ingest {
  seconds: number;
  /** Megabytes: the most that the process had, and after each quarter of the work. */
  peak: number;
  quarters: number[];
}

const PHASES: Record<string, () => Promise<unknown>> = {
  first: () => ingest('2026-01-01T00:00:00.000Z'),
  again: () => ingest('2026-01-02T00:00:00.000Z'),
  floor,
};

const phase = PHASES[values.phase ?? ''];
if (phase) process.stdout.write(JSON.stringify(await phase()));
else await compare();

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-bench-'));
  const postgres = await startPostgres();
  try {
    const places = {
      PostgreSQL: () => postgres.createDatabase(),
      PGlite: async () => mkdtempSync(join(folder, 'pglite-')),
    };
    for (const [engine, create] of Object.entries(places)) {
      const runs = [];
      for (let round = 0; round < Number(values.rounds); round++) {
        const location = await create();
        const first = await measure<Ingest>('first', location, folder);
        const floor = await measure<{ seconds: number; megabytes: number }>('floor', location, folder);
        const again = await measure<Ingest>('again', location, folder);
        runs.push({ first, floor, again });
      }
      process.stdout.write(report(engine, runs));
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  first: Ingest;
  again: Ingest;
  floor: { seconds: number; megabytes: number };
}

function report(engine: string, runs: readonly Run[]): string {
  const of = (value: (run: Run) => number) => median(runs.map(value));
  const rate = (seconds: number) =>
    `${seconds.toFixed(1)} s, ${Math.round(size.toolCount / seconds)} tools a second`;
  const quarters = runs.at(-1)?.first.quarters ?? [];
  return `${engine}: ${size.toolCount} tools on ${size.serverCount} servers, medians of ${runs.length}
  bare COPY of the same rows    ${rate(of(({ floor }) => floor.seconds))} (${of(({ floor }) => floor.megabytes).toFixed(0)} MB)
  a first crawl                 ${rate(of(({ first }) => first.seconds))}: ${of(({ first, floor }) => first.seconds / floor.seconds).toFixed(2)} times the floor
  the same crawl again          ${rate(of(({ again }) => again.seconds))}: ${of(({ first, again }) => again.seconds / first.seconds).toFixed(2)} of the first
  memory of the process         peak ${of(({ first }) => first.peak).toFixed(0)} MB; after each quarter ${quarters.map((each) => each.toFixed(0)).join(', ')} MB
`;
}

/** Not `spawnSync`: what PostgreSQL logs is read by this process, and must not pile up. */
async function measure<Result>(name: string, location: string, folder: string): Promise<Result> {
  const args = ['--phase', name, '--location', location, '--folder', folder, ...process.argv.slice(2)];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = Array.fromAsync(child.stdout, String);
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return JSON.parse((await output).join('')) as Result;
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
  const KB_PER_MB = 1000;
  return { seconds, peak: process.resourceUsage().maxRSS / KB_PER_MB, quarters };
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
