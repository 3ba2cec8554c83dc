import { compareText } from '../policy/order.ts';
import type { JudgedDefinition } from './changes.ts';
import type { ServerView, VanishedTool } from './contract.ts';
import type { Corrector } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { exactName, readDefinitions } from './history-source.ts';
import { MAX_PAST_DEFINITIONS, MAX_VANISHED } from './limits.ts';
import { type PastRow, pastQuery } from './sheets-queries.ts';
import { distinct, toolSlug } from './slugs.ts';
import type { StoredView } from './view.ts';

/** A name that a server listed once and does not list now, with its last definition. */
export interface PastTool extends JudgedDefinition {
  firstSeenAt: string;
  lastSeenAt: string;
  vanishedAt: string;
}

/** What each of these servers has lost, by the ids of their rows. */
export async function readPastTools(
  db: Database,
  servers: readonly StoredView[],
): Promise<Map<number, PastTool[]>> {
  if (servers.length === 0) return new Map();
  const ids = servers.map(({ id }) => id);
  const rows = await rowsOf<PastRow>(db, pastQuery(ids, MAX_PAST_DEFINITIONS));
  const gone = [...Map.groupBy(rows, ({ server_id }) => Number(server_id))].map(
    ([id, all]) => [id, lostNames(all)] as const,
  );
  const definitions = await readDefinitions(
    db,
    gone.flatMap(([, names]) => names.map(({ hash }) => hash)),
  );
  return new Map(
    gone.map(([id, names]) => [
      id,
      names.flatMap(({ hash, position, ...dates }) => {
        const judged = definitions.get(hash);
        return judged ? [{ ...judged, definition: { ...judged.definition, position }, ...dates }] : [];
      }),
    ]),
  );
}

interface LostName {
  hash: string;
  position: number;
  firstSeenAt: string;
  lastSeenAt: string;
  vanishedAt: string;
}

/**
 * The names that a whole list left out after they were listed last, those that went last first. Of several definitions
 * in the last list that had the name, the first one counts.
 */
function lostNames(rows: readonly PastRow[]): LostName[] {
  const byName = Map.groupBy(rows.map(datesOf), ({ name }) => name);
  return [...byName]
    .flatMap(([name, all]): (LostName & { name: string })[] => {
      const [last] = all.toSorted(
        (a, b) => compareText(b.lastSeenAt, a.lastSeenAt) || a.position - b.position,
      );
      if (last?.vanishedAt === undefined) return [];
      return [{ ...last, name, vanishedAt: last.vanishedAt }];
    })
    .toSorted((a, b) => compareText(b.vanishedAt, a.vanishedAt) || compareText(a.name, b.name))
    .slice(0, MAX_VANISHED)
    .map(({ name: _, ...lost }) => lost);
}

function datesOf(row: PastRow) {
  return {
    name: exactName(row),
    hash: row.tool_hash,
    position: row.position,
    firstSeenAt: new Date(row.first_seen_at).toISOString(),
    lastSeenAt: new Date(row.last_seen_at).toISOString(),
    ...(row.vanished_at !== null && { vanishedAt: new Date(row.vanished_at).toISOString() }),
  };
}

/** The lost tools as a sheet tells them, beside those that the server has. */
export function vanishedTools(
  { tools }: ServerView,
  lost: readonly PastTool[],
  correct: Corrector,
): VanishedTool[] {
  const taken = new Set(tools.map(({ slug }) => slug));
  return lost
    .toSorted((a, b) => compareText(a.definition.name, b.definition.name))
    .map(({ classification, ...tool }) => {
      const slug = distinct(toolSlug(tool.definition.name), taken);
      taken.add(slug);
      return {
        slug,
        ...tool,
        ...(classification && { classification: correct(tool.definition.name, classification) }),
      };
    })
    .toSorted((a, b) => compareText(a.slug, b.slug));
}
