import { sql } from 'drizzle-orm';
import { usageError } from '../crawler/fault.ts';
import { byOrder, byWeight, compareLists, type Inventory, type ListChange, type Listed } from './changes.ts';
import type { ListStep, ServerDiff, ServerHistory, ToolVerdict } from './contract.ts';
import { type Database, rowsOf } from './database.ts';
import { type Correct, describe, type HistoryEvent } from './history-changes.ts';
import {
  type LastSeen,
  listRef,
  NOTHING,
  readInventories,
  readLastSeen,
  readTurns,
  stepBetween,
  type Turns,
  turns,
} from './history-lists.ts';
import { scanQuery } from './history-queries.ts';
import { type HistorySource, type Run, readRuns, sourceOf } from './history-source.ts';
import { LISTS_TOGETHER } from './limits.ts';
import { toolSlug } from './slugs.ts';

/** A server's row, as a history needs it. */
export interface HistoryServer {
  id: number;
  slug: string;
  key: string;
  label: string;
}

/** The server with this slug. Throws a usage error where there is none. */
export async function serverWith(db: Database, slug: string): Promise<HistoryServer> {
  const [row] = await rowsOf<Omit<HistoryServer, 'id'> & { id: number | string }>(
    db,
    sql`select id, slug, key, label from servers where slug = ${slug}`,
  );
  if (row === undefined) throw usageError(`there is no server ${JSON.stringify(slug)} in the catalogue.`);
  return { ...row, id: Number(row.id) };
}

export interface HistoryOptions {
  /** Only what happened to the tools of this name or slug, their first appearance too. */
  tool?: string | undefined;
  limit: number;
  oldestFirst?: boolean | undefined;
  /** What a page before gave as `next`. */
  after?: string | undefined;
}

/**
 * What happened to a server's tools. Throws a usage error for an `after` that no page gave. Memory holds a few lists at
 * a time, however long the history is.
 */
export async function readHistory(
  db: Database,
  server: HistoryServer,
  options: HistoryOptions,
  correct: Correct,
): Promise<ServerHistory> {
  const runs = (await readRuns(db, [server.id])).get(server.id) ?? [];
  return historyFrom(sourceOf(db), server, runs, options, correct);
}

/** The same of a server whose lists are known. */
export async function historyFrom(
  source: HistorySource,
  server: HistoryServer,
  runs: readonly Run[],
  options: HistoryOptions,
  correct: Correct,
): Promise<ServerHistory> {
  const { events, isMore } = await pageOf(source, runs, options);
  const changes = await describe(source, events, correct);
  const [first, last] = [runs[0], runs.at(-1)];
  return {
    server: { slug: server.slug, id: server.key, label: server.label },
    ...(first && { first: { ...listRef(first), toolCount: first.toolCount } }),
    ...(last && { last: { ...listRef(last), toolCount: last.toolCount } }),
    lists: runs.length,
    changes,
    ...(isMore && { next: cursorAt(events, options.after) }),
  };
}

async function pageOf(source: HistorySource, runs: readonly Run[], options: HistoryOptions) {
  const { limit, oldestFirst = false, after } = options;
  const start = after === undefined ? undefined : readCursor(after);
  const isBefore = (a: string, b: string) => (oldestFirst ? a < b : a > b);
  const inForce = start === undefined ? -1 : runs.findLastIndex(({ observedAt }) => observedAt <= start.at);
  let at = start === undefined ? (oldestFirst ? 0 : runs.length - 1) : Math.max(0, inForce);
  const events: HistoryEvent[] = [];
  let toSkip = start?.given ?? 0;
  while (at >= 0 && at < runs.length && events.length <= limit) {
    const [from, to] = oldestFirst
      ? [at, Math.min(runs.length, at + LISTS_TOGETHER) - 1]
      : [Math.max(0, at - LISTS_TOGETHER + 1), at];
    const { listed, spans } = await eventsOf(source, runs, from, to, options.tool);
    const found = [...listed, ...(await judgedAgain(source, spans))];
    found.sort((a, b) => (a.at === b.at ? byOrder(a, b) : isBefore(a.at, b.at) ? -1 : 1));
    for (const event of found) {
      if (start !== undefined && isBefore(event.at, start.at)) continue;
      if (event.at === start?.at && toSkip > 0) toSkip--;
      else events.push(event);
    }
    at = oldestFirst ? to + 1 : from - 1;
  }
  return { events: events.slice(0, limit), isMore: events.length > limit };
}

