import { createHash } from 'node:crypto';
import type { ServerRevision } from './contract.ts';
import type { LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { type RevisionRow, revisionsQuery } from './sheets-queries.ts';

/** Characters of a revision: with a million servers no two states of one are ever mistaken for each other. */
const REVISION_CHARS = 20;

/**
 * Every server that was scanned, in the order of the slugs, with what names the state of its sheet. It is made from
 * what was found, not from the numbers of rows, so that a catalogue that was filled anew from other scans has others.
 */
export async function readRevisions(
  db: Database,
  corrections: readonly LocatedCorrection[],
): Promise<ServerRevision[]> {
  const byServer = Map.groupBy(
    corrections.map(({ entry }) => entry),
    ({ server }) => server,
  );
  const rows = await rowsOf<RevisionRow>(db, revisionsQuery());
  return rows.map(({ slug, key, known }) => {
    const own = [...(byServer.get(key) ?? []), ...(byServer.get(slug) ?? [])];
    const text = JSON.stringify([key, known, own]);
    return { slug, revision: createHash('sha256').update(text).digest('hex').slice(0, REVISION_CHARS) };
  });
}
