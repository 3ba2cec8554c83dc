import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  beginCrawl,
  countOutcomes,
  endCrawl,
  loadSourceState,
  saveSourceState,
} from '../../catalogue/crawls.ts';
import { type OpenDatabase, openDatabase, rowsOf } from '../../catalogue/database.ts';
import { readDiff, readHistory, serverWith } from '../../catalogue/history.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { pruneCatalogue } from '../../catalogue/prune.ts';
import { saveScans } from '../../catalogue/save.ts';
import { readView } from '../../catalogue/view.ts';
import { createPostgresDatabase, ENGINES, type TestPlace } from '../support/engines.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2025-01-01T00:00:00Z');
const day = (n: number) => new Date(START + n * DAY_MS);
const now = () => day(400);

function tool(name: string) {
  return { name, description: `Does ${name}.`, inputSchema: { type: 'object' } };
}

const LISTS: Record<string, object[]> = { a: [tool('read_a'), tool('delete_b')], b: [tool('read_a')], e: [] };

/**
 * A server's scans, one a day, from day `from`: `a`, `b` and `e` are lists, `A` is the list `a` beside other
 * instructions, `p` is `a` cut short, `x` and `y` are failures, `.` is a day without a scan.
 */
function history(label: string, days: string, from = 0): JudgedScan[] {
  return [...days].flatMap((kind, index) => {
    if (kind === '.') return [];
    const at = day(from + index).toISOString();
    if (kind === 'x' || kind === 'y') return [failure(label, kind, at)];
    const scan = scanOf(label, LISTS[kind.toLowerCase()] ?? LISTS.a ?? [], at);
    const said = {
      ...(kind === 'A' && { instructions: 'Be brief.' }),
      ...(kind === 'p' && { status: 'partial' }),
    };
    return [{ ...scan, crawl: { ...scan.crawl, ...said } as JudgedScan['crawl'] }];
  });
}

/** Its message is another one each time, as those of many servers are. */
function failure(label: string, kind: string, at: string): JudgedScan {
  const { crawl } = failedScanOf(label, at);
  const code = kind === 'x' ? 'timeout' : 'protocol';
  return {
    crawl: { ...crawl, failure: { code, message: `${at}: no answer.` } } as JudgedScan['crawl'],
    classifications: [],
  };
}

