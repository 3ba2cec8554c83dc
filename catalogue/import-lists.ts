import { sql } from 'drizzle-orm';
import { readTool } from '../crawler/definition.ts';
import { type Database, rowsOf } from './database.ts';
import type { RecordStore } from './import.ts';
import { hashSet, LISTED, LISTING, listingHash, listingIds, storeToolVersions } from './listings.ts';
import { columnList, recordset } from './recordset.ts';

/** Keeps definitions that are tools, and that have the hash they are said to have. */
export const storeDefinitions: RecordStore<'definition'> = async (tx, items, run) => {
  const tools = items.map((item) => {
    const read = readTool(item.raw.definition, 0);
    if (!read.ok) return run.fail(item, `the definition ${read.rejected.reason}`);
    if (read.tool.hash !== item.record.hash) {
      return run.fail(item, `the definition does not have the hash ${item.record.hash}`);
    }
    return read.tool;
  });
  const fresh = await unknownTools(
    tx,
    tools.map(({ hash }) => hash),
  );
  await storeToolVersions(tx, tools);
  return fresh.size;
};

/** The hashes of which there is no definition. */
export async function unknownTools(tx: Database, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await rowsOf<{ hash: string }>(
    tx,
    sql`select r.hash from ${hashSet(hashes)}
      where not exists (select from tool_versions v where v.hash = r.hash)`,
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** Keeps lists of stored tools, and those have the hash they are said to have. */
export const storeLists: RecordStore<'list'> = async (tx, items, run) => {
  const unknown = await unknownTools(
    tx,
    items.flatMap(({ record }) => record.tools.map(({ hash }) => hash)),
  );
  for (const item of items) {
    const { hash, tools } = item.record;
    const missing = tools.find((tool) => unknown.has(tool.hash));
    if (missing !== undefined) run.fail(item, `no line before it has the definition ${missing.hash}`);
    if (tools.some(({ position }, index) => position <= (tools[index - 1]?.position ?? -1))) {
      run.fail(item, 'the tools are not in the order of their positions');
    }
    if (listingHash(tools) !== hash) run.fail(item, `the list does not have the hash ${hash}`);
  }
  const byHash = new Map(items.map(({ record }) => [record.hash, record.tools]));
  const known = await listingIds(tx, [...byHash.keys()]);
  const rows = [...byHash]
    .filter(([hash]) => !known.has(hash))
    .map(([hash, tools]) => ({ hash, tool_count: tools.length }));
  if (rows.length === 0) return 0;
  const inserted = await rowsOf<{ id: number | string; hash: string }>(
    tx,
    sql`
    insert into listings (${columnList(LISTING)}) select * from ${recordset(rows, LISTING)}
    on conflict do nothing
    returning id, hash`,
  );
  const listed = inserted.flatMap(({ id, hash }) =>
    (byHash.get(hash) ?? []).map((tool) => ({
      listing_id: Number(id),
      position: tool.position,
      tool_hash: tool.hash,
    })),
  );
  await tx.execute(sql`
    insert into listing_tools (${columnList(LISTED)}) select * from ${recordset(listed, LISTED)}`);
  return inserted.length;
};
