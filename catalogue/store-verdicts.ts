import { sql } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import { compareText } from '../policy/order.ts';
import { copyRows } from './copy-rows.ts';
import { refreshCurrentVerdicts } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import { hashSet } from './listings.ts';
import { judgeKey, judgeOf, packVerdict } from './verdicts.ts';

export const VERDICT = {
  tool_hash: 'text',
  judge_id: 'bigint',
  category: 'text',
  risk: 'text',
  confidence: 'text',
  destructive: 'boolean',
  financial: 'boolean',
  signals: 'text[]',
  verdict: 'text',
  judged_at: 'timestamptz',
};

/**
 * Keeps verdicts on tools that are stored, each judge's once. Of two calls, the verdicts of the second are the newer
 * ones, which every view shows. `fresh` are the hashes of definitions that this very transaction stored: nobody has
 * judged them, and no server lists them yet. Gives the judges' ids by their keys.
 */
export async function storeVerdicts(
  tx: Database,
  verdicts: readonly Classification[],
  judgedAt: Date,
  fresh: ReadonlySet<string> = new Set(),
): Promise<Map<string, number>> {
  const byJudge = Map.groupBy(verdicts, (verdict) => judgeKey(judgeOf(verdict)));
  const judgeIds = new Map<string, number>();
  for (const [key, group] of [...byJudge].toSorted(([a], [b]) => compareText(a, b))) {
    judgeIds.set(key, await storeJudged(tx, group, judgedAt, fresh));
  }
  return judgeIds;
}

async function storeJudged(
  tx: Database,
  verdicts: readonly Classification[],
  judgedAt: Date,
  fresh: ReadonlySet<string>,
): Promise<number> {
  const judgeId = await storeJudge(tx, verdicts);
  const byHash = new Map(verdicts.map((verdict) => [verdict.toolHash, verdict]));
  const known = await unjudged(
    tx,
    [...byHash.keys()].filter((hash) => !fresh.has(hash)),
    judgeId,
  );
  const rows = [...known.keys(), ...fresh].toSorted(compareText).flatMap((hash) => {
    const verdict = byHash.get(hash);
    return verdict === undefined ? [] : [verdictRow(verdict, judgeId, judgedAt)];
  });
  await copyRows(tx, 'classifications', VERDICT, rows);
  const changing = [...known].filter(([, { hadOther }]) => hadOther).map(([hash]) => hash);
  if (changing.length > 0) await refreshCurrentVerdicts(tx, await verdictIds(tx, changing, judgeId));
  return judgeId;
}

/** The rows of this judge's verdicts on these definitions. */
async function verdictIds(tx: Database, hashes: readonly string[], judgeId: number): Promise<number[]> {
  const rows = await rowsOf<{ id: number | string }>(
    tx,
    sql`
    select c.id from ${hashSet(hashes)}
    join classifications c on c.tool_hash = r.hash and c.judge_id = ${judgeId}`,
  );
  return rows.map(({ id }) => Number(id));
}

function verdictRow(verdict: Classification, judgeId: number, judgedAt: Date) {
  return {
    tool_hash: verdict.toolHash,
    judge_id: judgeId,
    category: verdict.category,
    risk: verdict.risk,
    confidence: verdict.confidence,
    destructive: verdict.destructive,
    financial: verdict.financial,
    signals: verdict.findings.filter(({ outcome }) => outcome === 'present').map(({ signal }) => signal),
    verdict: packVerdict(verdict),
    judged_at: judgedAt.toISOString(),
  };
}

/** The definitions that this judge has not judged, and whether another one has. */
async function unjudged(
  tx: Database,
  hashes: readonly string[],
  judgeId: number,
): Promise<Map<string, { hadOther: boolean }>> {
  if (hashes.length === 0) return new Map();
  const rows = await rowsOf<{ hash: string; had_other: boolean }>(
    tx,
    sql`
    select r.hash, exists (select from classifications c where c.tool_hash = r.hash) as had_other
    from ${hashSet(hashes)}
    where not exists (select from classifications c where c.tool_hash = r.hash and c.judge_id = ${judgeId})`,
  );
  return new Map(rows.map(({ hash, had_other }) => [hash, { hadOther: had_other }]));
}

async function storeJudge(tx: Database, [first]: readonly Classification[]): Promise<number> {
  if (first === undefined) throw new Error('no verdict was given');
  const { classifierVersion, signalSetHash, reviewer, promptVersion } = judgeOf(first);
  const find = sql`
    select id from judges
    where (classifier_version, signal_set_hash, reviewer, prompt_version) =
      (${classifierVersion}, ${signalSetHash}, ${reviewer}, ${promptVersion})`;
  const [known] = await rowsOf<{ id: number | string }>(tx, find);
  if (known !== undefined) return Number(known.id);
  const signals = first.findings.map(({ signal }) => signal);
  await tx.execute(sql`
    insert into judges (classifier_version, signal_set_hash, reviewer, prompt_version, signals)
    select ${classifierVersion}, ${signalSetHash}, ${reviewer}, ${promptVersion},
      array(select jsonb_array_elements_text(${JSON.stringify(signals)}::jsonb))
    on conflict do nothing`);
  const [stored] = await rowsOf<{ id: number | string }>(tx, find);
  if (stored === undefined) throw new Error('the judge was not stored');
  return Number(stored.id);
}
