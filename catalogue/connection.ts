import type { Sql } from 'postgres';
import type { Place } from './connection-faults.ts';
import { type ConnectionLife, createPool } from './connection-pool.ts';
import { openSocket, type ServerAddress } from './connection-socket.ts';
import { CatalogueUnavailable } from './errors.ts';

/** A client of either engine. It connects when it is first used. */
export interface Connection {
  sql: Sql;
  close(): Promise<void>;
}

/** The settings of a session that give a value one form as text on every server. */
const session = { application_name: 'tool-risk-catalogue', TimeZone: 'UTC', DateStyle: 'ISO' };

const asText = { serialize: (text: string) => text, parse: (text: string) => text };

/** One connection of one life, without the errors that postgres.js 3.4 makes where it opens one anew. */
const oneConnection = {
  max: 1,
  connection: session,
  // It would ask the server for its types on the side, where nobody could catch the loss of the connection.
  fetch_types: false,
  // Dates and JSON stay texts, as drizzle wants them.
  types: {
    instant: { to: 1184, from: [1082, 1083, 1114, 1184], ...asText },
    json: { to: 114, from: [], ...asText },
    jsonb: { to: 3802, from: [], ...asText },
  },
  onnotice: () => {},
};

/** Of at most `max` connections. Throws CatalogueUnavailable for what is no address of a server. */
export async function connectPostgres(url: string, max: number): Promise<Connection> {
  const { default: postgres } = await import('postgres');
  const connect = ({ signal, ...events }: ConnectionLife): Sql => {
    const options = {
      ...oneConnection,
      ...events,
      // The pool has a deadline of its own, which nothing can take back.
      connect_timeout: 0,
      socket: (address: ServerAddress) => openSocket(address, signal),
    };
    return postgres(url, options);
  };
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError('not an address of PostgreSQL');
    await postgres(url, oneConnection).end();
  } catch {
    // Neither the address nor the library's error is told: there may be a password in them.
    throw new CatalogueUnavailable(
      'DATABASE_URL is not an address of a PostgreSQL server. ' +
        'It looks like postgres://user:password@host:5432/database, with special characters written as %40.',
    );
  }
  return createPool(connect, max);
}

/** Opens or makes the database in PGlite's own directory. Rejects with an Error of PGlite's words. */
export async function connectPglite(directory: string, place: Place): Promise<Connection> {
  const [{ default: postgres }, { startPglite }] = await Promise.all([
    import('postgres'),
    import('./pglite-thread.ts'),
  ]);
  const thread = await startPglite(directory, place);
  const { sql, close } = createPool(({ signal: _, ...events }) => {
    const socket = thread.connect();
    const options = {
      ...oneConnection,
      ...events,
      socket: () => socket,
      host: 'localhost',
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      connect_timeout: 0,
      idle_timeout: 0,
      // One session for the life of the thread.
      max_lifetime: 0,
    };
    return postgres(options);
  }, 1);
  return {
    sql,
    async close() {
      await close();
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
