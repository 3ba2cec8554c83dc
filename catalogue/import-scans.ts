import { sql } from 'drizzle-orm';
import { idSet, markForSearch } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import type { RecordStore } from './import.ts';
import { passIds } from './import-servers.ts';
import { listingIds } from './listings.ts';
import { columnList, recordset } from './recordset.ts';
import { type HashedText, hashedText, SCAN, storeTexts } from './save.ts';
import { indexable, serversByKey } from './servers.ts';

/**
 * Keeps scans that the catalogue does not have: a server has one at an instant, and one in a pass. A server that now
 * lists something else is put on the backlog of the search.
 */
export const storeScanRecords: RecordStore<'scan'> = async (tx, items, run) => {
  const servers = await serversByKey(
    tx,
    items.map(({ record }) => record.server),
  );
  const lists = await listingIds(
    tx,
    items.flatMap(({ record }) => (record.status === 'failed' ? [] : [record.list])),
  );
  const inPass = items.flatMap((item) =>
    item.record.pass === undefined ? [] : [{ item, pass: item.record.pass }],
  );
  const found = await passIds(
    tx,
    inPass.map(({ pass }) => pass),
  );
  const passes = new Map(inPass.map(({ item }, index) => [item, found.get(index)]));

  const texts: HashedText[] = [];
  const keep = (value: unknown) => {
    const text = hashedText(value);
    texts.push(text);
    return text.hash;
  };
  const rows = items.map((item) => {
    const { record, raw } = item;
    const server = servers.get(record.server) ?? run.fail(item, 'no line before it has its server');
    if (indexable(record.target.id) !== record.server) run.fail(item, 'its target is another server');
    if (record.pass !== undefined && passes.get(item) === undefined) {
      run.fail(item, 'no line before it has its pass');
    }
    const failed = record.status === 'failed' ? record : undefined;
    const listed = record.status === 'failed' ? undefined : record;
    const list =
      listed && (lists.get(listed.list) ?? run.fail(item, `no line before it has the list ${listed.list}`));
    return {
      server_id: server.id,
      crawl_id: passes.get(item) ?? null,
      observed_at: record.observedAt,
      duration_ms: record.durationMs,
      status: record.status,
      phase: failed?.phase ?? null,
      failure_code: failed?.details.failure.code ?? null,
      provenance: listed?.provenance ?? 'observed',
      target_hash: keep(raw.target),
      details_hash: keep(raw.details),
      listing_id: list ?? null,
    };
  });
  await storeTexts(tx, texts);
  const before = await currentLists(tx, [...new Set(rows.map(({ server_id }) => server_id))]);
  const inserted = await rowsOf<{ server_id: number | string }>(
    tx,
    sql`
    insert into scans (${columnList(SCAN)}) select * from ${recordset(rows, SCAN)}
    on conflict do nothing
    returning server_id`,
  );
  const touched = [...new Set(inserted.map((row) => Number(row.server_id)))];
  if (touched.length > 0) await noteChanges(tx, touched);
  const after = await currentLists(tx, touched);
  const changed = touched.filter((id) => after.get(id) !== before.get(id) && id !== run.backlogged.server);
  await markForSearch(tx, changed);
  // A server's scans follow each other, so that only the last one can come again with the next records.
  const last = changed.at(-1);
  if (last !== undefined) run.backlogged.server = last;
  return inserted.length;
};

/** What these servers list now; those that were never listed are left out. */
async function currentLists(tx: Database, serverIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await rowsOf<{ server_id: number | string; listing_id: number | string }>(
    tx,
    sql`
    select r.id as server_id, s.listing_id
    from ${idSet(serverIds)}
    cross join lateral (
      select listing_id from scans
      where server_id = r.id and listing_id is not null order by observed_at desc limit 1
    ) s`,
  );
  return new Map(rows.map((row) => [Number(row.server_id), Number(row.listing_id)]));
}

/** Notes with each scan which other list it took the place of: a scan may have come between two that are there. */
async function noteChanges(tx: Database, serverIds: readonly number[]): Promise<void> {
  await tx.execute(sql`
    update scans s set replaces_id = o.replaced
    from (
      select id, case when before <> listing_id then before end as replaced
      from (
        select s.id, s.listing_id, lag(s.listing_id) over (partition by s.server_id order by s.observed_at) as before
        from ${idSet(serverIds)}
        cross join lateral (select * from scans where server_id = r.id and listing_id is not null offset 0) s
      ) listed
    ) o
    where o.id = s.id and s.replaces_id is distinct from o.replaced`);
}
