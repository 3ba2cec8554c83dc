import type { Classification, Evidence } from '../contract.ts';
import type { Measure, Miss } from './contract.ts';
import type { Judged } from './judged.ts';
import type { LabelFormat } from './labels.ts';
import { judgedClass, labelledClass } from './measures.ts';
import { hasSignal, wantedSignals } from './signal-labels.ts';

const FLAGS = ['destructive', 'financial'] as const;
const NO = 'no';
const YES = 'yes';

/**
 * Every miss with what the verdict rests on: the wrong classes first, then flags, then signals; the clear labels before
 * the ambiguous ones, and within that in the order of the labels.
 */
export function missesOf(judged: readonly Judged[], format: LabelFormat): Miss[] {
  const [headline] = format.measures;
  const misses = judged.flatMap((each) => [
    ...(headline === undefined ? [] : classMisses(each, headline)),
    // The five classes and the reading hints say all that those labels know of the flags.
    ...(headline === 'category' ? flagMisses(each) : []),
    ...signalMisses(each, format),
  ]);
  return misses.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ ambiguous, measure }: Miss): number {
  const kind = measure === 'signal' ? 2 : measure === 'destructive' || measure === 'financial' ? 1 : 0;
  return kind + (ambiguous ? 3 : 0);
}

function classMisses(judged: Judged, measure: Measure): Miss[] {
  const expected = labelledClass(measure, judged.label);
  const got = judgedClass(measure, judged.verdict);
  if (expected === undefined || expected === got) return [];
  return [missOf(judged, { measure, expected, got, evidence: groundOf(judged.verdict, got) })];
}

function flagMisses(judged: Judged): Miss[] {
  return FLAGS.flatMap((flag) => {
    const got = judged.verdict[flag];
    const expected = judged.label[flag];
    if (expected === undefined || expected === got) return [];
    const evidence = got ? effectEvidence(judged.verdict, flag) : judged.verdict.evidence[0];
    return [missOf(judged, { measure: flag, expected: expected ? YES : NO, got: got ? YES : NO, evidence })];
  });
}

function signalMisses(judged: Judged, format: LabelFormat): Miss[] {
  const wanted = wantedSignals(judged.label, format);
  const missing = wanted
    .filter((signal) => !hasSignal(judged, signal))
    .map(({ id, printed = id }) =>
      missOf(judged, { measure: 'signal', expected: printed, got: NO, evidence: null }),
    );
  const named = new Set(wanted.map(({ id }) => id));
  const unwanted = judged.verdict.findings.flatMap((finding) => {
    const isWrong = format.exhaustive.includes(finding.signal) && !named.has(finding.signal);
    if (finding.outcome !== 'present' || !isWrong) return [];
    const [evidence] = finding.evidence;
    return [missOf(judged, { measure: 'signal', expected: NO, got: finding.signal, evidence })];
  });
  return [...missing, ...unwanted];
}

/** Where a flag made the class, the flag's own evidence; else that of the category. */
function groundOf(verdict: Classification, got: string): Evidence {
  const flag = FLAGS.find((each) => each === got.toLowerCase());
  return flag === undefined ? verdict.evidence[0] : effectEvidence(verdict, flag);
}

function effectEvidence(verdict: Classification, flag: (typeof FLAGS)[number]): Evidence {
  for (const finding of verdict.findings) {
    if (finding.outcome === 'present' && finding.effects?.includes(flag)) return finding.evidence[0];
  }
  return verdict.evidence[0];
}

function missOf(
  { label, verdict }: Judged,
  miss: Pick<Miss, 'measure' | 'expected' | 'got'> & { evidence: Evidence | null },
): Miss {
  const { measure, expected, got, evidence } = miss;
  return {
    server: label.server,
    tool: label.tool,
    line: label.line,
    measure,
    expected,
    got,
    confidence: verdict.confidence,
    ambiguous: label.ambiguous,
    evidence: evidence && { pointer: evidence.pointer, quote: evidence.quote },
  };
}
