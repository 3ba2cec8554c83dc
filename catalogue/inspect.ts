import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseLocation } from './database.ts';
import { CatalogueUnavailable } from './errors.ts';
import { CONNECT_TIMEOUT_S, INSPECT_TIMEOUT_MS } from './limits.ts';
import { lockDirectory } from './lock.ts';

/** A database as it is: nothing is made in it, and it is not brought up to date. */
export interface Inspection {
  engine: 'PGlite' | 'PostgreSQL';
  /** The rows of a query, read in a transaction that cannot write. Rejects when it takes too long, or is refused. */
  read<Row extends object>(query: string): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * Opens what is at a location for looking at it. Gives undefined for a directory without a catalogue in it, and throws
 * CatalogueUnavailable, without the password, when another process has it or it cannot be reached.
 */
export async function inspect(location: DatabaseLocation, now: () => Date): Promise<Inspection | undefined> {
  try {
    return 'url' in location
      ? await inspectPostgres(location.url)
      : await inspectPglite(location.directory, now);
  } catch (error) {
    if (error instanceof CatalogueUnavailable) throw error;
    const secret = 'url' in location ? passwordOf(location.url) : '';
    throw new CatalogueUnavailable(`It cannot be opened: ${reason(error, secret)}.`);
  }
}

async function inspectPglite(directory: string, now: () => Date): Promise<Inspection | undefined> {
  const data = join(directory, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) return undefined;
  const lock = lockDirectory(directory, now);
  try {
    const [{ PGlite }, { pg_trgm }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('@electric-sql/pglite/contrib/pg_trgm'),
    ]);
    const client = await PGlite.create(data, { extensions: { pg_trgm } });
    return {
      engine: 'PGlite',
      read: <Row extends object>(query: string) =>
        client.transaction(async (tx) => {
          await tx.exec('set transaction read only');
          return (await tx.query<Row>(query)).rows;
        }),
      async close() {
        await client.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function inspectPostgres(url: string): Promise<Inspection> {
  // What a library says of an address that it cannot read may have the password in it.
  if (placeOf(url) === undefined) {
    throw new CatalogueUnavailable('It is no address as postgres://user:password@host:5432/database.');
  }
  const { default: postgres } = await import('postgres');
  const client = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: CONNECT_TIMEOUT_S });
  const read = async <Row extends object>(query: string): Promise<Row[]> => {
    let rows: Row[] = [];
    await client.begin('read only', async (tx) => {
      await tx.unsafe(`set local statement_timeout = ${INSPECT_TIMEOUT_MS}`);
      rows = [...(await tx.unsafe<Row[]>(query))];
    });
    return rows;
  };
  try {
    await read('select 1');
  } catch (error) {
    await client.end({ timeout: 1 });
    throw error;
  }
  return { engine: 'PostgreSQL', read, close: () => client.end({ timeout: 1 }) };
}

/** Where a server is, without password and settings; undefined for what is no address of PostgreSQL. */
export function placeOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) return undefined;
  const user = parsed.username === '' ? '' : `${parsed.username}@`;
  return `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}`;
}

function passwordOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed?.password || parsed?.searchParams.get('password') || '';
}

/** Why something failed, in one line, without the secret. */
export function reason(error: unknown, secret = ''): string {
  if (error instanceof AggregateError) return error.errors.map((each) => reason(each, secret)).join('; ');
  if (error instanceof Error && error.cause !== undefined) return reason(error.cause, secret);
  const text = error instanceof Error ? error.message : String(error);
  const kept = secret === '' ? text : text.replaceAll(secret, '***');
  return kept.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}
