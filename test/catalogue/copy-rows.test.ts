import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyRows } from '../../catalogue/copy-rows.ts';
import { type OpenDatabase, openDatabase, rowsOf } from '../../catalogue/database.ts';
import { ENGINES, type TestPlace } from '../support/engines.ts';

const COLUMNS = { id: 'integer', words: 'text', tags: 'text[]' };
const ODD = [
  'plain',
  '',
  '\\N',
  'tab\there',
  'two\nlines\r\n',
  'a\\backslash\\',
  '\u202e',
  '"quoted", {braced}',
];

describe.each(ENGINES)('rows by COPY on $engine', ({ create }) => {
  let place: TestPlace;
  let database: OpenDatabase;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.location, () => new Date(0));
    await database.db.execute(
      sql`create table odd (id integer primary key, words text not null, tags text[])`,
    );
  });
  afterAll(async () => {
    await database.close();
    await place.remove();
  });
  const store = (rows: { id: number; words: string; tags: string[] }[]) =>
    database.db.transaction((tx) => copyRows(tx, 'odd', COLUMNS, rows));
  const stored = async () => {
    const rows = await rowsOf<{ id: number; words: string; tags: string }>(
      database.db,
      sql`select id, words, array_to_json(tags)::text as tags from odd order by id`,
    );
    return rows.map((row) => ({ ...row, tags: JSON.parse(row.tags) }));
  };

  test('keep every character', async () => {
    const rows = ODD.map((words, id) => ({ id, words, tags: [words, 'x'] }));
    await store(rows);
    expect(await stored()).toEqual(rows);
  });

  test('leave alone what is there, and add the others', async () => {
    const before = await stored();
    await store([
      { id: 0, words: 'another', tags: [] },
      { id: 100, words: 'new', tags: [] },
    ]);
    expect(await stored()).toEqual([...before, { id: 100, words: 'new', tags: [] }]);
  });

  test('that the database refuses are an error, and nothing of the transaction stays', async () => {
    const before = await stored();
    const refused = [
      { id: 200, words: 'fine', tags: [] },
      { id: 201, words: null as unknown as string, tags: [] },
    ];
    await expect(store(refused)).rejects.toThrow(/null value in column "words"/);
    expect(await stored()).toEqual(before);
    await store([{ id: 202, words: 'afterwards', tags: [] }]);
    expect(await stored()).toHaveLength(before.length + 1);
  });
});