describe.each(ENGINES)('prune on $engine', ({ create }) => {
  let place: TestPlace;
  let open: OpenDatabase;
  let db: OpenDatabase['db'];
  beforeAll(async () => {
    place = await create();
    open = await openDatabase(place.location, now);
    db = open.db;
  });
  afterAll(async () => {
    await open.close();
    await place.remove();
  });

  const save = (scan: JudgedScan, crawlId?: number) =>
    saveScans(db, [scan], { judgedAt: now(), ...(crawlId !== undefined && { crawlId }) });

  const prune = (keepFrom: number, more: { dryRun?: boolean; vacuum?: boolean; signal?: AbortSignal } = {}) =>
    pruneCatalogue(db, {
      before: day(keepFrom),
      dryRun: false,
      vacuum: false,
      signal: new AbortController().signal,
      ...more,
    });

  /** Which days of a server's history are left. */
  async function left(label: string): Promise<number[]> {
    const rows = await rowsOf<{ day: number }>(
      db,
      sql`select (extract(epoch from observed_at) * 1000 - ${START})::float8 / ${DAY_MS} as day
        from scans join servers on servers.id = server_id where label = ${label} order by observed_at`,
    );
    return rows.map((row) => row.day);
  }

  test.each([
    { what: 'the first and the last of the same list', days: 'aaaaa', left: [0, 4] },
    { what: 'each change, and a list that comes again', days: 'aaabbbaaa', left: [0, 2, 3, 5, 6, 8] },
    { what: 'the first and the last of a run of one failure', days: 'aaxxxxaa', left: [0, 1, 2, 5, 6, 7] },
    { what: 'two failures that are not the same', days: 'xxxyyy', left: [0, 2, 3, 5] },
    { what: 'every time that it was down', days: 'axaxaa', left: [0, 1, 2, 3, 4, 5] },
    { what: 'the newest list behind failures', days: 'aaaxxx', left: [0, 2, 3, 5] },
    { what: 'what else was said beside the same list', days: 'aaaAAAaa', left: [0, 2, 3, 5, 6, 7] },
    { what: 'a list that was cut short', days: 'aaappaa', left: [0, 2, 3, 4, 5, 6] },
    { what: 'a list without tools', days: 'eeeee', left: [0, 4] },
    { what: 'what is younger than the span', days: 'aaaaaaaaaaaa', left: [0, 10, 11] },
  ])('keeps $what: $days', async ({ days, left: expected }) => {
    const label = `kept-${days}`;
    for (const scan of history(label, days)) await save(scan);
    await prune(10);
    expect(await left(label)).toEqual(expected);
  });

  test('keeps the scans of a pass that has not ended, until it has', async () => {
    const pass = await beginCrawl(db, 'list', 'open.txt', now());
    const [first, second, ...rest] = history('open', 'aaaa');
    if (first === undefined || second === undefined) throw new Error('no scans');
    await save(first);
    await save(second, pass.id);
    for (const scan of rest) await save(scan);
    await prune(10);
    expect(await left('open')).toEqual([0, 1, 3]);
    await endCrawl(db, pass.id, now());
    await prune(10);
    expect(await left('open')).toEqual([0, 3]);
  });

  test('removes old passes that have ended and are empty, and old states, but the newest of each', async () => {
    const rows = async () => {
      const [row] = await rowsOf<{ passes: number; ends: number; states: number }>(
        db,
        sql`select (select count(*)::int from crawls where ref = 'r') as passes,
          (select count(*)::int from crawl_ends) as ends,
          (select count(*)::int from source_states where ref = 'r') as states`,
      );
      return row;
    };
    const { ends = 0 } = (await rows()) ?? {};
    for (let n = 0; n < 3; n++) {
      const pass = await beginCrawl(db, 'list', 'r', now());
      await saveSourceState(db, 'list', 'r', { n }, now());
      await endCrawl(db, pass.id, now());
    }
    // They are of the day 400 by the clock of these tests.
    expect((await prune(399)).removed).toMatchObject({ crawls: 0, sourceStates: 0 });
    expect(await rows()).toEqual({ passes: 3, ends: ends + 3, states: 3 });
    expect((await prune(401, { dryRun: true })).removed).toMatchObject({ crawls: 2, sourceStates: 2 });
    expect((await prune(401)).removed).toMatchObject({ crawls: 2, sourceStates: 2 });
    expect(await rows()).toEqual({ passes: 1, ends: ends + 1, states: 1 });
    expect(await loadSourceState(db, 'list', 'r')).toEqual({ n: 2 });
  });

  test('a dry run says what will go and removes nothing, and texts go with the scans that said them', async () => {
    for (const scan of history('dry', 'xxxxxx')) await save(scan);
    const dry = await prune(10, { dryRun: true });
    expect(dry.removed).toMatchObject({ scans: 4, texts: 4 });
    expect(await left('dry')).toHaveLength(6);
    const real = await prune(10, { vacuum: true });
    expect(real).toEqual(dry);
    expect(await left('dry')).toEqual([0, 5]);
    expect((await prune(10)).removed).toEqual({ scans: 0, texts: 0, crawls: 0, sourceStates: 0 });
  });

  test('broken off, it says so, and the next time goes on', async () => {
    for (const scan of history('broken-off', 'aaaaaa')) await save(scan);
    const stopped = await prune(10, { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ finished: false, removed: { scans: 0, texts: 0 } });
    expect(await prune(10)).toMatchObject({ finished: true, removed: { scans: 4 } });
  });

  test('whatever happened, all that is shown and remembered is as before', async () => {
    let run = 0;
    const days = fc.array(fc.constantFrom(...'aaaabbAepxxxy.'), { minLength: 1, maxLength: 14 });
    const property = async (histories: string[][], keepFrom: number) => {
      run++;
      const labels = histories.map((_, index) => `run-${run}-${index}`);
      for (const [index, kinds] of histories.entries()) {
        for (const scan of history(labels[index] ?? '', kinds.join(''))) await save(scan);
      }
      const before = await remembered(labels, keepFrom);
      await prune(keepFrom);
      expect(await remembered(labels, keepFrom)).toEqual(before);
      expect((await prune(keepFrom)).removed).toMatchObject({ scans: 0, texts: 0 });
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(days, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 16 }),
        property,
      ),
      { numRuns: 12 },
    );
  }, 240_000);

  /** All that must be the same after pruning. */
  async function remembered(labels: readonly string[], keepFrom: number) {
    const names = JSON.stringify(labels);
    const slugs = await rowsOf<{ slug: string }>(
      db,
      sql`select slug from servers where label in (select value from jsonb_array_elements_text(${names}::jsonb)) order by slug`,
    );
    const shown: unknown[] = [];
    for (const { slug } of slugs) {
      const server = await serverWith(db, slug);
      const view = await readView(db, '1.0.0', slug);
      const told = await readHistory(db, server, { limit: 1000 }, (_, verdict) => verdict);
      const diff = await readDiff(db, server, undefined, (_, verdict) => verdict);
      shown.push({ view, told, diff });
    }
    const outcomes = await countOutcomes(db);
    const of = sql`select s.*, v.label from scans s join servers v on v.id = s.server_id
        where v.label in (select value from jsonb_array_elements_text(${names}::jsonb))`;
    return {
      shown,
      outcomes,
      young: await rowsOf(
        db,
        sql`select id::int from (${of}) s where observed_at >= ${day(keepFrom).toISOString()} order by id`,
      ),
      tools: await rowsOf(
        db,
        sql`select label, g.tool_hash, min(observed_at)::text as first, max(observed_at)::text as last
            from (${of}) s join listing_tools g using (listing_id) group by 1, 2 order by 1, 2`,
      ),
      said: await rowsOf(
        db,
        sql`select label, details_hash, min(observed_at)::text as first, max(observed_at)::text as last
            from (${of}) s where status <> 'failed' group by 1, 2 order by 1, 2`,
      ),
      failures: await rowsOf(
        db,
        sql`select label, phase, failure_code, min(observed_at)::text as first, max(observed_at)::text as last
            from (${of}) s where status = 'failed' group by 1, 2, 3 order by 1, 2, 3`,
      ),
      lists: await rowsOf(
        db,
        sql`select label, listing_id::int, observed_at::text as at from (
              select *, lag(listing_id) over (partition by server_id order by observed_at) as before
              from (${of}) s where listing_id is not null
            ) l where before is distinct from listing_id order by 1, 3`,
      ),
      newest: await rowsOf(
        db,
        sql`select label, max(observed_at)::text as at from (${of}) s group by 1 order by 1`,
      ),
      verdicts: await rowsOf(db, sql`select count(*)::int as n from classifications`),
    };
  }
});

