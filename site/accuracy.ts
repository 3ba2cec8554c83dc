import type { ConfidenceReport, Estimate } from '../classifier/accuracy/contract.ts';
import figures from './accuracy.json' with { type: 'json' };

/** A part of a number of labelled tools, with its 95 % interval. */
export type Share = Estimate & Pick<ConfidenceReport, 'count' | 'of'>;

interface SignalFigures {
  id: string;
  /** Of the labelled tools on which it fired, those on which it should. */
  precision: Share;
  /** Of those on which it should fire, those on which it did. */
  recall: Share;
}

/** How right the classifier is on labelled tools, as `npm run accuracy` measured it. */
export interface AccuracyFigures {
  classifierVersion: string;
  signalSetHash: string;
  rows: { measure: string; labels: string; ours: string; floor: string; reach: string }[];
  /** How often a verdict is right by its own confidence. */
  confidence: (Share & { level: string })[];
  labels: { file: string; matched: number }[];
  signals: SignalFigures[];
}

export const accuracyFigures: AccuracyFigures = figures;

const BY_SIGNAL = new Map(accuracyFigures.signals.map((signal) => [signal.id, signal]));

/**
 * How often a signal was right where it fired on labelled tools, and how often it fired where it should; undefined where
 * no label can tell, which a page says as "not measured".
 */
export function signalFigures(signal: string): SignalFigures | undefined {
  return BY_SIGNAL.get(signal);
}

/** The first of the two. */
export function precisionOf(signal: string): Share | undefined {
  return signalFigures(signal)?.precision;
}