/** The instant of the last event on a page, and how many events of that instant were given so far. */
function cursorAt(events: readonly HistoryEvent[], after: string | undefined): string {
  const at = events.at(-1)?.at ?? '';
  const start = after === undefined ? undefined : readCursor(after);
  const given = events.filter((event) => event.at === at).length;
  return `${at}+${given + (start?.at === at ? start.given : 0)}`;
}

function readCursor(text: string): { at: string; given: number } {
  const [, at, given] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\+(\d{1,9})$/.exec(text) ?? [];
  if (at === undefined) throw usageError('the history goes on at what the page before gave as `next`.');
  return { at, given: Number(given) };
}

/** What happened from one list to another, both included, in no order; and what the server had after each of them. */
export async function eventsOf(
  source: HistorySource,
  runs: readonly Run[],
  from: number,
  to: number,
  tool?: string,
): Promise<{ listed: HistoryEvent[]; spans: Span[] }> {
  const isMeant = (name: string) => tool === undefined || name === tool || toolSlug(name) === tool;
  const states = await readInventories(source, runs, Math.max(0, from - 1), to);
  const before = from === 0 ? [{ list: [], inventory: NOTHING }, ...states] : states;
  const steps = runs.slice(from, to + 1).flatMap((run, offset) => {
    const [was, is] = [before[offset]?.inventory ?? NOTHING, before[offset + 1]];
    // The first list is where the history begins: without a tool that is asked for, it is no change.
    if (is === undefined || (from + offset === 0 && tool === undefined)) return [];
    const changes = compareLists(was.tools, is.list, run.status === 'complete');
    return [
      {
        run,
        index: from + offset,
        was,
        is: is.inventory,
        changes: changes.filter(({ name }) => isMeant(name)),
      },
    ];
  });
  const appeared = steps.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'appeared' ? change.name : [])),
  );
  const lastSeen = await readLastSeen(source, runs, to, appeared);
  const told = steps.filter(({ changes }) => changes.length > 0);
  const contexts = await source.contexts(
    told.flatMap(({ run }) => [run.details, run.detailsBefore].filter((hash) => hash !== null)),
  );
  const listed = told.flatMap(({ run, index, was, is, changes }) => {
    const step = stepBetween(runs[index - 1], run, run.detailsBefore, contexts);
    return changes.map((change) => listEvent(change, { at: run.observedAt, index, was, is, step, lastSeen }));
  });
  const spans = runs.slice(from, to + 1).map((run, offset) => ({
    from: run.observedAt,
    until: runs[from + offset + 1]?.observedAt,
    tools: (before[offset + 1]?.inventory.tools ?? []).filter(({ name }) => isMeant(name)),
  }));
  return { listed, spans };
}

interface StepPlace {
  at: string;
  /** The place of the newer list among all. */
  index: number;
  was: Inventory;
  is: Inventory;
  step: ListStep;
  lastSeen: LastSeen;
}

function listEvent(change: ListChange, place: StepPlace): HistoryEvent {
  const { at, index, was, is, step, lastSeen } = place;
  const { kind, name } = change;
  const isKnown = was.tools.some((tool) => tool.name === name);
  const seen = kind === 'appeared' && !isKnown ? lastSeen(name, index, change.after?.hash ?? '') : undefined;
  const sameName = (kind === 'vanished' ? was : is).tools.filter((tool) => tool.name === name).length;
  const isFirst = step.before === undefined;
  return {
    ...change,
    ...(seen && { kind: 'returned', before: seen }),
    at,
    step,
    ...(sameName > 1 && { sameName }),
    ...(isFirst && { isFirst }),
    remarks: [
      ...(kind === 'appeared' && !was.whole && !isFirst
        ? ['the lists before were cut short, so that it may have been there']
        : []),
      ...(step.after.provenance === 'declared'
        ? ['this list is what somebody wrote down; the server was not asked']
        : []),
      ...(step.before?.provenance === 'declared' && step.after.provenance === 'observed'
        ? ['what was known before is what somebody wrote down, not what the server said']
        : []),
    ],
  };
}

/** What a server had from one list until the next. */
export interface Span {
  from: string;
  until: string | undefined;
  tools: readonly Listed[];
}

/** The verdicts that became others while the server had the definitions. */
async function judgedAgain(source: HistorySource, spans: readonly Span[]): Promise<HistoryEvent[]> {
  const hashes = new Set(spans.flatMap(({ tools }) => tools.map(({ hash }) => hash)));
  const turnsOf = await readTurns(source, [...hashes]);
  return spans.flatMap((span) => judgedWithin(span, turnsOf));
}

