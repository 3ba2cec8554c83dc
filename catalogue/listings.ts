import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ToolDefinition } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import { copyRows, insertNew } from './copy-rows.ts';
import { type Database, rowsOf } from './database.ts';
import { indexable } from './servers.ts';

const VERSION = { hash: 'text', name: 'text', wire: 'text' };
export const LISTING = { hash: 'text', tool_count: 'integer' };
export const LISTED = { listing_id: 'bigint', position: 'integer', tool_hash: 'text' };

/** Keeps the definitions that are not stored yet, each once, and gives the hashes of those. */
export async function storeToolVersions(
  tx: Database,
  tools: readonly ToolDefinition[],
): Promise<Set<string>> {
  const byHash = new Map(tools.map((tool) => [tool.hash, tool]));
  if (byHash.size === 0) return new Set();
  const fresh = await rowsOf<{ hash: string }>(
    tx,
    sql`
    select r.hash from ${hashSet([...byHash.keys()])}
    where not exists (select from tool_versions v where v.hash = r.hash)`,
  );
  if (fresh.length === 0) return new Set();
  // In the order of their hashes, so that two processes which store the same tools cannot block each other for ever.
  const rows = fresh
    .map(({ hash }) => hash)
    .toSorted(compareText)
    .map((hash) => {
      const tool = byHash.get(hash);
      return { hash, name: indexable(tool?.name ?? ''), wire: JSON.stringify(tool?.wire) };
    });
  await copyRows(tx, 'tool_versions', VERSION, rows);
  return new Set(rows.map(({ hash }) => hash));
}

/** A list of tools, and what it is known by: see `listingHash`. */
export interface HashedListing {
  hash: string;
  tools: readonly ToolDefinition[];
}

/** Keeps lists of stored tools, each once, and gives their ids by their hashes. */
export async function storeListings(
  tx: Database,
  listings: readonly HashedListing[],
): Promise<Map<string, number>> {
  const byHash = new Map(listings.map(({ hash, tools }) => [hash, tools]));
  if (byHash.size === 0) return new Map();
  const ids = await listingIds(tx, [...byHash.keys()]);
  const rows = [...byHash]
    .filter(([hash]) => !ids.has(hash))
    .map(([hash, tools]) => ({ hash, tool_count: tools.length }))
    .toSorted((a, b) => compareText(a.hash, b.hash));
  if (rows.length === 0) return ids;
  const inserted = await rowsOf<{ id: number | string; hash: string }>(
    tx,
    sql`${insertNew('listings', LISTING, rows)} returning id, hash`,
  );
  for (const { id, hash } of inserted) ids.set(hash, Number(id));
  await insertListed(
    tx,
    inserted.map(({ id, hash }) => ({ id: Number(id), tools: byHash.get(hash) ?? [] })),
  );
  // Those that another process stored in the meantime.
  const missing = rows.map(({ hash }) => hash).filter((hash) => !ids.has(hash));
  return missing.length === 0 ? ids : new Map([...ids, ...(await listingIds(tx, missing))]);
}

async function insertListed(
  tx: Database,
  listings: readonly { id: number; tools: readonly ToolDefinition[] }[],
): Promise<void> {
  const rows = listings.flatMap(({ id, tools }) =>
    tools.map(({ position, hash }) => ({ listing_id: id, position, tool_hash: hash })),
  );
  await copyRows(tx, 'listing_tools', LISTED, rows);
}

export async function listingIds(tx: Database, hashes: readonly string[]): Promise<Map<string, number>> {
  const rows = await rowsOf<{ id: number | string; hash: string }>(
    tx,
    sql`select l.id, l.hash from ${hashSet(hashes)} join listings l on l.hash = r.hash`,
  );
  return new Map(rows.map(({ id, hash }) => [hash, Number(id)]));
}

/** Hashes as a table `r`, each once. */
export function hashSet(hashes: readonly string[]) {
  return sql`(select distinct hash collate "C" as hash from jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb) e(hash)) r`;
}

/** Knows a list by its tools and their places. The same text is hashed in SQL by the migration `history`. */
export function listingHash(tools: readonly Pick<ToolDefinition, 'position' | 'hash'>[]): string {
  const lines = tools
    .toSorted((a, b) => a.position - b.position)
    .map(({ position, hash }) => `${position} ${hash}`);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
