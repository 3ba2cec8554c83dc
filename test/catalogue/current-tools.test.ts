import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refreshBeforeSearch, refreshSearch } from '../../catalogue/current-tools.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../catalogue/database.ts';
import type { JudgedScan } from '../../catalogue/pipeline.ts';
import { saveReviewed } from '../../catalogue/reviews.ts';
import { saveOrigin, saveScans } from '../../catalogue/save.ts';
import * as schema from '../../catalogue/schema.ts';
import { search } from '../../catalogue/search.ts';
import type { SearchQuery } from '../../catalogue/search-contract.ts';
import { createPostgresDatabase, ENGINES, type TestPlace } from '../support/engines.ts';
import { failedScanOf, scanOf } from '../support/scans.ts';

const NOW = new Date('2026-02-01T00:00:00Z');

function tool(name: string) {
  return { name, description: `Reads the ${name}.`, inputSchema: { type: 'object' } };
}

function save(db: Database, ...scans: JudgedScan[]) {
  return saveScans(db, scans, { judgedAt: NOW });
}

async function found(db: Database, query: SearchQuery) {
  const { hits } = await search(db, { limit: 500, ...query });
  return hits.map(({ server, definition }) => `${server.slug}/${definition.name}`);
}

/** The same verdicts by another judge, who finds more. */
function raised({ classifications: [rules] }: JudgedScan, version: string) {
  if (rules === undefined) throw new Error('nothing was judged');
  const reviewed = { ...rules, risk: 'critical' as const, category: 'Execute' as const };
  return { rules, reviewed: { ...reviewed, classifierVersion: version } };
}

describe.each(ENGINES)('what a search finds on $engine', ({ create }) => {
  let place: TestPlace;
  let open: OpenDatabase;
  beforeAll(async () => {
    place = await create();
    open = await openDatabase(place.location, () => NOW);
  });
  afterAll(async () => {
    await open.close();
    await place.remove();
  });

  test('is told to be behind until it is refreshed', async () => {
    const { db } = open;
    await save(db, scanOf('late', [tool('otter')]));
    expect(await search(db, { words: 'otter' })).toMatchObject({ hits: [], waitingServers: 1 });
    await refreshSearch(db);
    expect(await search(db, { words: 'otter' })).toMatchObject({
      hits: [{ server: { slug: 'late' } }],
      waitingServers: 0,
    });
  });

  test('is the newest list by when it was observed, and no failure empties it', async () => {
    const { db } = open;
    await save(db, scanOf('order', [tool('badger')], '2026-01-02T00:00:00.000Z'));
    await save(db, scanOf('order', [tool('weasel')], '2026-01-01T00:00:00.000Z'));
    await save(db, failedScanOf('order', '2026-01-03T00:00:00.000Z'));
    await refreshSearch(db);
    expect(await found(db, { server: 'order' })).toEqual(['order/badger']);
    await save(db, scanOf('order', [], '2026-01-04T00:00:00.000Z'));
    await refreshSearch(db);
    expect(await found(db, { server: 'order' })).toEqual([]);
  });

  test('has a new verdict at once, on every server that lists the tool', async () => {
    const { db } = open;
    const scan = scanOf('judged-1', [tool('marmot')]);
    await save(db, scan, scanOf('judged-2', [tool('marmot')]));
    await refreshSearch(db);
    expect(await found(db, { words: 'marmot', risks: ['critical'] })).toEqual([]);
    await saveReviewed(db, [raised(scan, 'next')], NOW);
    const both = ['judged-1/marmot', 'judged-2/marmot'];
    const verdict = { risks: ['critical' as const], categories: ['Execute' as const] };
    expect(await found(db, { words: 'marmot', ...verdict })).toEqual(both);
    expect(await found(db, { words: 'marmot', risks: ['low'] })).toEqual([]);
    expect(await found(db, { risks: ['critical'] })).toEqual(both);
  });

  test('is found by every source that found the server', async () => {
    const { db } = open;
    const scan = scanOf('sourced', [tool('heron')]);
    await save(db, scan);
    const origin = { source: 'list', ref: 'servers.txt' };
    await saveOrigin(db, { ...scan.crawl.target, origin }, NOW.toISOString());
    await refreshSearch(db);
    expect(await found(db, { words: 'heron', origin: 'list' })).toEqual(['sourced/heron']);
    expect(await found(db, { words: 'heron', origin: 'npm' })).toEqual(['sourced/heron']);
    expect(await found(db, { words: 'heron', origin: 'other' })).toEqual([]);
  });

  test('waits where the work is broken off, and nothing of it is lost', async () => {
    const { db } = open;
    await save(db, scanOf('broken-off', [tool('walrus')]));
    await refreshSearch(db, { signal: AbortSignal.abort() });
    expect(await search(db, { words: 'walrus' })).toMatchObject({ hits: [], waitingServers: 1 });
    await refreshSearch(db);
    expect(await found(db, { words: 'walrus' })).toEqual(['broken-off/walrus']);
  });

  test('is whole after many refreshed, saved and judged at the same time', async () => {
    const { db } = open;
    const scans = Array.from({ length: 30 }, (_, n) => scanOf(`busy-${n}`, [tool(`ferret ${n % 10}`)]));
    await Promise.all(
      scans.flatMap((scan, n) => [
        save(db, scan).then(() => saveReviewed(db, [raised(scan, `v${n % 3}`)], NOW)),
        ...(n % 5 === 0 ? [refreshSearch(db)] : []),
      ]),
    );
    await refreshSearch(db);
    expect(await found(db, { words: 'ferret', risks: ['critical'] })).toHaveLength(scans.length);
    expect(await found(db, { words: 'ferret' })).toHaveLength(scans.length);
  });
});

test('whoever may only read searches what there is, and is told what is missing', async () => {
  const { location, remove } = await createPostgresDatabase();
  const { db, close } = await openDatabase(location, () => NOW);
  await save(db, scanOf('known', [tool('tapir')]));
  await refreshSearch(db);
  await save(db, scanOf('waiting', [tool('tapir')]));
  await db.execute(
    "create role only_reads login password 'reads'; grant select on all tables in schema public to only_reads",
  );
  const url = new URL(location.url);
  url.username = 'only_reads';
  url.password = 'reads';
  const client = postgres(url.href, { max: 1 });
  const reader: Database = drizzle(client, { schema, casing: 'snake_case' });
  await refreshBeforeSearch(reader);
  expect(await search(reader, { words: 'tapir' })).toMatchObject({
    hits: [{ server: { slug: 'known' } }],
    waitingServers: 1,
  });
  await client.end();
  await db.execute('drop owned by only_reads; drop role only_reads');
  await close();
  await remove();
});
