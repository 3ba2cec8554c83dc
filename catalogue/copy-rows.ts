import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type SQL, sql } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import { codeOf } from './connection-faults.ts';
import { clientOf, type Database } from './database.ts';
import { COPY_CHUNK_CHARS } from './limits.ts';
import { columnList, recordset } from './recordset.ts';

type Value = string | number | boolean | null | readonly string[];

/** The columns of a table's rows, each with its type in SQL. */
type Columns<Row> = { readonly [Column in keyof Row & string]: string };

/** SQLSTATE of a row that is there already. */
const UNIQUE_VIOLATION = '23505';

/**
 * Inserts rows that were not there when somebody looked, by COPY, which takes half the time of any other way. Where
 * another process was quicker with one of them the whole set is inserted again, without those that are there by now.
 * Texts may hold anything but the NUL character and halves of surrogate pairs.
 */
export async function copyRows<Row extends Record<keyof Row, Value>>(
  tx: Database,
  table: string,
  columns: Columns<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns) as (keyof Row & string)[];
  const lineOf = (row: Row) => `${names.map((name) => copyText(row[name])).join('\t')}\n`;
  try {
    const text = `copy ${table} (${names.join(', ')}) from stdin`;
    await clientOf(tx).savepoint((savepoint) => copyIn(savepoint, text, chunksOf(rows, lineOf)));
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
    await tx.execute(insertNew(table, columns, rows));
  }
}

/** The lines of rows, many together, and never all of them: what is written out at once is in memory at once. */
function* chunksOf<Row>(rows: readonly Row[], lineOf: (row: Row) => string): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += lineOf(row);
    if (chunk.length < COPY_CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function copyIn(client: TransactionSql, text: string, data: Iterable<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = client.unsafe(text);
    // Once the library has given its stream away it tells nobody that the server refused the rows, but the query.
    Object.assign(query, { reject });
    query.writable().then((stream) => pipeline(Readable.from(data), stream).then(resolve, reject), reject);
  });
}

/** `insert … on conflict do nothing` of rows that may be there. */
export function insertNew<Row extends object>(
  table: string,
  columns: Columns<Row>,
  rows: readonly Row[],
): SQL {
  return sql`
    insert into ${sql.raw(table)} (${columnList(columns)}) select * from ${recordset(rows, columns)}
    on conflict do nothing`;
}

/** A value in the text format of COPY. */
export function copyText(value: Value): string {
  if (value === null) return '\\N';
  if (typeof value === 'string') return escapeText(value);
  return typeof value === 'object' ? escapeText(arrayText(value)) : String(value);
}

/** Most texts are JSON, in which of all these only the backslash occurs. */
function escapeText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\');
  if (!/[\n\r\t]/.test(escaped)) return escaped;
  return escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
