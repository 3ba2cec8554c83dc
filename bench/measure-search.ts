import { sql } from 'drizzle-orm';
import { refreshBeforeSearch } from '../catalogue/current-tools.ts';
import { type Database, type DatabaseLocation, openDatabase, rowsOf } from '../catalogue/database.ts';
import { search } from '../catalogue/search.ts';
import { quantile } from './quantile.ts';
import { type DrawnQuery, drawQueries, generator } from './search-queries.ts';

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
  wires: readonly string[],
  { queries = 2_000, seed = 1 }: { queries?: number; seed?: number } = {},
): Promise<SearchFigures> {
  const { db, close } = await openDatabase(location, now);
  try {
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
