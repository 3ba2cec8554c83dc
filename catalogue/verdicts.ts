import { sql } from 'drizzle-orm';
import { Classification } from '../classifier/contract.ts';

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

/** The verdict as it was before it was stored. */
export function unpackVerdict(packed: PackedVerdict): Classification {
  const { toolHash, classifierVersion, signalSetHash, reviewer, signals, verdict } = packed;
  const stored = JSON.parse(verdict);
  const bySignal = new Map<string, unknown>(
    stored.findings.map((finding: { signal: string }) => [finding.signal, finding]),
  );
  return Classification.parse({
    ...stored,
    toolHash,
    classifierVersion,
    signalSetHash,
    reviewer,
    findings: signals.map((signal) => bySignal.get(signal) ?? { signal, outcome: 'absent' }),
  });
}

/** A `PackedVerdict` as JSON text, of a row `c` of `classifications` and a row `j` of `judges`. */
export const packedVerdict = sql.raw(`json_build_object('toolHash', c.tool_hash,
  'classifierVersion', j.classifier_version, 'signalSetHash', j.signal_set_hash, 'reviewer', j.reviewer,
  'signals', j.signals, 'verdict', c.verdict)::text`);
