import { signalById, signalEntries } from '../classify.ts';
import { signals } from '../signals/index.generated.ts';
import type { Detection, SignalReport } from './contract.ts';
import type { Judged } from './judged.ts';
import type { Label, LabelFormat } from './labels.ts';
import { detection, detectionOf, type Sighting } from './measures.ts';

/** A signal that a label names. */
export interface WantedSignal {
  /** Of our signal where there is one, else the label's own word. */
  id: string;
  /** As printed, where the label also names the parameter or the detail. */
  printed?: string;
}

const ID_OF_PRINTED: ReadonlyMap<string, string> = new Map(signals.map(({ id, label }) => [label, id]));

/** The signals that a label names. A printed one, as `Accepts file system path (path)`, is ours by its words. */
export function wantedSignals(label: Label, format: LabelFormat): WantedSignal[] {
  const names = label.signals ?? [];
  if (format.signalNames === 'ids') return names.map((id) => ({ id }));
  return names.map((printed) => {
    // What stands behind the words: the parameter in brackets, or a remark behind a dash.
    const [, words = printed, , bracket] = /^(.*?)( — [^()]*)?( \([^()]*\))?$/.exec(printed) ?? [];
    const id = ID_OF_PRINTED.get(words) ?? words;
    return bracket === undefined ? { id } : { id, printed };
  });
}

/** Whether a verdict has a signal, with the same parameter where the label names one. */
export function hasSignal({ verdict }: Judged, { id, printed }: WantedSignal): boolean {
  return signalEntries(verdict).some(
    (entry) => entry.id === id && (printed === undefined || entry.label === printed),
  );
}

/** Every signal that the labels name or judge in full, by id. */
export function signalReports(judged: readonly Judged[], format: LabelFormat): SignalReport[] {
  const named = judged.flatMap(({ label }) => wantedSignals(label, format).map(({ id }) => id));
  const ids = [...new Set([...format.exhaustive, ...named])].toSorted();
  const clear = judged.filter(({ label }) => !label.ambiguous);
  return ids.map((id) => ({
    id,
    exists: signalById(id) !== undefined,
    clear: signalDetection(clear, format, id),
    all: signalDetection(judged, format, id),
  }));
}

/**
 * All signals together. Where the labels judge some of them in full, only those: of the others nobody knows how often
 * they are found without reason.
 */
export function microAverage(
  reports: readonly SignalReport[],
  format: LabelFormat,
  scope: 'clear' | 'all',
): Detection {
  const { exhaustive } = format;
  const counted = reports
    .filter(({ id }) => exhaustive.length === 0 || exhaustive.includes(id))
    .map((report) => report[scope]);
  const sum = (key: 'truePositives' | 'falsePositives' | 'falseNegatives') =>
    counted.reduce((total, each) => total + each[key], 0);
  const micro = detection(sum('truePositives'), sum('falsePositives'), sum('falseNegatives'));
  return exhaustive.length === 0 ? recallOnly(micro) : micro;
}

function signalDetection(judged: readonly Judged[], format: LabelFormat, id: string): Detection {
  const isExhaustive = format.exhaustive.includes(id);
  const sightings: Sighting[] = judged.map((each) => {
    const wanted = wantedSignals(each.label, format).find((signal) => signal.id === id);
    return {
      expected: wanted !== undefined || (isExhaustive ? false : undefined),
      got: hasSignal(each, wanted ?? { id }),
    };
  });
  return isExhaustive ? detectionOf(sightings) : recallOnly(detectionOf(sightings));
}

function recallOnly(found: Detection): Detection {
  return { ...found, precision: null, f1: null };
}
