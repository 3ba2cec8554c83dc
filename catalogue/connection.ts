import type { Sql } from 'postgres';
import type { Place } from './connection-faults.ts';
import { CatalogueUnavailable } from './errors.ts';
import { CLOSE_TIMEOUT_S, CONNECT_TIMEOUT_S } from './limits.ts';
import { connectAtOnce } from './postgres-socket.ts';

/** A client of either engine. It connects when it is first used. */
export interface Connection {
  sql: Sql;
  close(): Promise<void>;
}

/** What is the same on every server, so that a value has one form as text. */
const settings = { application_name: 'tool-risk-catalogue', TimeZone: 'UTC', DateStyle: 'ISO' };

const RECONNECT_S = 0.1;

const common = {
  connection: settings,
  connect_timeout: CONNECT_TIMEOUT_S,
  // The waiting between tries is `withRetry`'s.
  backoff: () => RECONNECT_S,
  onnotice: () => {},
};

/** Of at most `max` connections. Throws CatalogueUnavailable for what is no address of a server. */
export async function connectPostgres(url: string, max: number): Promise<Connection> {
  const { default: postgres } = await import('postgres');
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError('not an address of PostgreSQL');
    // `socket` is not in the library's types, and is in its documentation.
    const options = { ...common, max, socket: connectAtOnce };
    const sql = postgres(url, options);
    return { sql, close: () => sql.end({ timeout: CLOSE_TIMEOUT_S }) };
  } catch {
    // Neither the address nor the library's error is told: there may be a password in them.
    throw new CatalogueUnavailable(
      'DATABASE_URL is not an address of a PostgreSQL server. ' +
        'It looks like postgres://user:password@host:5432/database, with special characters written as %40.',
    );
  }
}

/** Opens or makes the database in PGlite's own directory. Rejects with an Error of PGlite's words. */
export async function connectPglite(directory: string, place: Place): Promise<Connection> {
  const [{ default: postgres }, { startPglite }] = await Promise.all([
    import('postgres'),
    import('./pglite-thread.ts'),
  ]);
  const thread = await startPglite(directory, place);
  const options = {
    ...common,
    socket: thread.connect,
    host: 'localhost',
    user: 'postgres',
    database: 'postgres',
    max: 1,
    ssl: false,
    connect_timeout: 0,
    idle_timeout: 0,
    // One session for the life of the thread.
    max_lifetime: 0,
  };
  const sql = postgres(options);
  return {
    sql,
    async close() {
      await sql.end({ timeout: CLOSE_TIMEOUT_S });
      await thread.stop();
    },
  };
}

/** Where a server is, without the password; an address that cannot be taken apart is not told at all. */
export function placeOf(url: string): Place {
  const parsed = URL.parse(url);
  const name =
    parsed === null
      ? 'that DATABASE_URL names'
      : `at ${parsed.protocol}//${parsed.username === '' ? '' : `${parsed.username}@`}${parsed.host}${parsed.pathname}`;
  return { engine: 'postgres', name };
}
