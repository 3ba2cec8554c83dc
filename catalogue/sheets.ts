import { sql } from 'drizzle-orm';
import { byOrder } from './changes.ts';
import type { ServerSheet } from './contract.ts';
import { correctorFor, correctServer, type LocatedCorrection } from './corrections.ts';
import type { Database } from './database.ts';
import { historyFrom, judgedWithin } from './history.ts';
import { describe } from './history-changes.ts';
import { readTurns, type Turns } from './history-lists.ts';
import { type HistorySource, type Run, readRuns, sharedSource } from './history-source.ts';
import { HISTORIES_TOGETHER, LISTS_TOGETHER, MAX_LISTED_TOGETHER, MAX_SHEET_CHANGES } from './limits.ts';
import { readPastTools, vanishedTools } from './sheets-vanished.ts';
import { readStored, type StoredView } from './view.ts';

/** All sheets of a page are of one moment, whoever writes meanwhile. */
const SNAPSHOT = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

/**
 * The sheets of these servers, in the order of their slugs; those that are not known or were never scanned are left out.
 * All of them are in memory at once. Servers that gave one list take a handful of queries between them; histories are
 * read only of the others, several at once.
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
    const source = sharedSource(tx);
    const runs = await readRuns(
      tx,
      stored.map(({ id }) => id),
    );
    const runsOf = ({ id }: StoredView) => runs.get(id) ?? [];
    const [changing, steady] = [
      stored.filter((server) => runsOf(server).length > 1),
      stored.filter((server) => runsOf(server).length < 2),
    ];
    const turns = await readTurns(
      source,
      steady.flatMap(({ rejudged }) => rejudged),
    );
    const pasts = new Map<number, Past>();
    for (const server of steady)
      pasts.set(server.id, await onlyJudged(source, server, runsOf(server), turns));
    for (const few of groupsOf(changing, runsOf)) {
      const lost = await readPastTools(tx, few);
      await Promise.all(
        few.map(async (server) => {
          const { id, view } = server;
          const correct = correctorFor(corrections, view);
          const { lists, changes, next } = await historyFrom(
            source,
            { id, slug: view.slug, key: view.id, label: view.label },
            runsOf(server),
            { limit: MAX_SHEET_CHANGES },
            correct,
          );
          const vanished = vanishedTools(view, lost.get(id) ?? [], correct);
          pasts.set(id, { lists, changes, moreChanges: next !== undefined, vanished });
        }),
      );
    }
    return stored.map(({ id, view }) => ({
      ...correctServer(view, corrections),
      ...(pasts.get(id) ?? NO_PAST),
    }));
  }, SNAPSHOT);
}

/** Servers whose histories are read at the same time. */
function groupsOf(
  servers: readonly StoredView[],
  runsOf: (server: StoredView) => readonly Run[],
): StoredView[][] {
  const groups: StoredView[][] = [];
  let room = 0;
  for (const server of servers) {
    const listed = runsOf(server)
      .slice(-LISTS_TOGETHER)
      .reduce((sum, { toolCount }) => sum + toolCount, 0);
    const group = groups.at(-1);
    if (group === undefined || group.length === HISTORIES_TOGETHER || room < listed) {
      groups.push([server]);
      room = MAX_LISTED_TOGETHER - listed;
    } else {
      group.push(server);
      room -= listed;
    }
  }
  return groups;
}

type Past = Pick<ServerSheet, 'lists' | 'changes' | 'moreChanges' | 'vanished'>;

const NO_PAST: Past = { lists: 0, changes: [], moreChanges: false, vanished: [] };

/** What happened to the tools of a server that gave one list at the most: others can only have judged them anew. */
async function onlyJudged(
  source: HistorySource,
  { view }: StoredView,
  [run]: readonly Run[],
  turns: Turns,
): Promise<Past> {
  if (run === undefined) return NO_PAST;
  const tools = view.tools
    .map(({ definition: { name, hash, position } }) => ({ name, hash, position }))
    .toSorted((a, b) => a.position - b.position);
  const events = judgedWithin({ from: run.observedAt, until: undefined, tools }, turns).toSorted((a, b) =>
    a.at === b.at ? byOrder(a, b) : a.at > b.at ? -1 : 1,
  );
  const newest = events.slice(0, MAX_SHEET_CHANGES);
  return {
    ...NO_PAST,
    lists: 1,
    changes: newest.length === 0 ? [] : await describe(source, newest, (_, classification) => classification),
    moreChanges: events.length > newest.length,
  };
}
