import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { readTool } from '../crawler/definition.ts';
import { usageError } from '../crawler/fault.ts';
import { correctorFor, type LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { MAX_QUERY_WORDS } from './limits.ts';
import { recordset } from './recordset.ts';
import {
  SearchQuery as Query,
  type SearchAnswer,
  type SearchHit,
  type SearchQuery,
} from './search-contract.ts';
import { correctedTools, type FoundTool } from './search-corrected.ts';
import {
  comparePlaces,
  isBefore,
  type Place,
  readCursor,
  type SearchOrder,
  type Tier,
  tiersOf,
  writeCursor,
} from './search-order.ts';
import {
  all,
  begunWords,
  originQuery,
  type Phase,
  queryWords,
  quote,
  verdictQuery,
  wholeWords,
} from './search-query.ts';
import { type Respelling, respell } from './search-spelling.ts';
import { facet } from './search-words.ts';
import { packedVerdict, unpackVerdict } from './verdicts.ts';

type ReadQuery = z.output<typeof Query>;

/**
 * Finds tools among those that servers list now; corrections hold for what is found and for what it is filtered by.
 * Throws a usage error for an `after` that is none, an unknown server and too many words.
 *
 * The database fetches a row for every match that it sorts, and a common word has matches by the ten thousand. So it is
 * asked for parts of the answer in their order, in one statement, and stops at the part that fills the page.
 */
export async function search(
  db: Database,
  given: SearchQuery,
  corrections: readonly LocatedCorrection[] = [],
): Promise<SearchAnswer> {
  const query = Query.parse(given);
  const words = queryWords(query.words);
  if (words.length > MAX_QUERY_WORDS) {
    throw usageError(`a search takes at most ${MAX_QUERY_WORDS} words. Give those that matter most.`);
  }
  return db.transaction(async (tx) => {
    const waitingServers = await prepare(tx);
    const serverId = query.server === undefined ? undefined : await serverIdOf(tx, query.server);
    const scope: Scope = { query, corrections, serverId };
    // Nothing but marks and blanks that a person may have meant as words.
    if (words.length === 0 && query.words.trim() !== '') return { hits: [], respelt: [], waitingServers };
    const direct = await findPage(tx, words, scope);
    const respelt: Respelling[] = direct.length === 0 && words.length > 0 ? await respell(tx, words) : [];
    const found = respelt.length === 0 ? direct : await findRespelt(tx, words, respelt, scope);
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      hits: await readHits(tx, page, corrections),
      ...(last !== undefined && { after: writeCursor(identity(query), last) }),
      respelt,
      waitingServers,
    };
  });
}

/**
 * Sets up the transaction and gives the number of servers that wait for their turn. The planner does not know that a
 * row's words are costly to look at, and would rather look at every row for a common word; nor that a statement of
 * milliseconds is not worth compiling, or another process.
 */
async function prepare(tx: Database): Promise<number> {
  const [row] = await rowsOf<{ waiting: number | string }>(
    tx,
    sql`
    select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
      set_config('max_parallel_workers_per_gather', '0', true),
      (select count(distinct server_id) from search_backlog) as waiting`,
  );
  return Number(row?.waiting ?? 0);
}

async function serverIdOf(tx: Database, slug: string): Promise<number> {
  const name = slug.replaceAll('\0', '').toWellFormed();
  const [row] = await rowsOf<{ id: number | string }>(tx, sql`select id from servers where slug = ${name}`);
  if (row === undefined) {
    throw usageError(
      `there is no server '${name}' in the catalogue. \`catalogue list\` shows those that are.`,
    );
  }
  return Number(row.id);
}

interface Scope {
  query: ReadQuery;
  corrections: readonly LocatedCorrection[];
  serverId: number | undefined;
}

/** What a cursor belongs to. */
function identity({ limit: _, after: __, ...query }: ReadQuery): unknown {
  return query;
}

async function findRespelt(
  tx: Database,
  words: readonly string[],
  respelt: readonly Respelling[],
  scope: Scope,
): Promise<FoundTool[]> {
  if (respelt.some(({ as }) => as === undefined)) return [];
  const instead = new Map(respelt.map(({ word, as }) => [word, as]));
  return findPage(tx, [...new Set(words.map((word) => instead.get(word) ?? word))], scope);
}

/** A page, and one tool more where there is one. */
async function findPage(tx: Database, words: readonly string[], scope: Scope): Promise<FoundTool[]> {
  if (words.length === 0) return findIn(tx, [undefined], 0, 'riskiest', scope);
  const whole = wholeWords(words);
  const found = await findIn(tx, whole, 0, 'closest', scope);
  if (found.length > scope.query.limit) return found;
  return [...found, ...(await findIn(tx, begunWords(words), whole.length, 'closest', scope))];
}

