import { sql } from 'drizzle-orm';
import { nearest } from '../policy/nearest.ts';
import { type Database, rowsOf } from './database.ts';
import { LEAST_SIMILARITY, MAX_RESPELLINGS, MIN_RESPELT_CHARS } from './limits.ts';
import { recordset } from './recordset.ts';
import { oneWord, quote } from './search-query.ts';
import { lexemeOf } from './search-words.ts';

/** A word that no tool has, and the one that was taken in its place; none where nothing is near. */
export interface Respelling {
  word: string;
  as?: string;
}

/** The words that no tool has, each with the nearest word of a name or title that some tool has. */
export async function respell(tx: Database, words: readonly string[]): Promise<Respelling[]> {
  const spoken = await rowsOf<{ word: string }>(
    tx,
    sql`
    select word from search_words
    where word in (select jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) collate "C")`,
  );
  // A common word is looked for at a cost, and it is in some name.
  const inNames = new Set(spoken.map(({ word }) => word));
  const inTexts = await haveTools(
    tx,
    words
      .map((word, index) => ({ word, query: oneWord(word, index === words.length - 1) }))
      .filter(({ word }) => !inNames.has(word)),
  );
  const respelt: Respelling[] = [];
  for (const word of words.filter((each) => !inNames.has(each) && !inTexts.has(each))) {
    const as = await nearestWord(tx, word);
    respelt.push({ word, ...(as !== undefined && { as }) });
  }
  return respelt;
}

/** By its letters, and otherwise the shortest word that has it inside. */
async function nearestWord(tx: Database, word: string): Promise<string | undefined> {
  if ([...word].length < MIN_RESPELT_CHARS) return undefined;
  await tx.execute(sql`select set_config('pg_trgm.similarity_threshold', ${String(LEAST_SIMILARITY)}, true)`);
  const similar = await rowsOf<{ word: string }>(
    tx,
    sql`
    select word from search_words where word % ${word}
    order by similarity(word, ${word}) desc, word limit ${MAX_RESPELLINGS}`,
  );
  const candidates = await usable(
    tx,
    similar.map((row) => row.word),
  );
  const best = nearest(word, candidates);
  if (best !== undefined) return best;
  // A word has letters and digits alone, nothing that `like` reads otherwise.
  const around = await rowsOf<{ word: string }>(
    tx,
    sql`
    select word from search_words where word like ${`%${word}%`}
    order by length(word), word limit ${MAX_RESPELLINGS}`,
  );
  const [shortest] = await usable(
    tx,
    around.map((row) => row.word),
  );
  return shortest;
}

/** Those of the words that some tool still has, in their order. */
async function usable(tx: Database, words: readonly string[]): Promise<string[]> {
  const known = await haveTools(
    tx,
    words.map((word) => ({ word, query: quote(lexemeOf(word)) })),
  );
  return words.filter((word) => known.has(word));
}

const ASKED = { word: 'text', query: 'text' };

async function haveTools(tx: Database, asked: { word: string; query: string }[]): Promise<Set<string>> {
  if (asked.length === 0) return new Set();
  const rows = await rowsOf<{ word: string }>(
    tx,
    sql`
    select r.word from ${recordset(asked, ASKED)}
    where exists (select from current_tools t where t.search @@ r.query::tsquery)`,
  );
  return new Set(rows.map(({ word }) => word));
}
