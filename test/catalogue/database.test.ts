import { sql as query } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase, rowsOf } from '../../catalogue/database.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';

const MEGABYTES = 8_000_000;

describe.each(ENGINES)('the database on $engine', ({ create }) => {
  let place: TestPlace;
  let database: OpenDatabase;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.location, () => new Date(0));
    await database.db.execute(query`create table notes (id integer primary key, text text)`);
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const ids = async () =>
    (await rowsOf<{ id: number }>(database.db, query`select id from notes order by id`)).map(({ id }) => id);

  test('keeps a transaction whole, a savepoint apart, and goes on after an error', async () => {
    const { db } = database;
    await db.transaction(async (tx) => {
      await tx.execute(query`insert into notes values (1, ${'x'.repeat(MEGABYTES)})`);
      await expect(
        tx.transaction((inner) => inner.execute(query`insert into notes values (1, 'again')`)),
      ).rejects.toThrow();
      await tx.execute(query`insert into notes values (2, null)`);
    });
    const failing = db.transaction(async (tx) => {
      await tx.execute(query`insert into notes values (3, null)`);
      await tx.execute(query`insert into notes values (1, null)`);
    });
    await expect(failing).rejects.toThrow();
    expect(await ids()).toEqual([1, 2]);
    const [row] = await rowsOf<{ text: string }>(db, query`select text from notes where id = 1`);
    expect(row?.text).toHaveLength(MEGABYTES);
  });

  test('tells of a transaction that kept nothing, because a failure in it was passed over', async () => {
    const careless = database.db.transaction(async (tx) => {
      await tx.execute(query`insert into notes values (1, null)`).catch(() => {});
    });
    await expect(careless).rejects.toThrow(/nothing of it is kept/);
  });

  test('refuses the NUL character', async () => {
    await expect(database.db.execute(query`select ${'a\0b'}::text`)).rejects.toThrow();
  });

  test('answers many questions at once, each with its own answer or error', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        rowsOf<{ answer: number }>(database.db, query`select 6 / ${index % 3}::integer as answer`).then(
          ([row]) => row?.answer,
          () => 'error',
        ),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 60 }, (_, index) => ['error', 6, 3][index % 3]));
  });

  test('reads by cursor, and may stop early', async () => {
    let seen = 0;
    for await (const page of database.sql.unsafe('select generate_series(1, 10000) as n').cursor(1000)) {
      seen += page.length;
      if (seen >= 3000) break;
    }
    expect(seen).toBe(3000);
    expect(await rowsOf(database.db, query`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});
