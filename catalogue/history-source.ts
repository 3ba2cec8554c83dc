import type { CrawlContext } from '../crawler/contract.ts';
import { rereadTool } from '../crawler/definition.ts';
import type { JudgedDefinition, Listed } from './changes.ts';
import type { ListRef, ToolVerdict } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import {
  type DefinitionRow,
  definitionsQuery,
  detailsQuery,
  type ListedRow,
  listedQuery,
  namedQuery,
  type RunRow,
  runsQuery,
  type VerdictRow,
  verdictsQuery,
} from './history-queries.ts';
import { readJudges, unpackVerdict } from './verdicts.ts';

/** What histories are made from, as it is read from the tables. */

/** A list that a server gave until the next one, however many scans found it. */
export interface Run extends ListRef {
  listing: number;
  toolCount: number;
  /** What the scan said that found it first, and the newest scan of the list before. */
  details: string;
  detailsBefore: string | null;
}

/** In which context a list was made. */
export type Context = Pick<CrawlContext, 'args' | 'envNames'>;

/** A verdict, and when it was given. */
export interface DatedVerdict {
  at: string;
  verdict: ToolVerdict;
}

/** Where a history is read from. Each of these may give more than was asked for; nothing, where nothing was. */
export interface HistorySource {
  /** The tools of lists, in the order of their places, by the lists' ids. */
  lists(listings: readonly number[]): Promise<ReadonlyMap<number, readonly Listed[]>>;
  /** Of the same those that have one of these names, as `tool_versions` has names. */
  named(asked: NamesAsked): Promise<ReadonlyMap<number, readonly Listed[]>>;
  /** By the hashes of the scans' details. */
  contexts(hashes: readonly string[]): Promise<ReadonlyMap<string, Context>>;
  /** The verdicts on definitions, the oldest of each first, by the definitions' hashes. */
  verdicts(hashes: readonly string[]): Promise<ReadonlyMap<string, readonly DatedVerdict[]>>;
  /** Definitions with the newest verdict on each, by their hashes. */
  definitions(hashes: readonly string[]): Promise<ReadonlyMap<string, JudgedDefinition>>;
}

interface NamesAsked {
  listings: readonly number[];
  names: readonly string[];
}

/** For one history: each question is a query. */
export function sourceOf(db: Database): HistorySource {
  return {
    lists: (listings) => readLists(db, listings),
    named: (asked) => readNamed(db, [asked]),
    contexts: (hashes) => readContexts(db, hashes),
    verdicts: (hashes) => readVerdicts(db, hashes),
    definitions: (hashes) => readDefinitions(db, hashes),
  };
}

/** For several histories that are read at the same time: what they ask for together is one query. */
export function sharedSource(db: Database): HistorySource {
  return {
    lists: together((asked) => readLists(db, asked.flat())),
    named: together((asked) => readNamed(db, asked)),
    contexts: together((asked) => readContexts(db, asked.flat())),
    verdicts: together((asked) => readVerdicts(db, asked.flat())),
    definitions: together((asked) => readDefinitions(db, asked.flat())),
  };
}

/** Answers all that is asked for until the program waits for something, at once. */
function together<Asked, Answer>(
  answer: (asked: readonly Asked[]) => Promise<Answer>,
): (asked: Asked) => Promise<Answer> {
  let waiting: Asked[] = [];
  let next: Promise<Answer> | undefined;
  return (asked) => {
    waiting.push(asked);
    next ??= new Promise(setImmediate).then(() => {
      const all = waiting;
      waiting = [];
      next = undefined;
      return answer(all);
    });
    return next;
  };
}

/**
 * The lists of servers, the oldest of each first, by the servers' ids; one that a server gave again later is there
 * twice. A server that was never listed is left out.
 */
export async function readRuns(db: Database, serverIds: readonly number[]): Promise<Map<number, Run[]>> {
  if (serverIds.length === 0) return new Map();
  const rows = await rowsOf<RunRow>(db, runsQuery(serverIds));
  const byServer = Map.groupBy(rows, ({ server_id }) => Number(server_id));
  return new Map([...byServer].map(([id, all]) => [id, all.map(runOf)]));
}

function runOf(row: RunRow): Run {
  return {
    scan: Number(row.id),
    observedAt: new Date(row.observed_at).toISOString(),
    status: row.status,
    provenance: row.provenance,
    listing: Number(row.listing_id),
    toolCount: row.tool_count,
    details: row.details_hash,
    detailsBefore: row.details_before,
  };
}

