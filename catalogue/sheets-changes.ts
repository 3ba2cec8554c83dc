import { byOrder, byWeight } from './changes.ts';
import type { CatalogueChange } from './contract.ts';
import { correctorFor, type LocatedCorrection } from './corrections.ts';
import { type Database, rowsOf } from './database.ts';
import { eventsOf } from './history.ts';
import { describe } from './history-changes.ts';
import { type HistorySource, type Run, readRuns, sharedSource } from './history-source.ts';
import { MAX_CHANGES_OF_STEP, MAX_DEFINITIONS_COMPARED, MAX_STEPS, STEPS_TOGETHER } from './limits.ts';
import { type StepRow, stepsQuery } from './sheets-queries.ts';

/**
 * The newest changes of the tools of all servers, the newest first; of each list at most `MAX_CHANGES_OF_STEP`, those
 * that are to be looked at first. They are found by the scans that found another list, so what was judged again is
 * not among them, nor what vanished when the same list, cut short at first, was found to be whole.
 */
export async function readNewestChanges(
  db: Database,
  limit: number,
  corrections: readonly LocatedCorrection[],
): Promise<CatalogueChange[]> {
  const source = sharedSource(db);
  const changes: CatalogueChange[] = [];
  let last: { at: string; id: number } | undefined;
  for (let seen = 0; seen < MAX_STEPS && changes.length < limit; seen += STEPS_TOGETHER) {
    const steps = await rowsOf<StepRow>(db, stepsQuery(STEPS_TOGETHER, last));
    const runs = await readRuns(
      db,
      steps.map(({ server_id }) => Number(server_id)),
    );
    const found = steps.map((step) =>
      changesOf(source, step, runs.get(Number(step.server_id)) ?? [], corrections),
    );
    changes.push(...(await Promise.all(found)).flat());
    const end = steps.at(-1);
    if (end === undefined || steps.length < STEPS_TOGETHER) break;
    last = { at: new Date(end.observed_at).toISOString(), id: Number(end.scan_id) };
  }
  return changes.slice(0, limit);
}

async function changesOf(
  source: HistorySource,
  step: StepRow,
  runs: readonly Run[],
  corrections: readonly LocatedCorrection[],
): Promise<CatalogueChange[]> {
  const index = runs.findIndex(({ scan }) => scan === Number(step.scan_id));
  if (index < 0) return [];
  const server = { slug: step.slug, id: step.key, label: step.label };
  const { listed } = await eventsOf(source, runs, index, index);
  const looked = listed.toSorted(byOrder).slice(0, MAX_DEFINITIONS_COMPARED);
  const described = await describe(source, looked, correctorFor(corrections, server), { isBrief: true });
  return described
    .toSorted(byWeight)
    .slice(0, MAX_CHANGES_OF_STEP)
    .map((change) => ({ ...change, server }));
}
