import { compareText } from '../policy/order.ts';
import type { ServerNames } from './contract.ts';
import { correctorFor, type LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { exactName, readDefinitions } from './history-source.ts';
import { type NamedRow, namesQuery } from './sheets-queries.ts';
import { distinct, toolSlug } from './slugs.ts';

/**
 * What these servers list now, by name, in the order of their slugs; those that are not known are left out. No
 * definition is read, and no verdict as a whole but those that people have corrected.
 */
export async function readNames(
  db: Database,
  slugs: readonly string[],
  corrections: readonly LocatedCorrection[],
): Promise<ServerNames[]> {
  const rows = await rowsOf<NamedRow>(db, namesQuery(slugs));
  const servers = [...Map.groupBy(rows, ({ slug }) => slug).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [namesOf(first, others)],
  );
  await correctNames(db, servers, corrections);
  return servers
    .map(({ slug, label, tools }) => ({ slug, label, tools: tools.map(({ hash: _, ...tool }) => tool) }))
    .toSorted((a, b) => compareText(a.slug, b.slug));
}

type Named = ServerNames['tools'][number] & { hash: string };

interface NamedServer {
  slug: string;
  id: string;
  label: string;
  tools: Named[];
}

/** Slugs are given as `view.ts` gives them: in the order of names, then of places. */
function namesOf(first: NamedRow, others: readonly NamedRow[]): NamedServer {
  const taken = new Set<string>();
  const tools = [first, ...others]
    .flatMap((row) => (row.position === null ? [] : { row, name: exactName(row), position: row.position }))
    .toSorted((a, b) => compareText(a.name, b.name) || a.position - b.position)
    .map(({ row: { category, risk, tool_hash: hash }, name }) => {
      const slug = distinct(toolSlug(name), taken);
      taken.add(slug);
      return { slug, name, category, risk, hash };
    });
  return { slug: first.slug, id: first.key, label: first.label, tools };
}

/** Puts what people have corrected in the place of what was stored. */
async function correctNames(
  db: Database,
  servers: readonly NamedServer[],
  corrections: readonly LocatedCorrection[],
): Promise<void> {
  if (corrections.length === 0) return;
  const meant = servers.flatMap((server) => {
    const names = new Set(
      corrections.flatMap(({ entry }) =>
        entry.server === server.id || entry.server === server.slug ? entry.tool : [],
      ),
    );
    return server.tools.filter(({ name }) => names.has(name)).map((tool) => ({ server, tool }));
  });
  const definitions = await readDefinitions(
    db,
    meant.map(({ tool }) => tool.hash),
  );
  for (const { server, tool } of meant) {
    const stored = definitions.get(tool.hash)?.classification;
    if (stored === undefined) continue;
    const { category, risk } = correctorFor(corrections, server)(tool.name, stored);
    Object.assign(tool, { category, risk });
  }
}