async function readLists(db: Database, listings: readonly number[]): Promise<Map<number, Listed[]>> {
  const ids = [...new Set(listings)];
  return ids.length === 0 ? new Map() : byListing(await rowsOf<ListedRow>(db, listedQuery(ids)));
}

async function readNamed(db: Database, asked: readonly NamesAsked[]): Promise<Map<number, Listed[]>> {
  const meant = asked.filter(({ names }) => names.length > 0);
  const [listings, names] = [
    new Set(meant.flatMap((each) => each.listings)),
    new Set(meant.flatMap((each) => each.names)),
  ];
  if (listings.size === 0) return new Map();
  return byListing(await rowsOf<ListedRow>(db, namedQuery([...listings], [...names])));
}

function byListing(rows: readonly ListedRow[]): Map<number, Listed[]> {
  const lists = Map.groupBy(rows, ({ listing_id }) => Number(listing_id));
  return new Map([...lists].map(([id, all]) => [id, all.map(listedOf)]));
}

function listedOf(row: ListedRow): Listed {
  return { name: exactName(row), hash: row.tool_hash, position: row.position };
}

/** The name of a tool as the server gave it. */
export function exactName({ name, wire }: Pick<ListedRow, 'name' | 'wire'>): string {
  return wire === null ? name : String(JSON.parse(wire).name);
}

async function readContexts(db: Database, hashes: readonly string[]): Promise<Map<string, Context>> {
  if (hashes.length === 0) return new Map();
  const rows = await rowsOf<{ hash: string; body: string }>(db, detailsQuery(hashes));
  return new Map(
    rows.map(({ hash, body }) => {
      const { args, envNames }: Context = JSON.parse(body).context;
      return [hash, { args, envNames }];
    }),
  );
}

/** Stored definitions by their hashes, each with the newest verdict on it. */
export async function readDefinitions(
  db: Database,
  hashes: readonly string[],
): Promise<Map<string, JudgedDefinition>> {
  if (hashes.length === 0) return new Map();
  const rows = await rowsOf<DefinitionRow>(db, definitionsQuery(hashes));
  const judges = await readJudges(
    db,
    new Set(rows.flatMap(({ judge_id: id }) => (id === null ? [] : Number(id)))),
  );
  return new Map(
    rows.map(({ hash, wire, verdict, judge_id }) => {
      const definition = rereadTool(JSON.parse(wire), 0, hash);
      const judge = judges.get(Number(judge_id));
      if (verdict === null || judge === undefined) return [hash, { definition }];
      return [hash, { definition, classification: unpackVerdict({ ...judge, toolHash: hash, verdict }) }];
    }),
  );
}

/** Of verdicts that were stored together, as with a second opinion, the last one is the one that was ever seen. */
async function readVerdicts(db: Database, hashes: readonly string[]): Promise<Map<string, DatedVerdict[]>> {
  if (hashes.length === 0) return new Map();
  const rows = await rowsOf<VerdictRow>(db, verdictsQuery(hashes));
  const byHash = Map.groupBy(rows, ({ hash }) => hash);
  return new Map(
    [...byHash].map(([hash, all]) => {
      const dated = all.map((row) => ({
        at: new Date(row.judged_at).toISOString(),
        verdict: verdictIn(row),
      }));
      return [hash, dated.filter((verdict, index) => !isStoredWith(verdict, dated[index + 1]))];
    }),
  );
}

function isStoredWith({ at, verdict }: DatedVerdict, next: DatedVerdict | undefined): boolean {
  return (
    next?.at === at &&
    next.verdict.classifierVersion === verdict.classifierVersion &&
    next.verdict.signalSetHash === verdict.signalSetHash
  );
}

/** The verdict in a row. */
export function verdictIn(row: Omit<VerdictRow, 'hash' | 'judged_at'>): ToolVerdict {
  return {
    category: row.category,
    risk: row.risk,
    destructive: row.destructive,
    financial: row.financial,
    signals: JSON.parse(row.signals),
    classifierVersion: row.classifier_version,
    signalSetHash: row.signal_set_hash,
    reviewer: row.reviewer,
    ...(row.prompt_version !== '' && { promptVersion: row.prompt_version }),
  };
}
