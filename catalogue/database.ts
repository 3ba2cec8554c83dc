import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { CatalogueUnavailable } from './errors.ts';
import { CONNECT_TIMEOUT_S, MAX_CONNECTIONS } from './limits.ts';
import { lockDirectory } from './lock.ts';
import * as schema from './schema.ts';

/** Either engine, behind drizzle. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface OpenDatabase {
  db: Database;
  close(): Promise<void>;
}

/** Where the catalogue is: a PostgreSQL server, or a directory of our own for the embedded PGlite. */
export type DatabaseLocation = { url: string } | { directory: string };

/** Any number that no other program is likely to lock on the same server. */
const MIGRATION_LOCK = 7_260_112;

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
const options = { schema, casing: 'snake_case' } as const;

/**
 * Opens the database and brings its tables up to date. Throws CatalogueUnavailable when it is locked, cannot be
 * reached or refuses us.
 */
export function openDatabase(location: DatabaseLocation, now: () => Date): Promise<OpenDatabase> {
  return 'url' in location ? openPostgres(location.url) : openPglite(location.directory, now);
}

async function openPglite(directory: string, now: () => Date): Promise<OpenDatabase> {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new CatalogueUnavailable(`The directory ${directory} cannot be made: ${reason(error)}.`);
  }
  const lock = takeLock(directory, now);
  try {
    const [{ PGlite }, { pg_trgm }, { drizzle }, { migrate }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('@electric-sql/pglite/contrib/pg_trgm'),
      import('drizzle-orm/pglite'),
      import('drizzle-orm/pglite/migrator'),
    ]);
    const client = await PGlite.create(join(directory, 'data'), { extensions: { pg_trgm } });
    const db = drizzle(client, options);
    await migrate(db, { migrationsFolder });
    const close = async () => {
      await client.close();
      lock.release();
    };
    return { db, close };
  } catch (error) {
    lock.release();
    throw new CatalogueUnavailable(`The catalogue in ${directory} cannot be opened: ${reason(error)}.`);
  }
}

function takeLock(directory: string, now: () => Date): { release(): void } {
  try {
    return lockDirectory(directory, now);
  } catch (error) {
    if (error instanceof CatalogueUnavailable) throw error;
    throw new CatalogueUnavailable(`The directory ${directory} cannot be written to: ${reason(error)}.`);
  }
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const [{ default: postgres }, { drizzle }, { migrate }] = await Promise.all([
    import('postgres'),
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ]);
  const quiet = { onnotice: () => {}, connect_timeout: CONNECT_TIMEOUT_S };
  try {
    const migrator = postgres(url, { ...quiet, max: 1 });
    try {
      // One at a time, when several processes start together.
      await migrator`select pg_advisory_lock(${MIGRATION_LOCK})`;
      await migrate(drizzle(migrator, options), { migrationsFolder });
    } finally {
      await migrator.end();
    }
  } catch (error) {
    throw new CatalogueUnavailable(
      `The catalogue at ${withoutPassword(url)} cannot be opened: ${reason(error)}.`,
    );
  }
  const client = postgres(url, { ...quiet, max: MAX_CONNECTIONS });
  return { db: drizzle(client, options), close: () => client.end() };
}

/** The rows of a raw query; the two engines' drivers give them in different shapes. */
export async function rowsOf<Row>(db: Pick<Database, 'execute'>, query: SQL): Promise<Row[]> {
  const result: unknown = await db.execute(query);
  return (Array.isArray(result) ? [...result] : (result as { rows: Row[] }).rows) as Row[];
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.href;
  } catch {
    return 'DATABASE_URL';
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reason(error.cause);
}
