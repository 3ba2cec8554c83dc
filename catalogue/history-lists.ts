import type { CrawlContext } from '../crawler/contract.ts';
import { type Inventory, isSameVerdict, type Listed, takeList } from './changes.ts';
import type { ListRef, ListStep, ToolVerdict } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import {
  detailsQuery,
  type ListedRow,
  listedQuery,
  namedQuery,
  type RunRow,
  runsQuery,
  type VerdictRow,
  verdictsQuery,
} from './history-queries.ts';
import { MAX_PARTIAL_LISTS, MAX_PAST_LISTS } from './limits.ts';
import { indexable } from './servers.ts';

/** The lists of a server over time, and the verdicts on what is in them, as a history is made of them. */

/** A list that a server gave until the next one, however many scans found it. */
export interface Run extends ListRef {
  listing: number;
  toolCount: number;
  /** What the scan said that found it first, and the newest scan of the list before. */
  details: string;
  detailsBefore: string | null;
}

/** The lists of a server, the oldest first; one that a server gave again later is there twice. */
export async function readRuns(db: Database, serverId: number): Promise<Run[]> {
  const rows = await rowsOf<RunRow>(db, runsQuery(serverId));
  return rows.map((row) => ({
    scan: Number(row.id),
    observedAt: new Date(row.observed_at).toISOString(),
    status: row.status,
    provenance: row.provenance,
    listing: Number(row.listing_id),
    toolCount: row.tool_count,
    details: row.details_hash,
    detailsBefore: row.details_before,
  }));
}

/** What tells a list to a reader. */
export function listRef({ scan, observedAt, status, provenance }: Run): ListRef {
  return { scan, observedAt, status, provenance };
}

/** The tools of lists, by the lists' ids. */
async function readLists(db: Database, listings: readonly number[]): Promise<Map<number, Listed[]>> {
  const rows = listings.length === 0 ? [] : await rowsOf<ListedRow>(db, listedQuery([...new Set(listings)]));
  const found = Map.groupBy(rows.map(listedOf), ({ listing }) => listing);
  return new Map(listings.map((id) => [id, (found.get(id) ?? []).map(({ tool }) => tool)]));
}

function listedOf(row: ListedRow): { listing: number; tool: Listed } {
  const tool = { name: exactName(row), hash: row.tool_hash, position: row.position };
  return { listing: Number(row.listing_id), tool };
}

/** The name of a tool as the server gave it. */
export function exactName({ name, wire }: Pick<ListedRow, 'name' | 'wire'>): string {
  return wire === null ? name : String(JSON.parse(wire).name);
}

/** What a server was known to have before its first list. */
export const NOTHING: Inventory = { tools: [], whole: false };

/**
 * What a server was known to have after each of its lists from `from` to `to`, with the lists. Where lists were cut
 * short, those before them are read up to the last whole one.
 */
export async function readInventories(
  db: Database,
  runs: readonly Run[],
  from: number,
  to: number,
): Promise<{ list: readonly Listed[]; inventory: Inventory }[]> {
  const whole = runs.slice(0, from + 1).findLastIndex(({ status }) => status === 'complete');
  const start = Math.max(0, whole, from - MAX_PARTIAL_LISTS);
  const span = runs.slice(start, to + 1);
  const lists = await readLists(
    db,
    span.map(({ listing }) => listing),
  );
  let inventory = NOTHING;
  const all = span.map(({ listing, status }) => {
    const list = lists.get(listing) ?? [];
    inventory = takeList(inventory, list, status === 'complete');
    return { list, inventory };
  });
  return all.slice(from - start);
}

/** Finds the tool that had a name last before a list. */
export type LastSeen = (name: string, before: number, hash: string) => Listed | undefined;

/** Looks names up in the lists before one. Of several tools in the last list that had the name, the same one counts. */
export async function readLastSeen(
  db: Database,
  runs: readonly Run[],
  before: number,
  names: readonly string[],
): Promise<LastSeen> {
  const newestFirst = runs.slice(0, before).toReversed();
  const listings = [...new Set(newestFirst.map(({ listing }) => listing))].slice(0, MAX_PAST_LISTS);
  if (listings.length === 0 || names.length === 0) return () => undefined;
  const rows = await rowsOf<ListedRow>(db, namedQuery(listings, [...new Set(names.map(indexable))]));
  const found = Map.groupBy(rows.map(listedOf), ({ listing, tool }) => keyOf(listing, tool.name));
  return (name, index, hash) => {
    const run = runs.slice(0, index).findLast(({ listing }) => found.has(keyOf(listing, name)));
    const tools = (run && found.get(keyOf(run.listing, name))?.map(({ tool }) => tool)) ?? [];
    return tools.find((tool) => tool.hash === hash) ?? tools[0];
  };
}

function keyOf(listing: number, name: string): string {
  return `${listing} ${name}`;
}

type Context = Pick<CrawlContext, 'args' | 'envNames'>;

/** Reads in which context lists were made, by the hashes of the scans' details. */
export async function readContexts(
  db: Database,
  hashes: readonly (string | null)[],
): Promise<Map<string, Context>> {
  const known = hashes.filter((hash) => hash !== null);
  if (known.length === 0) return new Map();
  const rows = await rowsOf<{ hash: string; body: string }>(db, detailsQuery(known));
  return new Map(
    rows.map(({ hash, body }) => {
      const { args, envNames }: Context = JSON.parse(body).context;
      return [hash, { args, envNames }];
    }),
  );
}

/** The step between two lists, with both contexts where they differ. */
export function stepBetween(
  before: Run | undefined,
  after: Run,
  detailsBefore: string | null,
  contexts: ReadonlyMap<string, Context>,
): ListStep {
  const [was, is] = [contexts.get(detailsBefore ?? ''), contexts.get(after.details)];
  const isOther = was !== undefined && is !== undefined && JSON.stringify(was) !== JSON.stringify(is);
  return {
    ...(before !== undefined && { before: listRef(before) }),
    after: listRef(after),
    ...(isOther && { context: { before: was, after: is } }),
  };
}

/** A verdict, and when it was given. */
export interface DatedVerdict {
  at: string;
  verdict: ToolVerdict;
}

/**
 * The verdicts on definitions, the oldest of each first. Of those that were stored together, as with a second opinion,
 * the last one is the one that was ever seen.
 */
export async function readVerdicts(
  db: Database,
  hashes: readonly string[],
): Promise<Map<string, DatedVerdict[]>> {
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

/** Where a definition's verdict became another one. */
export interface Turn {
  before: DatedVerdict;
  after: DatedVerdict;
}

/** The turns of definitions, by their hashes. */
export type Turns = ReadonlyMap<string, readonly Turn[]>;

/** Reads where the verdicts on definitions became other ones. */
export async function readTurns(db: Database, hashes: readonly string[]): Promise<Turns> {
  const all = await readVerdicts(db, hashes);
  return new Map([...all].map(([hash, verdicts]) => [hash, turns(verdicts)]));
}

/** The places where a definition's verdict became another one. */
export function turns(verdicts: readonly DatedVerdict[]): Turn[] {
  return verdicts.flatMap((after, index) => {
    const before = verdicts[index - 1];
    if (before === undefined || isSameVerdict(before.verdict, after.verdict)) return [];
    return [{ before, after }];
  });
}
