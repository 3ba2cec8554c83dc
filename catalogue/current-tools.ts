import { sql } from 'drizzle-orm';
import { readTool } from '../crawler/definition.ts';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import { codeOf } from './connection-faults.ts';
import { type Database, rowsOf } from './database.ts';
import {
  ANALYZED_AFTER_TOOLS,
  BACKLOG_ROWS_TOGETHER,
  MAX_LEXEME_CHARS,
  REFRESHED_BEFORE_SEARCH,
  REFRESHED_TOOLS_TOGETHER,
} from './limits.ts';
import { recordset } from './recordset.ts';
import { searchWords } from './search-words.ts';
import { indexable } from './servers.ts';

/**
 * Keeps `current_tools` as the newest lists and verdicts have it.
 *
 * New lists are only noted, because computing their words costs more than storing them, and are taken off the backlog
 * by `refreshSearch`. New verdicts show at once. So that the two never miss each other, `refreshSearch` holds a lock
 * alone for as long as a batch takes, and those who store verdicts on tools that may be listed share it until they
 * commit: without it, one could read the verdicts before the other's is committed and write its rows after the other
 * has looked for them. Sharers do not wait for each other, and a verdict that is older than the one a row has never
 * takes its place.
 */
const CURRENT_TOOLS_LOCK = ADVISORY_LOCKS.currentTools;

const CURRENT = {
  server_id: 'bigint',
  position: 'integer',
  tool_hash: 'text',
  name: 'text',
  name_words: 'smallint',
  words: 'text',
};

const RISK_RANK = "array_position(array['critical', 'high', 'medium', 'low'], c.risk) - 1";

/** What a verdict `c` adds to the words of a tool; see `search-words.ts`. `nameWords` is a column of its row. */
function verdictFacets(nameWords: string) {
  return sql.raw(
    `array['/category=' || c.category, '/risk=' || c.risk,
      '/at=' || ${RISK_RANK} || greatest(1, least(${nameWords}, 4))]
    || array(select '/signal=' || s from unnest(c.signals) s)`,
  );
}

/** Notes that what these servers list is to be searched anew. Call it in the transaction that changes it. */
export async function markForSearch(tx: Database, serverIds: readonly number[]): Promise<void> {
  if (serverIds.length === 0) return;
  await tx.execute(sql`insert into search_backlog (server_id) select id from ${idSet(serverIds)}`);
}

/**
 * The same before a search: a part of the backlog, unless another process is at it, or we may only read. Then the search
 * says what is left.
 */
export async function refreshBeforeSearch(db: Database): Promise<void> {
  if ((await countBacklog(db)) === 0) return;
  try {
    await refreshSearch(db, { atMost: REFRESHED_BEFORE_SEARCH, yields: true });
  } catch (error) {
    if (!REFUSALS.includes(codeOf(error))) throw error;
  }
}

/** PostgreSQL's codes for a role without the right, and for a server that only reads (Appendix A of its manual). */
const REFUSALS: readonly unknown[] = ['42501', '25006'];

/** How many servers list something else than a search finds. */
async function countBacklog(db: Database): Promise<number> {
  const [row] = await rowsOf<{ servers: number | string }>(
    db,
    sql`select count(distinct server_id) as servers from search_backlog`,
  );
  return Number(row?.servers ?? 0);
}

export interface RefreshOptions {
  /** Stop after a batch when so many servers were done; all when left out. */
  atMost?: number;
  /** Stop after a batch. What is left stays on the backlog. */
  signal?: AbortSignal | undefined;
  /** Leave it to another process that is at it, and do not wait for it. */
  yields?: boolean;
}

/**
 * Makes a search find what the servers on the backlog list now. It works in short transactions, one after the other,
 * each whole or not at all, and any number of processes may do it at once.
 */