/** Of the places where verdicts became others, by the hashes of the definitions, those within a span. */
export function judgedWithin({ from, until, tools }: Span, turnsOf: Turns): HistoryEvent[] {
  const distinct = new Map(tools.map((tool) => [tool.hash, tool]));
  return [...distinct.values()].flatMap((tool) =>
    (turnsOf.get(tool.hash) ?? [])
      .filter(({ after: { at } }) => at >= from && (until === undefined || at < until))
      .map(({ before, after }) => judgedEvent(tool, after.at, before.verdict, after.verdict)),
  );
}

function judgedEvent(tool: Listed, at: string, before: ToolVerdict, after: ToolVerdict): HistoryEvent {
  const { name } = tool;
  return { kind: 're-judged', at, name, before: tool, after: tool, remarks: [], verdicts: { before, after } };
}

/** Since when differences are told: an instant, or a scan by its number; left out, the list before the newest one. */
export type Since = Date | { scan: number };

/**
 * What is different between the list that a server gave then, and the newest. Where there was none yet, its first list
 * is taken. Throws a usage error for a scan that is not one of the server's.
 */
export async function readDiff(
  db: Database,
  server: HistoryServer,
  since: Since | undefined,
  correct: Correct,
): Promise<ServerDiff> {
  const source = sourceOf(db);
  const runs = (await readRuns(db, [server.id])).get(server.id) ?? [];
  const head = { server: { slug: server.slug, id: server.key, label: server.label } };
  const to = runs.length - 1;
  const last = runs[to];
  if (last === undefined) return { ...head, changes: [] };
  const instant = since === undefined ? undefined : await instantOf(db, server, since);
  const from =
    instant === undefined
      ? listBefore(runs)
      : Math.max(
          0,
          runs.findLastIndex(({ observedAt }) => observedAt <= instant),
        );
  const first = runs[from] ?? last;
  const [{ inventory: was } = { inventory: NOTHING }] = await readInventories(source, runs, from, from);
  const [{ inventory: is } = { inventory: NOTHING }] = await readInventories(source, runs, to, to);
  const changes = compareLists(was.tools, is.tools);
  const lastSeen = await readLastSeen(
    source,
    runs,
    from,
    changes.flatMap(({ kind, name }) => (kind === 'appeared' ? name : [])),
  );
  const detailsBefore = runs[from + 1]?.detailsBefore ?? null;
  const contexts = await source.contexts([last.details, ...(detailsBefore === null ? [] : [detailsBefore])]);
  const step = stepBetween(from === to ? undefined : first, last, detailsBefore, contexts);
  const place = { at: last.observedAt, index: from, was, is, step, lastSeen };
  const sinceThen = instant ?? first.observedAt;
  const events = [
    ...changes.map((change) => listEvent(change, place)),
    ...(await judgedSince(source, was.tools, is.tools, sinceThen)),
  ];
  return {
    ...head,
    since: sinceThen,
    step,
    changes: (await describe(source, events, correct)).toSorted(byWeight),
  };
}

/** The place of the newest list that is another than the last one. */
function listBefore(runs: readonly Run[]): number {
  const last = runs.at(-1)?.listing;
  return Math.max(
    0,
    runs.findLastIndex(({ listing }) => listing !== last),
  );
}

async function instantOf(db: Database, server: HistoryServer, since: Since): Promise<string> {
  if (since instanceof Date) return since.toISOString();
  const [row] = await rowsOf<{ observed_at: string | Date }>(db, scanQuery(server.id, since.scan));
  if (row === undefined) {
    throw usageError(
      `${server.slug} has no scan ${since.scan}. \`catalogue history ${server.slug}\` has the numbers of its scans.`,
    );
  }
  return new Date(row.observed_at).toISOString();
}

/** Of the definitions that are in both lists, the verdicts that are others than they were then. */
async function judgedSince(
  source: HistorySource,
  was: readonly Listed[],
  is: readonly Listed[],
  since: string,
): Promise<HistoryEvent[]> {
  const old = new Set(was.map(({ hash }) => hash));
  const both = new Map(is.filter(({ hash }) => old.has(hash)).map((tool) => [tool.hash, tool]));
  const verdicts = await source.verdicts([...both.keys()]);
  return [...both.values()].flatMap((tool) => {
    const all = verdicts.get(tool.hash) ?? [];
    const before = all.findLast(({ at }) => at <= since) ?? all[0];
    const after = all.at(-1);
    if (before === undefined || after === undefined) return [];
    return turns([before, after]).map(() => judgedEvent(tool, after.at, before.verdict, after.verdict));
  });
}