/** What these phases find, one after the other; without words there is one, of all tools. */
async function findIn(
  tx: Database,
  phases: readonly (Phase | undefined)[],
  firstPhase: number,
  order: SearchOrder,
  { query, corrections, serverId }: Scope,
): Promise<FoundTool[]> {
  const after = query.after === undefined ? undefined : readCursor(identity(query), query.after);
  const own = serverId === undefined ? undefined : sql`t.server_id = ${serverId}`;
  const origin = originQuery(query);
  const corrected = await correctedTools(
    tx,
    corrections,
    phases.map((phase, index) => ({
      phase: firstPhase + index,
      expression: conjunction([phase?.anyLength, origin]),
    })),
    query,
    own,
  );
  const selects = phases.flatMap((phase, index) => {
    const number = firstPhase + index;
    if (after !== undefined && number < after.phase) return [];
    const from = after?.phase === number ? after : undefined;
    const rest = [own, from && isBehind(from, order), isNone(corrected.moved)];
    // The tools of one server are few.
    if (own !== undefined || (phase !== undefined && phase.ofLength === undefined)) {
      const found = matches(conjunction([phase?.anyLength, origin, verdictQuery(query)]));
      return [selectTools(number, [found, ...rest], order, query.limit + 1)];
    }
    return tiersOf(order, query.risks.length > 0 ? query.risks : ALL_RISKS)
      .filter((tier) => from === undefined || !isBefore(tier, from))
      .map((tier) => {
        const found = matches(
          conjunction([phase?.ofLength?.(tier.length), ...tierFilters(tier, query), origin]),
        );
        return selectTools(number, [found, ...rest], order, query.limit + 1);
      });
  });
  if (selects.length === 0) return [];
  const rows = await rowsOf<ToolRow>(
    tx,
    sql`select * from (${sql.join(selects, sql` union all `)}) t limit ${query.limit + 1}`,
  );
  const compare = comparePlaces(order);
  const placed = corrected.found.filter((tool) => after === undefined || compare(tool, after) > 0);
  return [...rows.map(foundTool), ...placed].toSorted(compare).slice(0, query.limit + 1);
}

/** A tier by risk takes the place of the filter by risk. */
function tierFilters({ riskRank, length }: Tier, query: ReadQuery): (string | undefined)[] {
  if (riskRank === undefined) return [verdictQuery(query)];
  return [quote(facet('at', `${riskRank}${length}`)), verdictQuery({ ...query, risks: [] })];
}

const ALL_RISKS = ['critical', 'high', 'medium', 'low'] as const;

function conjunction(parts: readonly (string | undefined)[]): string | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? undefined : all(given);
}

/** That a tool is none of these. */
function isNone(tools: readonly { serverId: number; position: number }[]): SQL | undefined {
  if (tools.length === 0) return undefined;
  const keys = tools.map(({ serverId, position }) => ({ server_id: serverId, position }));
  return sql`(t.server_id, t.position) not in (select server_id, position from ${recordset(keys, KEY)})`;
}

function matches(expression: string | undefined): SQL | undefined {
  return expression === undefined ? undefined : sql`t.search @@ ${expression}::tsquery`;
}

const KEY = { server_id: 'bigint', position: 'integer' };

const COLUMNS: Record<SearchOrder, SQL> = {
  closest: sql.raw('name_words, risk_rank, name, server_id, position'),
  riskiest: sql.raw('risk_rank, name_words, name, server_id, position'),
};

function isBehind({ nameWords, riskRank, name, serverId, position }: Place, order: SearchOrder): SQL {
  const [first, second] = order === 'closest' ? [nameWords, riskRank] : [riskRank, nameWords];
  return sql`(${COLUMNS[order]}) >
    (${first}::smallint, ${second}::smallint, ${name}::text collate "C", ${serverId}::bigint, ${position}::integer)`;
}

function selectTools(
  phase: number,
  conditions: readonly (SQL | undefined)[],
  order: SearchOrder,
  limit: number,
): SQL {
  const given = conditions.filter((condition) => condition !== undefined);
  return sql`(
    select ${phase}::integer as phase, server_id, position, classification_id, name, name_words, risk_rank
    from current_tools t where ${sql.join(given, sql` and `)}
    order by ${COLUMNS[order]} limit ${limit})`;
}

interface ToolRow {
  phase: number;
  server_id: number | string;
  position: number;
  classification_id: number | string;
  name: string;
  name_words: number;
  risk_rank: number;
}

function foundTool(row: ToolRow): FoundTool {
  return {
    phase: row.phase,
    nameWords: row.name_words,
    riskRank: row.risk_rank,
    name: row.name,
    serverId: Number(row.server_id),
    position: row.position,
    classificationId: Number(row.classification_id),
  };
}

const HIT = { n: 'integer', server_id: 'bigint', position: 'integer', classification_id: 'bigint' };

interface HitRow {
  slug: string;
  key: string;
  label: string;
  position: number;
  wire: string;
  verdict: string;
}

async function readHits(
  tx: Database,
  page: readonly FoundTool[],
  corrections: readonly LocatedCorrection[],
): Promise<SearchHit[]> {
  if (page.length === 0) return [];
  const keys = page.map(({ serverId, position, classificationId }, n) => ({
    n,
    server_id: serverId,
    position,
    classification_id: classificationId,
  }));
  const rows = await rowsOf<HitRow>(
    tx,
    sql`
    select s.slug, s.key, s.label, r.position, v.wire, ${packedVerdict} as verdict
    from ${recordset(keys, HIT)}
    join servers s on s.id = r.server_id
    join classifications c on c.id = r.classification_id
    join judges j on j.id = c.judge_id
    join tool_versions v on v.hash = c.tool_hash
    order by r.n`,
  );
  return rows.map(({ slug, key, label, position, wire, verdict }) => {
    const read = readTool(JSON.parse(wire), position);
    if (!read.ok) throw new Error(`A stored tool ${read.rejected.reason}: the catalogue is damaged.`);
    const server = { slug, id: key, label };
    const correct = correctorFor(corrections, server);
    const classification = correct(read.tool.name, unpackVerdict(JSON.parse(verdict)));
    return { server, definition: read.tool, classification };
  });
}