export async function refreshSearch(
  db: Database,
  { atMost = Number.POSITIVE_INFINITY, signal, yields = false }: RefreshOptions = {},
): Promise<void> {
  let servers = 0;
  let tools = 0;
  while (servers < atMost && !signal?.aborted) {
    const batch = await db.transaction((tx) => refreshBatch(tx, yields));
    if (batch === undefined) break;
    servers += batch.servers;
    tools += batch.tools;
  }
  if (servers > 0) await tidyIndex(db, tools);
}

/** Takes the next servers off the backlog; undefined when there is none, or not for us. */
async function refreshBatch(
  tx: Database,
  yields: boolean,
): Promise<{ servers: number; tools: number } | undefined> {
  if (!(await takeLock(tx, yields))) return undefined;
  // Only rows that are seen are removed: one that is committed later stands for a list that may not be seen yet.
  const taken = await rowsOf<{ server_id: number | string }>(
    tx,
    sql`
    delete from search_backlog where id in (
      select id from search_backlog order by id limit ${BACKLOG_ROWS_TOGETHER} for update skip locked
    ) returning server_id`,
  );
  if (taken.length === 0) return undefined;
  const servers = [...new Set(taken.map(({ server_id }) => Number(server_id)))];
  await tx.execute(sql`
    delete from current_tools where server_id in (select id from ${idSet(servers)})`);
  const lists = await newestLists(tx, servers);
  for (const chunk of chunksOf(lists)) await insertCurrent(tx, chunk);
  return { servers: servers.length, tools: lists.reduce((sum, { tools }) => sum + tools, 0) };
}

async function takeLock(tx: Database, yields: boolean): Promise<boolean> {
  if (yields) {
    const [row] = await rowsOf<{ taken: boolean }>(
      tx,
      sql`select pg_try_advisory_xact_lock(${CURRENT_TOOLS_LOCK}) as taken`,
    );
    return row?.taken ?? false;
  }
  await tx.execute(sql`select pg_advisory_xact_lock(${CURRENT_TOOLS_LOCK})`);
  return true;
}

interface NewestList {
  server_id: number;
  listing_id: number;
  tools: number;
}

async function newestLists(tx: Database, servers: readonly number[]): Promise<NewestList[]> {
  const rows = await rowsOf<Record<keyof NewestList, number | string>>(
    tx,
    sql`
    select r.id as server_id, s.listing_id, l.tool_count as tools
    from ${idSet(servers)}
    cross join lateral (
      select listing_id from scans
      where server_id = r.id and listing_id is not null order by observed_at desc limit 1
    ) s
    join listings l on l.id = s.listing_id`,
  );
  return rows.map((row) => ({
    server_id: Number(row.server_id),
    listing_id: Number(row.listing_id),
    tools: Number(row.tools),
  }));
}

/** Lists that are in memory together. */
function chunksOf(lists: readonly NewestList[]): NewestList[][] {
  const chunks: NewestList[][] = [];
  let room = 0;
  for (const list of lists) {
    if (room < list.tools || chunks.length === 0) {
      chunks.push([]);
      room = REFRESHED_TOOLS_TOGETHER;
    }
    chunks.at(-1)?.push(list);
    room -= list.tools;
  }
  return chunks;
}

const LIST = { server_id: 'bigint', listing_id: 'bigint' };