describe('with others at work on PostgreSQL', () => {
  let place: Awaited<ReturnType<typeof createPostgresDatabase>>;
  beforeAll(async () => {
    place = await createPostgresDatabase();
  });
  afterAll(async () => {
    await place.remove();
  });

  test('a crawl and two prunings at once lose nothing and fail in nothing', async () => {
    const servers = ['one', 'two', 'three'];
    const { db, close } = await openDatabase(place.location, now);
    const [prunerA, prunerB] = [
      await openDatabase(place.location, now),
      await openDatabase(place.location, now),
    ];
    let crawling = true;
    // Few messages, which come and go, so that a text is wanted again just when it is removed.
    const outage = (label: string, n: number): JudgedScan => {
      const { crawl } = failedScanOf(label, day(n).toISOString());
      const failure = { code: 'timeout', message: `${label}: no answer, ${n % 3}.` };
      return { crawl: { ...crawl, failure } as JudgedScan['crawl'], classifications: [] };
    };
    const crawl = async () => {
      for (let n = 0; n < 120; n++) {
        const scans = servers.map((label) =>
          n % 40 === 39 ? scanOf(label, [tool('t')], day(n).toISOString()) : outage(label, n),
        );
        await saveScans(db, scans, { judgedAt: now() });
      }
      crawling = false;
    };
    const pruneAgain = async ({ db: own }: OpenDatabase) => {
      const options = {
        before: day(200),
        dryRun: false,
        vacuum: false,
        signal: new AbortController().signal,
      };
      let scans = 0;
      while (crawling) scans += (await pruneCatalogue(own, options)).removed.scans;
      return scans + (await pruneCatalogue(own, options)).removed.scans;
    };
    const [, byA, byB] = await Promise.all([crawl(), pruneAgain(prunerA), pruneAgain(prunerB)]);
    const [row] = await rowsOf<{ n: number; lists: number }>(
      db,
      sql`select count(*)::int as n, count(listing_id)::int as lists from scans`,
    );
    // Of each server three lists and the edges of three runs of failures.
    expect(row).toEqual({ n: servers.length * 9, lists: servers.length * 3 });
    expect(byA + byB).toBe(servers.length * (120 - 9));
    for (const each of [{ close }, prunerA, prunerB]) await each.close();
  });

  test('a text that a scan is about to need stays, and goes the next time if it is not', async () => {
    const { db, close } = await openDatabase(place.location, now);
    const saver = await openDatabase(place.location, now);
    const options = { before: day(200), dryRun: false, vacuum: false, signal: new AbortController().signal };
    const other = postgres(place.location.url, { max: 2, onnotice: () => {} });
    for (const scan of history('raced', 'xxxxx')) await saveScans(db, [scan], { judgedAt: now() });
    await db.execute(sql`delete from scans where id in (
      select scans.id from scans join servers on servers.id = server_id where label = 'raced'
      and observed_at = ${day(2).toISOString()})`);

    // The scan is held up when it has found its text and before it refers to it.
    const release = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = other.begin(async (tx) => {
      await tx`lock table scans in share row exclusive mode`;
      locked.resolve();
      await release.promise;
    });
    await locked.promise;
    const again = failure('raced', 'x', day(2).toISOString());
    const scan = { ...again, crawl: { ...again.crawl, observedAt: day(6).toISOString() } };
    const saving = saveScans(saver.db, [scan], { judgedAt: now() });
    const isHeld = async () =>
      (await other`select from pg_locks where not granted and relation = 'scans'::regclass`).length > 0;
    await expect.poll(isHeld, { timeout: 20_000 }).toBe(true);
    expect(await pruneTextsOnly()).toEqual({ removed: 0, textsLeft: true });
    release.resolve();
    await holding;
    await expect(saving).resolves.toEqual(['raced']);
    expect(await pruneCatalogue(db, options)).toMatchObject({ textsLeft: false });
    const [row] = await rowsOf<{ unused: number }>(
      db,
      sql`select count(*)::int as unused from (
        select hash from texts except select target_hash from scans except select details_hash from scans) t`,
    );
    expect(row?.unused).toBe(0);
    await other.end();
    await saver.close();
    await close();

    /** With no scan old enough, so that nothing but texts is left to be removed. */
    async function pruneTextsOnly() {
      const { removed, textsLeft } = await pruneCatalogue(db, { ...options, before: day(-1) });
      return { removed: removed.texts, textsLeft };
    }
  });
});
