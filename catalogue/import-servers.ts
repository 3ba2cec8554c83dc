import { sql } from 'drizzle-orm';
import { type Database, rowsOf } from './database.ts';
import type { PassName } from './dump-format.ts';
import type { RecordStore } from './import.ts';
import { MAX_RENAMED_SHOWN } from './limits.ts';
import { columnList, recordset } from './recordset.ts';
import { insertServer, ORIGIN, SERVER, serversByKey } from './servers.ts';
import { serverSlug } from './slugs.ts';

/**
 * Keeps servers with their origins. One whose slug another server has is given the next that is free; one that is
 * known keeps its own. Both are known since the earlier of the two moments.
 */
export const storeServerRecords: RecordStore<'server'> = async (tx, items, run) => {
  const rows = items.map(({ record: { id, slug, label, firstSeenAt } }) => ({
    key: id,
    slug,
    label,
    first_seen_at: firstSeenAt,
  }));
  const before = await serversByKey(
    tx,
    rows.map(({ key }) => key),
  );
  const fresh = [
    ...new Map(rows.filter(({ key }) => !before.has(key)).map((row) => [row.key, row])).values(),
  ];
  if (fresh.length > 0) {
    await tx.execute(sql`
      insert into servers (${columnList(SERVER)}) select * from ${recordset(fresh, SERVER)}
      on conflict do nothing`);
  }
  const stored = await serversByKey(
    tx,
    rows.map(({ key }) => key),
  );
  for (const { key, slug, label, first_seen_at: seenAt } of fresh) {
    if (stored.has(key)) continue;
    const server = await insertServer(tx, { key, slug: serverSlug(label), label, seenAt });
    stored.set(key, server);
    run.report.renamedCount++;
    const { renamed } = run.report;
    if (renamed.length < MAX_RENAMED_SHOWN) renamed.push({ id: key, slug, given: server.slug });
  }
  await tx.execute(sql`
    update servers s set first_seen_at = r.first_seen_at from ${recordset(rows, SERVER)}
    where s.key = r.key and r.first_seen_at < s.first_seen_at`);
  const origins = items.flatMap(({ record }) =>
    record.origins.map(({ source, ref, firstSeenAt }) => ({
      server_id: stored.get(record.id)?.id ?? null,
      source,
      ref,
      first_seen_at: firstSeenAt,
    })),
  );
  await tx.execute(sql`
    insert into origins (${columnList(ORIGIN)}) select * from ${recordset(origins, ORIGIN)}
    on conflict do nothing`);
  await tx.execute(sql`
    update origins o set first_seen_at = r.first_seen_at from ${recordset(origins, ORIGIN)}
    where o.server_id = r.server_id and o.source = r.source and o.ref = r.ref
      and r.first_seen_at < o.first_seen_at`);
  return fresh.length;
};

const PASS = { n: 'integer', source: 'text', ref: 'text', started_at: 'timestamptz', nth: 'integer' };
const BEGUN = { source: 'text', ref: 'text', started_at: 'timestamptz' };
const ENDED = { crawl_id: 'bigint', ended_at: 'timestamptz' };

/** Keeps passes over sources; one of several that began at one instant is known by its number. */
export const storePasses: RecordStore<'pass'> = async (tx, items, run) => {
  const passes = items.map(({ record }) => record);
  const known = await passIds(tx, passes);
  const fresh = passes.filter((_, index) => !known.has(index));
  if (fresh.length > 0) {
    const rows = fresh.map(({ source, ref, startedAt }) => ({ source, ref, started_at: startedAt }));
    await tx.execute(sql`
      insert into crawls (${columnList(BEGUN)}) select * from ${recordset(rows, BEGUN)}`);
  }
  const ids = fresh.length === 0 ? known : await passIds(tx, passes);
  const ends = items.flatMap((item, index) => {
    const id =
      ids.get(index) ?? run.fail(item, 'the pass that began before it at the same instant is missing');
    return item.record.endedAt === undefined ? [] : [{ crawl_id: id, ended_at: item.record.endedAt }];
  });
  await tx.execute(sql`
    insert into crawl_ends (${columnList(ENDED)}) select * from ${recordset(ends, ENDED)}
    on conflict do nothing`);
  return fresh.length;
};

/** The rows of passes, by their places among those that are given; the unknown are left out. */
export async function passIds(tx: Database, passes: readonly PassName[]): Promise<Map<number, number>> {
  if (passes.length === 0) return new Map();
  const rows = passes.map(({ source, ref, startedAt, nth = 1 }, n) => ({
    n,
    source,
    ref,
    started_at: startedAt,
    nth,
  }));
  const found = await rowsOf<{ n: number; id: number | string }>(
    tx,
    sql`
    select r.n, p.id from ${recordset(rows, PASS)}
    cross join lateral (
      select id from crawls
      where source = r.source and ref = r.ref and started_at = r.started_at
      order by id offset r.nth - 1 limit 1
    ) p`,
  );
  return new Map(found.map(({ n, id }) => [n, Number(id)]));
}

const STATE = { source: 'text', ref: 'text', state: 'text', saved_at: 'timestamptz' };

/** Keeps what sources have for their next run, where the catalogue has nothing as new. */
export const storeStates: RecordStore<'source-state'> = async (tx, items) => {
  const rows = items.map(({ record: { source, ref, savedAt }, raw }) => ({
    source,
    ref,
    state: JSON.stringify(raw.state ?? null),
    saved_at: savedAt,
  }));
  const inserted = await rowsOf<{ id: unknown }>(
    tx,
    sql`
    insert into source_states (${columnList(STATE)})
    select r.* from ${recordset(rows, STATE)}
    where not exists (
      select from source_states s where s.source = r.source and s.ref = r.ref and s.saved_at >= r.saved_at)
    returning id`,
  );
  return inserted.length;
};

const REVIEW = {
  tool_hash: 'text',
  model: 'text',
  prompt_version: 'text',
  answer: 'text',
  prompt_tokens: 'integer',
  completion_tokens: 'integer',
  reviewed_at: 'timestamptz',
};

/** Keeps answers of models to questions that the catalogue has no answer to. */
export const storeReviews: RecordStore<'review'> = async (tx, items) => {
  const rows = items.map(({ record, raw }) => ({
    tool_hash: record.toolHash,
    model: record.model,
    prompt_version: record.promptVersion,
    answer: JSON.stringify(raw.answer),
    prompt_tokens: record.promptTokens,
    completion_tokens: record.completionTokens,
    reviewed_at: record.reviewedAt,
  }));
  const inserted = await rowsOf<{ id: unknown }>(
    tx,
    sql`
    insert into reviews (${columnList(REVIEW)}) select * from ${recordset(rows, REVIEW)}
    on conflict do nothing
    returning id`,
  );
  return inserted.length;
};
