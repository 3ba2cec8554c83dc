import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql as query } from 'drizzle-orm';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { type OpenDatabase, openDatabase, rowsOf } from '../../catalogue/database.ts';
import { createPostgresDatabase, ENGINES, type TestPlace } from '../support/engines.ts';
import { runCli } from '../support/run-cli.ts';
import { schemaText } from '../support/schema-text.ts';
import { ROOT } from '../support/sources.ts';

const now = () => new Date('2026-01-02T03:04:05Z');
const GOLDEN = join(ROOT, 'test/golden/schema.sql');

describe.each(ENGINES)('migrations on $engine', ({ create }) => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await create();
  });
  afterEach(() => place.remove());

  /** Opens the catalogue for some work, and closes it. */
  async function opened<T>(work: (database: OpenDatabase) => Promise<T>): Promise<T> {
    const database = await openDatabase(place.location, now);
    return work(database).finally(database.close);
  }

  /** `catalogue list` on the place, as a user runs it. */
  function list() {
    const { location } = place;
    return 'url' in location
      ? runCli(['list'], { env: { DATABASE_URL: location.url } })
      : runCli(['list', '--db', location.directory]);
  }

  const migrationsIn = ({ db }: OpenDatabase) =>
    rowsOf(db, query`select * from drizzle.__drizzle_migrations order by id`);

  test('make the schema of test/golden/schema.sql', async () => {
    const text = await opened(({ sql }) => schemaText(sql));
    // `UPDATE_SCHEMA=1 npm test -- test/catalogue/migrations.test.ts` writes the file anew.
    if (process.env.UPDATE_SCHEMA) writeFileSync(GOLDEN, text);
    expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  test('change nothing the second time', async () => {
    const first = await opened(migrationsIn);
    expect(first.length).toBeGreaterThan(0);
    expect(await opened(migrationsIn)).toEqual(first);
  });

  test('of a newer program are refused in one line, and nothing is written', async () => {
    const before = await opened(async (database) => {
      await database.db.execute(
        query`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`,
      );
      return migrationsIn(database);
    });
    const { exit, stdout, stderr } = await list();
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr).toMatch(/^catalogue: The catalogue .* newer version .* Upgrade the program.*\n$/);
    if ('url' in place.location) expect(await rowsAt(place.location.url)).toEqual(before);
  });
});

async function rowsAt(url: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1 });
  return [...(await sql`select * from drizzle.__drizzle_migrations order by id`)].map((row) => ({ ...row }));
}

/** After its database is gone, which had what was granted to it. */
async function dropRole(role: string): Promise<void> {
  const admin = postgres(inject('postgresUrl'), { max: 1 });
  await admin.unsafe(`drop role ${role}`);
  await admin.end();
}

describe('a PostgreSQL database', () => {
  let place: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let sql: postgres.Sql;
  beforeEach(async () => {
    place = await createPostgresDatabase();
    sql = postgres(place.location.url, { max: 1, onnotice: () => {} });
  });
  afterEach(async () => {
    await sql.end();
    await place.remove();
  });

  const list = (url = place.location.url) => runCli(['list'], { env: { DATABASE_URL: url } });
  const tables = () =>
    sql`select schemaname, tablename from pg_tables where schemaname not like 'pg\\_%'
        and schemaname <> 'information_schema' order by 1, 2`;

  test('is migrated once by several processes that start together', async () => {
    const program = `
      import { openDatabase } from ${JSON.stringify(join(ROOT, 'catalogue/database.ts'))};
      const { close } = await openDatabase({ url: ${JSON.stringify(place.location.url)} }, () => new Date(0));
      await close();`;
    const exits = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
        return (await once(child, 'exit'))[0];
      }),
    );
    expect(exits).toEqual([0, 0, 0, 0]);
    const [count] = await sql`
      select count(*)::int as rows, count(distinct created_at)::int as migrations from drizzle.__drizzle_migrations`;
    expect(count?.rows).toBe(count?.migrations);
  });

  test.each([
    ['tables of another program', 'create table orders (id int)', 'public.orders'],
    [
      'migrations of another program',
      `create schema drizzle;
       create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
       insert into drizzle.__drizzle_migrations (hash, created_at) values ('theirs', 1700000000000)`,
      'migrations of another program',
    ],
  ])('with %s is refused in one line, and nothing is written', async (_, setup, told) => {
    await sql.unsafe(setup);
    const before = await tables();
    const { exit, stdout, stderr } = await list();
    expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    expect(stderr).toMatch(/^catalogue: The database at .* is not a catalogue: .*DATABASE_URL\.\n$/);
    expect(stderr).toContain(told);
    expect(await tables()).toEqual(before);
  });

  test('with nothing in it but what an extension brought becomes a catalogue', async () => {
    const available = await sql`select from pg_available_extensions where name = 'pg_buffercache'`;
    if (available.length > 0) await sql`create extension pg_buffercache`;
    expect((await list()).exit).toBe(0);
  });

  test('that is up to date opens for a role that may only read', async ({ onTestFinished }) => {
    expect((await list()).exit).toBe(0);
    const role = `reader_${place.location.url.split('/').at(-1)}`;
    await sql.unsafe(`create role ${role} login password 'reader'`);
    onTestFinished(() => dropRole(role));
    const url = new URL(place.location.url);
    url.username = role;
    url.password = 'reader';
    const unread = await list(url.href);
    expect(unread.exit).toBe(4);
    expect(unread.stderr).toMatch(/^catalogue: The role may not read .* Grant it usage .*\n$/);
    await sql.unsafe(`grant usage on schema public, drizzle to ${role};
      grant select on all tables in schema public, drizzle to ${role}`);
    expect(await list(url.href)).toMatchObject({ exit: 0 });
  });

  test('that is empty is not made a catalogue by a role that may not', async ({ onTestFinished }) => {
    const role = `nobody_${place.location.url.split('/').at(-1)}`;
    await sql.unsafe(
      `create role ${role} login password 'nobody'; revoke create on schema public from public`,
    );
    onTestFinished(() => dropRole(role));
    const url = new URL(place.location.url);
    url.username = role;
    url.password = 'nobody';
    const { exit, stderr } = await list(url.href);
    expect(exit).toBe(4);
    expect(stderr).toMatch(/^catalogue: .* permission denied .* Grant the role what it needs.*\n$/);
  });
});
