import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Sql } from 'postgres';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import type { Place } from './connection-faults.ts';
import { CatalogueUnavailable } from './errors.ts';
import { MIGRATION_WAIT_MS, MIN_POSTGRES } from './limits.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * What is to be done before a database is used: nothing, or to migrate it. Only reads, so that a role that may only
 * read can open a catalogue that is up to date.
 *
 * Throws CatalogueUnavailable for a server that is too old, for a database of another program, and for one that a
 * newer version of this program has migrated.
 */
export async function migrationsDue(sql: Sql, place: Place): Promise<boolean> {
  const [server] = await sql`
    select current_setting('server_version_num')::integer as version, current_setting('server_version') as name`;
  if (server?.version < MIN_POSTGRES) {
    refuse(
      `The PostgreSQL server ${place.name} is version ${server?.name}, and a catalogue needs 15 or newer`,
      'Upgrade the server, or name another one in DATABASE_URL',
    );
  }
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  const applied = await appliedMigrations(sql, place);
  if (applied.length === 0) await refuseForeignTables(sql, place);
  else if (!applied.some((when) => known.includes(when)))
    refuseForeign('migrations of another program', place);
  const unknown = applied.filter((when) => !known.includes(when));
  if (unknown.length > 0) {
    refuse(
      `The catalogue ${place.name} was made by a newer version of this program: ` +
        `it has ${applied.length} migrations, and this version knows ${known.length}`,
      'Upgrade the program, or name another catalogue',
    );
  }
  return applied.length < known.length;
}

/**
 * Brings the tables up to date. Of several processes that want to, one does, and the others wait for it. All migrations
 * that are due are one transaction.
 */
export async function migrate(sql: Sql, place: Place): Promise<void> {
  const [{ drizzle }, migrator] = await Promise.all([
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ]);
  await sql`select set_config('lock_timeout', ${String(MIGRATION_WAIT_MS)}, false)`;
  await sql`select pg_advisory_lock(${ADVISORY_LOCKS.migration})`;
  try {
    // The process that had the lock before may have been of a newer version.
    if (await migrationsDue(sql, place)) await migrator.migrate(drizzle(sql), { migrationsFolder });
  } finally {
    await sql`select pg_advisory_unlock(${ADVISORY_LOCKS.migration})`;
  }
}

/** When each migration in the database was written, which is what tells migrations apart; none for an empty database. */
async function appliedMigrations(sql: Sql, place: Place): Promise<number[]> {
  const [journal] = await sql`
    select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select') as readable
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'`;
  if (journal === undefined) return [];
  if (!journal.readable) {
    refuse(
      `The role may not read what the catalogue ${place.name} is made of`,
      'Grant it usage on the schemas public and drizzle, and select on their tables',
    );
  }
  const rows =
    await sql`select created_at::text as when from drizzle.__drizzle_migrations order by created_at`;
  return rows.map(({ when }) => Number(when));
}

/** Throws CatalogueUnavailable for a database with tables, other than those that an extension brought. */
async function refuseForeignTables(sql: Sql, place: Place): Promise<void> {
  const tables = await sql`
    select n.nspname as schema, c.relname as name
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
      and n.nspname not like 'pg\\_temp\\_%'
      and (n.nspname, c.relname) <> ('drizzle', '__drizzle_migrations')
      and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
      )
    order by 1, 2 limit 1`;
  const [table] = tables;
  if (table !== undefined)
    refuseForeign(`tables of another program, such as ${table.schema}.${table.name}`, place);
}

function refuseForeign(what: string, place: Place): never {
  refuse(
    `The database ${place.name} is not a catalogue: it has ${what}`,
    place.engine === 'postgres'
      ? 'Make a database of its own for the catalogue, and name it in DATABASE_URL'
      : 'Name another directory with --db',
  );
}

function refuse(what: string, advice: string): never {
  throw new CatalogueUnavailable(`${what}. ${advice}.`);
}
