import { sql } from 'drizzle-orm';
import { byOrder } from './changes.ts';
import type { ServerSheet } from './contract.ts';
import { type Corrector, correctorFor, correctServer, type LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { judgedWithin, readHistory } from './history.ts';
import { describe } from './history-changes.ts';
import { readTurns, type Turns } from './history-lists.ts';
import { MAX_SHEET_CHANGES } from './limits.ts';
import { listCountsQuery } from './sheets-queries.ts';
import { type PastTool, readPastTools, vanishedTools } from './sheets-vanished.ts';
import { readStored, type StoredView } from './view.ts';

/** All sheets of a page are of one moment, whoever writes meanwhile. */
const SNAPSHOT = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

/**
 * The sheets of these servers, in the order of their slugs; those that are not known or were never scanned are left out.
 * All of them are in memory at once. A server that gave one list needs no query of its own.
 */
export function readSheets(
  db: Database,
  slugs: readonly string[],
  corrections: readonly LocatedCorrection[],
): Promise<ServerSheet[]> {
  if (slugs.length === 0) return Promise.resolve([]);
  return db.transaction(async (tx) => {
    const stored = await readStored(
      tx,
      // An array, because an engine would rather read the whole table than look up what a query gives.
      sql`slug = any(array(select value from jsonb_array_elements_text(${JSON.stringify(slugs)}::jsonb)))`,
    );
    const lists = await countLists(tx, stored);
    const hasChanged = ({ id }: StoredView) => (lists.get(id) ?? 0) > 1;
    const past = await readPastTools(tx, stored.filter(hasChanged));
    const rejudged = stored.filter((server) => !hasChanged(server)).flatMap((server) => server.rejudged);
    const turns = await readTurns(tx, [...new Set(rejudged)]);
    const sheets: ServerSheet[] = [];
    for (const server of stored) {
      const correct = correctorFor(corrections, server.view);
      sheets.push({
        ...correctServer(server.view, corrections),
        ...(hasChanged(server)
          ? await pastOf(tx, server, past.get(server.id) ?? [], correct)
          : await onlyJudged(tx, server, turns, lists.get(server.id) ?? 0)),
      });
    }
    return sheets;
  }, SNAPSHOT);
}

async function countLists(tx: Database, servers: readonly StoredView[]): Promise<Map<number, number>> {
  if (servers.length === 0) return new Map();
  const rows = await rowsOf<{ server_id: number | string; lists: number | string }>(
    tx,
    listCountsQuery(servers.map(({ id }) => id)),
  );
  return new Map(rows.map(({ server_id, lists }) => [Number(server_id), Number(lists)]));
}

type Past = Pick<ServerSheet, 'lists' | 'changes' | 'moreChanges' | 'vanished'>;

async function pastOf(
  tx: Database,
  { id, view }: StoredView,
  tools: readonly PastTool[],
  correct: Corrector,
): Promise<Past> {
  const { slug, id: key, label } = view;
  const history = await readHistory(tx, { id, slug, key, label }, { limit: MAX_SHEET_CHANGES }, correct);
  return {
    lists: history.lists,
    changes: history.changes,
    moreChanges: history.next !== undefined,
    vanished: vanishedTools(view, tools, correct),
  };
}

/** The same of a server with one list, which the newest verdicts and what is known of it already tell. */
async function onlyJudged(tx: Database, { view }: StoredView, turns: Turns, lists: number): Promise<Past> {
  const tools = view.tools
    .map(({ definition: { name, hash, position } }) => ({ name, hash, position }))
    .toSorted((a, b) => a.position - b.position);
  const from = view.tools[0]?.firstSeenAt ?? view.firstSeenAt;
  const events = judgedWithin({ from, until: undefined, tools }, turns).toSorted((a, b) =>
    a.at === b.at ? byOrder(a, b) : a.at > b.at ? -1 : 1,
  );
  return {
    lists,
    changes: await describe(tx, events.slice(0, MAX_SHEET_CHANGES), (_, classification) => classification),
    moreChanges: events.length > MAX_SHEET_CHANGES,
    vanished: [],
  };
}
