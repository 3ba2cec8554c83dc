import { sql } from 'drizzle-orm';
import type { Classification } from '../classifier/contract.ts';
import { compareText } from '../policy/order.ts';
import { refreshCurrentVerdicts } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import { hashSet } from './listings.ts';
import { columnList, recordset } from './recordset.ts';
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
 * ones, which every view shows.
 */
export async function storeVerdicts(
  tx: Database,
  verdicts: readonly Classification[],
  judgedAt: Date,
): Promise<void> {
  const byJudge = Map.groupBy(verdicts, (verdict) => judgeKey(judgeOf(verdict)));
  for (const [, group] of [...byJudge].toSorted(([a], [b]) => compareText(a, b))) {
    await storeJudged(tx, group, judgedAt);
  }
}

async function storeJudged(tx: Database, verdicts: readonly Classification[], judgedAt: Date): Promise<void> {
  const judgeId = await storeJudge(tx, verdicts);
  const byHash = new Map(verdicts.map((verdict) => [verdict.toolHash, verdict]));
  const fresh = await unjudged(tx, [...byHash.keys()], judgeId);
  if (fresh.size === 0) return;
  const rows = [...fresh.keys()].toSorted(compareText).flatMap((hash) => {
    const verdict = byHash.get(hash);
    return verdict === undefined ? [] : [verdictRow(verdict, judgeId, judgedAt)];
  });
  const inserted = await rowsOf<{ id: number | string; tool_hash: string }>(
    tx,
    sql`
    insert into classifications (${columnList(VERDICT)}) select * from ${recordset(rows, VERDICT)}
    on conflict do nothing
    returning id, tool_hash`,
  );
  const changing = inserted.filter(({ tool_hash }) => fresh.get(tool_hash)?.hadOther);
  await refreshCurrentVerdicts(
    tx,
    changing.map(({ id }) => Number(id)),
  );
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