async function insertCurrent(tx: Database, lists: readonly NewestList[]): Promise<void> {
  const current = lists.map(({ server_id, listing_id }) => ({ server_id, listing_id }));
  const listed = await rowsOf<{
    server_id: number | string;
    position: number;
    tool_hash: string;
    wire: string;
  }>(
    tx,
    sql`
    with listed as materialized (
      select r.server_id, g.position, g.tool_hash
      from ${recordset(current, LIST)} join listing_tools g on g.listing_id = r.listing_id
    )
    select listed.*, v.wire from listed join tool_versions v on v.hash = listed.tool_hash`,
  );
  const spoken = new Set<string>();
  const rows = listed.map(({ server_id, position, tool_hash, wire }) => {
    const read = readTool(JSON.parse(wire), position);
    if (!read.ok) throw new Error(`A stored tool ${read.rejected.reason}: the catalogue is damaged.`);
    const words = searchWords(read.tool);
    for (const word of words.spoken) spoken.add(word);
    return {
      server_id: Number(server_id),
      position,
      tool_hash,
      name: indexable(read.tool.name),
      name_words: words.nameWords,
      words: words.lexemes.join(' '),
    };
  });
  // `offset 0` keeps a planner without statistics from looking for the newest of all verdicts until one is of the tool.
  await tx.execute(sql`
    insert into current_tools (server_id, position, classification_id, name, name_words, risk_rank, search)
    select r.server_id, r.position, c.id, r.name, r.name_words, ${sql.raw(RISK_RANK)},
      array_to_tsvector(string_to_array(r.words, ' ') || ${verdictFacets('r.name_words')} ||
        array(select distinct left('/origin=' || source, ${MAX_LEXEME_CHARS}) from origins where server_id = r.server_id))
    from ${recordset(rows, CURRENT)}
    cross join lateral (
      select * from (
        select id, category, risk, signals from classifications
        where tool_hash = r.tool_hash collate "C" offset 0
      ) c order by id desc limit 1
    ) c`);
  await tx.execute(sql`
    insert into search_words (word)
    select value from jsonb_array_elements_text(${JSON.stringify([...spoken].toSorted())}::jsonb)
    on conflict do nothing`);
}

/** All that grow with what servers list. */
const ANALYZED = [
  'servers',
  'origins',
  'texts',
  'tool_versions',
  'listings',
  'listing_tools',
  'scans',
  'classifications',
  'current_tools',
  'search_words',
];

/**
 * New rows wait in a list that every search reads through, and the embedded database never empties it and never
 * gathers statistics by itself. Only the tables' owner may do either, and for others the server does.
 */
async function tidyIndex(db: Database, tools: number): Promise<void> {
  await db.execute(sql`
    select gin_clean_pending_list(oid) from pg_class
    where oid in ('current_tools_by_word'::regclass, 'search_words_by_trigram'::regclass)
      and pg_has_role(relowner, 'usage')`);
  if (tools >= ANALYZED_AFTER_TOOLS) await db.execute(sql.raw(`analyze ${ANALYZED.join(', ')}`));
}

/**
 * Shows new verdicts wherever their tools are listed now. Only verdicts on tools that had one before need it: a tool
 * without a verdict is not found by a search.
 */
export async function refreshCurrentVerdicts(
  tx: Database,
  classificationIds: readonly number[],
): Promise<void> {
  if (classificationIds.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${CURRENT_TOOLS_LOCK})`);
  // By the row's own key, so that a row which another such update has just changed is judged by what it has then.
  await tx.execute(sql`
    with fresh as materialized (
      select c.id, c.tool_hash from ${idSet(classificationIds)} join classifications c on c.id = r.id
    ), older as materialized (
      select fresh.id, c.id as before from fresh join classifications c on c.tool_hash = fresh.tool_hash and c.id < fresh.id
    ), changed as materialized (
      select t.server_id, t.position, older.id from older join current_tools t on t.classification_id = older.before
    )
    update current_tools t
    set classification_id = c.id, risk_rank = ${sql.raw(RISK_RANK)},
      search = array_to_tsvector(
        array(select w from unnest(tsvector_to_array(t.search)) w where w !~ '^/(category|risk|signal|at)=') || ${verdictFacets('t.name_words')})
    from changed join classifications c on c.id = changed.id
    where t.server_id = changed.server_id and t.position = changed.position and t.classification_id < c.id`);
}

/** Ids as a table `r`, each once. */
export function idSet(ids: readonly number[]) {
  return sql`(select distinct e::bigint as id from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) e) r`;
}
