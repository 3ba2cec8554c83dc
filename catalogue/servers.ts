import { createHash } from 'node:crypto';
import { asc, eq, inArray, like, or, sql } from 'drizzle-orm';
import type { ServerTarget } from '../crawler/contract.ts';
import { compareText } from '../policy/order.ts';
import { insertNew } from './copy-rows.ts';
import { type Database, rowsOf } from './database.ts';
import { MAX_INDEXED_CHARS } from './limits.ts';
import { servers } from './schema.ts';
import { distinct, serverSlug } from './slugs.ts';

/** A server's row. */
export interface StoredServer {
  id: number;
  key: string;
  slug: string;
}

/** A server that was found, and when; ISO 8601. */
export interface FoundServer {
  target: ServerTarget;
  seenAt: string;
}

export const ORIGIN = { server_id: 'bigint', source: 'text', ref: 'text', first_seen_at: 'timestamptz' };
export const SERVER = { key: 'text', slug: 'text', label: 'text', first_seen_at: 'timestamptz' };

/**
 * The servers' rows, made where they are new; in the order in which they are given. They stay locked until the
 * transaction ends, so that what a server listed before is the same for whoever saves its next scan.
 */
export async function storeServers(tx: Database, found: readonly FoundServer[]): Promise<StoredServer[]> {
  const keys = found.map(({ target }) => indexable(target.id));
  const known = await serversByKey(tx, keys);
  const fresh = found.flatMap(({ target, seenAt }, index) => {
    const key = keys[index] ?? '';
    return known.has(key)
      ? []
      : [{ key, label: storable(target.label), slug: serverSlug(target.label), seenAt }];
  });
  // In one order, so that two processes which store the same servers cannot block each other for ever.
  fresh.sort((a, b) => compareText(a.key, b.key));
  for (const server of await insertServers(tx, fresh)) known.set(server.key, server);
  // Those whose plain slug was taken.
  for (const server of fresh) {
    if (!known.has(server.key)) known.set(server.key, await insertServer(tx, server));
  }
  const stored = keys.map((key) => {
    const server = known.get(key);
    if (server === undefined) throw new Error(`server ${key} was not stored`);
    return server;
  });
  return stored;
}

/** Notes where servers were found; what is noted already stays as it is. */
export async function storeOrigins(
  tx: Database,
  found: readonly (FoundServer & { serverId: number })[],
): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map(({ serverId, target: { origin }, seenAt }) => ({
    server_id: serverId,
    source: origin.source,
    ref: indexable(origin.ref),
    first_seen_at: seenAt,
  }));
  // A server is found by where it was found, too.
  await tx.execute(sql`
    with added as (${insertNew('origins', ORIGIN, rows)} returning server_id)
    insert into search_backlog (server_id) select distinct server_id from added`);
}

export async function serversByKey(
  tx: Database,
  keys: readonly string[],
): Promise<Map<string, StoredServer>> {
  const rows = await tx
    .select({ id: servers.id, key: servers.key, slug: servers.slug })
    .from(servers)
    .where(inArray(servers.key, [...keys]))
    .orderBy(asc(servers.id))
    .for('no key update');
  return new Map(rows.map((row) => [row.key, row]));
}

interface NewServer {
  key: string;
  label: string;
  /** The plain slug, which another server may have. */
  slug: string;
  seenAt: string;
}

/** Inserts the servers whose plain slug is free, and gives those. */
async function insertServers(tx: Database, fresh: readonly NewServer[]): Promise<StoredServer[]> {
  if (fresh.length === 0) return [];
  const rows = fresh.map(({ key, slug, label, seenAt }) => ({ key, slug, label, first_seen_at: seenAt }));
  const inserted = await rowsOf<StoredServer>(
    tx,
    sql`${insertNew('servers', SERVER, rows)} returning id, key, slug`,
  );
  return inserted.map((server) => ({ ...server, id: Number(server.id) }));
}

/** Tries one slug after the other until one is free: another process may take any of them at any time. */
export async function insertServer(
  tx: Database,
  { key, slug: base, label, seenAt }: NewServer,
): Promise<StoredServer> {
  const tried = new Set([base]);
  for (;;) {
    const meanwhile = (await serversByKey(tx, [key])).get(key);
    if (meanwhile !== undefined) return meanwhile;
    const taken = await tx
      .select({ slug: servers.slug })
      .from(servers)
      .where(or(eq(servers.slug, base), like(servers.slug, `${base}~%`)));
    const slug = distinct(base, tried.union(new Set(taken.map((row) => row.slug))));
    tried.add(slug);
    const [inserted] = await tx
      .insert(servers)
      .values({ key, slug, label, firstSeenAt: new Date(seenAt) })
      .onConflictDoNothing()
      .returning({ id: servers.id, key: servers.key, slug: servers.slug });
    if (inserted !== undefined) return inserted;
  }
}

/** A text that both engines can store: neither takes the NUL character, nor half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed();
}

/** A storable text that an index takes; a longer one is cut and told apart by its hash. */
export function indexable(text: string): string {
  if (text.length <= MAX_INDEXED_CHARS) return storable(text);
  const hash = createHash('sha256').update(JSON.stringify(text)).digest('hex');
  return storable(`${text.slice(0, MAX_INDEXED_CHARS - hash.length - 1)}~${hash}`);
}
