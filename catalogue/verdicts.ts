import { sql } from 'drizzle-orm';
import { Classification } from '../classifier/contract.ts';
import { type Database, rowsOf } from './database.ts';

/** Who or what gave a verdict. */
export interface Judge {
  classifierVersion: string;
  signalSetHash: string;
  reviewer: string;
  promptVersion: string;
}

/** The judge of a verdict. */
export function judgeOf({ classifierVersion, signalSetHash, reviewer, review }: Classification): Judge {
  return { classifierVersion, signalSetHash, reviewer, promptVersion: review?.promptVersion ?? '' };
}

/** One text for a judge, so that verdicts can be told apart and gathered by it. */
export function judgeKey(judge: Judge): string {
  return JSON.stringify([judge.classifierVersion, judge.signalSetHash, judge.reviewer, judge.promptVersion]);
}

/**
 * A verdict as it is stored: without what the row and its judge say already, and without the signals that are absent,
 * which are three quarters of it.
 */
export function packVerdict(verdict: Classification): string {
  const { toolHash, classifierVersion, signalSetHash, reviewer, findings, ...rest } = verdict;
  return JSON.stringify({ ...rest, findings: findings.filter(({ outcome }) => outcome !== 'absent') });
}

/** A stored verdict's row with its judge. */
export interface PackedVerdict {
  toolHash: string;
  classifierVersion: string;
  signalSetHash: string;
  reviewer: string;
  /** The judge's signals, in the order of the findings. */
  signals: readonly string[];
  /** What `packVerdict` gave. */
  verdict: string;
}

/** Judges by the ids of their rows, as a `PackedVerdict` names them. */
export type Judges = ReadonlyMap<number, Omit<PackedVerdict, 'toolHash' | 'verdict'>>;

/** Reads judges once for many verdicts: each has a list of signals that is longer than most verdicts. */
export async function readJudges(db: Database, ids: ReadonlySet<number>): Promise<Judges> {
  if (ids.size === 0) return new Map();
  const rows = await rowsOf<JudgeRow>(
    db,
    sql`
    select id, classifier_version, signal_set_hash, reviewer, array_to_json(signals)::text as signals from judges
    where id = any(array(select value::bigint from jsonb_array_elements_text(${JSON.stringify([...ids])}::jsonb)))`,
  );
  return new Map(
    rows.map((row) => [
      Number(row.id),
      {
        classifierVersion: row.classifier_version,
        signalSetHash: row.signal_set_hash,
        reviewer: row.reviewer,
        signals: JSON.parse(row.signals),
      },
    ]),
  );
}

interface JudgeRow {
  id: string | number;
  classifier_version: string;
  signal_set_hash: string;
  reviewer: string;
  signals: string;
}

/** The verdict as it was before it was stored. */
export function unpackVerdict(packed: PackedVerdict): Classification {
  const { toolHash, classifierVersion, signalSetHash, reviewer, signals, verdict } = packed;
  const stored = Classification.parse({
    ...JSON.parse(verdict),
    toolHash,
    classifierVersion,
    signalSetHash,
    reviewer,
  });
  const bySignal = new Map(stored.findings.map((finding) => [finding.signal, finding]));
  return {
    ...stored,
    findings: signals.map((signal) => bySignal.get(signal) ?? { signal, outcome: 'absent' }),
  };
}

/** A `PackedVerdict` as JSON text, of a row `c` of `classifications` and a row `j` of `judges`. */
export const packedVerdict = sql.raw(`json_build_object('toolHash', c.tool_hash,
  'classifierVersion', j.classifier_version, 'signalSetHash', j.signal_set_hash, 'reviewer', j.reviewer,
  'signals', j.signals, 'verdict', c.verdict)::text`);
