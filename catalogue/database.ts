import { setTimeout as sleep } from 'node:timers/promises';
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Sql, TransactionSql } from 'postgres';
import { type Connection, connectPglite, connectPostgres, placeOf } from './connection.ts';
import { notOpened, type Place } from './connection-faults.ts';
import { DATABASE_ATTEMPTS, MAX_CONNECTIONS } from './limits.ts';
import { lockDirectory } from './lock.ts';
import { migrate, migrationsDue } from './migrate.ts';
import { makeDirectory, prepareData } from './pglite-directory.ts';
import { withRetry } from './retry.ts';
import * as schema from './schema.ts';

/** Either engine, behind drizzle. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface OpenDatabase {
  db: Database;
  engine: Place['engine'];
  /**
   * The client below `db`, for cursors. COPY to stdout can stop for ever at its end, and COPY from stdin tells nobody
   * what is wrong; for the latter see `copy-rows.ts`. Timestamps are texts in both directions. On PGlite it is one
   * connection: a query inside a transaction or a cursor that does not go through it waits for ever.
   */
  sql: Sql;
  /** Does a whole, repeatable transaction by the terms of `withRetry`. With one attempt: any work. */
  retry<T>(work: () => Promise<T>, attempts?: number): Promise<T>;
  close(): Promise<void>;
}

/** Where the catalogue is: a PostgreSQL server, or a directory of our own for the embedded PGlite. */
export type DatabaseLocation = { url: string } | { directory: string };

/** How to wait between tries. Unless told otherwise each process has a jitter of its own. */
export interface Pauses {
  wait(ms: number): Promise<unknown>;
  random(): number;
}

const OWN_JITTER = 97;
const pausesOfProcess: Pauses = { wait: sleep, random: () => (process.pid % OWN_JITTER) / OWN_JITTER };

/**
 * Opens the database and brings its tables up to date. Throws CatalogueUnavailable when it is locked, cannot be
 * reached, refuses us, is another program's or is newer than this one.
 */
export async function openDatabase(
  location: DatabaseLocation,
  now: () => Date,
  pauses: Pauses = pausesOfProcess,
): Promise<OpenDatabase> {
  const place: Place =
    'url' in location ? placeOf(location.url) : { engine: 'pglite', name: `in ${location.directory}` };
  try {
    const { sql, close } =
      'url' in location
        ? await openPostgres(location.url, place)
        : await openPglite(location.directory, now, place);
    const { drizzle } = await import('drizzle-orm/postgres-js');
    return {
      db: drizzle(sql, { schema, casing: 'snake_case' }),
      engine: place.engine,
      sql,
      retry: (work, attempts = DATABASE_ATTEMPTS) => withRetry(work, { place, attempts, ...pauses }),
      close,
    };
  } catch (error) {
    throw notOpened(error, place);
  }
}

async function openPglite(directory: string, now: () => Date, place: Place): Promise<Connection> {
  makeDirectory(directory);
  const lock = lockDirectory(directory, now);
  try {
    const { data, opened } = prepareData(directory);
    const connection = await connectPglite(data, place);
    const close = async () => {
      await connection.close();
      lock.release();
    };
    try {
      opened();
      if (await migrationsDue(connection.sql, place)) await migrate(connection.sql, place);
      return { sql: connection.sql, close };
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openPostgres(url: string, place: Place): Promise<Connection> {
  const connection = await connectPostgres(url, MAX_CONNECTIONS);
  try {
    if (await migrationsDue(connection.sql, place)) {
      // The lock is a session's.
      const migrator = await connectPostgres(url, 1);
      await migrate(migrator.sql, place).finally(migrator.close);
    }
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The rows of a raw query. */
export async function rowsOf<Row>(db: Pick<Database, 'execute'>, query: SQL): Promise<Row[]> {
  const rows: unknown = await db.execute(query);
  return [...(rows as Row[])];
}

/** The client below a transaction, for what drizzle has no words for: COPY, and savepoints of our own. */
export function clientOf(tx: Database): TransactionSql {
  return (tx as unknown as { session: { client: TransactionSql } }).session.client;
}
