import { sql } from 'drizzle-orm';
import { refreshCurrentVerdicts } from './current-tools.ts';
import { type Database, rowsOf } from './database.ts';
import type { ImportRun, RecordStore } from './import.ts';
import type { DumpItem } from './import-lines.ts';
import { unknownTools } from './import-lists.ts';
import { columnList, recordset } from './recordset.ts';
import { VERDICT } from './store-verdicts.ts';
import { type Judge, judgeKey } from './verdicts.ts';

const JUDGE = {
  classifier_version: 'text',
  signal_set_hash: 'text',
  reviewer: 'text',
  prompt_version: 'text',
  signals: 'jsonb',
};
const JUDGE_NAME = sql.raw('classifier_version, signal_set_hash, reviewer, prompt_version');

/** Keeps judges. One that the catalogue has with other signals is another one under the same name, and is refused. */
export const storeJudges: RecordStore<'judge'> = async (tx, items, run) => {
  const rows = items.map(({ record: { signals, ...judge } }) => ({ ...judgeRow(judge), signals }));
  const inserted = await rowsOf<{ id: unknown }>(
    tx,
    sql`
    insert into judges (${columnList(JUDGE)})
    select ${JUDGE_NAME}, array(select jsonb_array_elements_text(r.signals)) from ${recordset(rows, JUDGE)}
    on conflict do nothing
    returning id`,
  );
  const judges = await judgesNamed(
    tx,
    items.map(({ record }) => record),
  );
  for (const item of items) {
    const stored = judges.get(judgeKey(item.record));
    if (JSON.stringify(stored?.signals) !== JSON.stringify(item.record.signals)) {
      run.fail(item, 'the catalogue has this judge with other signals');
    }
  }
  return inserted.length;
};

function judgeRow({ classifierVersion, signalSetHash, reviewer, promptVersion }: Judge) {
  return {
    classifier_version: classifierVersion,
    signal_set_hash: signalSetHash,
    reviewer,
    prompt_version: promptVersion,
  };
}

interface StoredJudge {
  id: number;
  signals: readonly string[];
}

async function judgesNamed(tx: Database, judges: readonly Judge[]): Promise<Map<string, StoredJudge>> {
  const names = new Map(judges.map((judge) => [judgeKey(judge), judgeRow(judge)]));
  const { signals: _signals, ...columns } = JUDGE;
  const rows = await rowsOf<{ id: number | string; signals: string } & Judge>(
    tx,
    sql`
    select j.id, array_to_json(j.signals)::text as signals, j.classifier_version as "classifierVersion", j.signal_set_hash as "signalSetHash",
      j.reviewer, j.prompt_version as "promptVersion"
    from ${recordset([...names.values()], columns)}
    join judges j using (${JUDGE_NAME})`,
  );
  return new Map(
    rows.map(({ id, signals, ...judge }) => [
      judgeKey(judge),
      { id: Number(id), signals: JSON.parse(signals) },
    ]),
  );
}

type VerdictItem = DumpItem<'verdict'>;

/**
 * Keeps verdicts in their order, each judge's once. A definition that was judged before the import has the newest
 * verdict last then too: one that is older than what the catalogue has is left out, and counted.
 */
export const storeVerdictRecords: RecordStore<'verdict'> = async (tx, items, run) => {
  await checkTools(tx, items, run);
  const judges = await judgesNamed(
    tx,
    items.map(({ record }) => judgeOfRecord(record)),
  );
  const rows = items.map((item) => verdictRow(item, judges.get(judgeKey(judgeOfRecord(item.record))), run));
  const { judged, newest } = await standing(tx, rows, run);
  const fresh = rows.filter((row) => {
    const key = JSON.stringify([row.tool_hash, row.judge_id]);
    if (judged.has(key)) return false;
    judged.add(key);
    const isOlder = row.judged_at < (newest.get(row.tool_hash) ?? '');
    if (isOlder) run.report.olderVerdicts++;
    return !isOlder;
  });
  if (fresh.length === 0) return 0;
  const inserted = await rowsOf<{ id: number | string; tool_hash: string }>(
    tx,
    sql`
    insert into classifications (${columnList(VERDICT)}) select * from ${recordset(fresh, VERDICT)}
    returning id, tool_hash`,
  );
  // Only what was judged before the import can be listed with another verdict.
  const changing = inserted.filter(({ tool_hash }) => newest.has(tool_hash));
  await refreshCurrentVerdicts(
    tx,
    changing.map(({ id }) => Number(id)),
  );
  return inserted.length;
};

async function checkTools(tx: Database, items: readonly VerdictItem[], run: ImportRun): Promise<void> {
  const unknown = await unknownTools(
    tx,
    items.map(({ record }) => record.toolHash),
  );
  for (const item of items) {
    const { toolHash } = item.record;
    if (unknown.has(toolHash)) {
      run.fail(item, `the verdict is about ${toolHash}, and no line before it has that definition`);
    }
  }
}

function judgeOfRecord(record: VerdictItem['record']): Judge {
  const { classifierVersion, signalSetHash, reviewer, verdict } = record;
  return { classifierVersion, signalSetHash, reviewer, promptVersion: verdict.review?.promptVersion ?? '' };
}

function verdictRow(item: VerdictItem, judge: StoredJudge | undefined, run: ImportRun) {
  const { toolHash, judgedAt, verdict } = item.record;
  if (judge === undefined) return run.fail(item, 'no line before it has the judge who gave the verdict');
  const found = verdict.findings.map(({ signal }) => signal);
  const strange = found.find(
    (signal, index) => !judge.signals.includes(signal) || found.indexOf(signal) < index,
  );
  if (strange !== undefined) {
    run.fail(item, `the finding '${strange}' is none that the judge makes, or is there twice`);
  }
  return {
    tool_hash: toolHash,
    judge_id: judge.id,
    category: verdict.category,
    risk: verdict.risk,
    confidence: verdict.confidence,
    destructive: verdict.destructive,
    financial: verdict.financial,
    signals: verdict.findings.filter(({ outcome }) => outcome === 'present').map(({ signal }) => signal),
    verdict: JSON.stringify(item.raw.verdict),
    judged_at: judgedAt,
  };
}

type VerdictRow = ReturnType<typeof verdictRow>;

/** Who has judged these definitions already, and when the newest verdict was given that was there before the import. */
async function standing(
  tx: Database,
  rows: readonly VerdictRow[],
  { lastVerdict }: ImportRun,
): Promise<{ judged: Set<string>; newest: Map<string, string> }> {
  const hashes = JSON.stringify([...new Set(rows.map(({ tool_hash }) => tool_hash))]);
  const known = await rowsOf<{ tool_hash: string; judge_id: number | string; judged_at: string | null }>(
    tx,
    sql`
    select c.tool_hash, c.judge_id, case when c.id <= ${lastVerdict}
      then to_char(c.judged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as judged_at
    from jsonb_array_elements_text(${hashes}::jsonb) r(hash)
    cross join lateral (select * from classifications where tool_hash = r.hash collate "C" offset 0) c
    order by c.judged_at`,
  );
  return {
    judged: new Set(known.map(({ tool_hash, judge_id }) => JSON.stringify([tool_hash, Number(judge_id)]))),
    newest: new Map(
      known.flatMap(({ tool_hash, judged_at }) => (judged_at === null ? [] : [[tool_hash, judged_at]])),
    ),
  };
}
