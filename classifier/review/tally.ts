import type { Review } from '../contract.ts';
import type { AskFailure } from './ask.ts';
import type { DiscardReason } from './opinion.ts';

/** What came of a review, counted in tools. */
export interface Tally {
  /** Tools that a second opinion was wanted on. */
  wanted: number;
  /** Tools that the model was asked about in this run, answered or not. */
  asked: number;
  /** Answers that were there already. */
  fromCache: number;
  outcomes: Record<Review['outcome'], number>;
  /** Answers that count for nothing, by reason. */
  discarded: Partial<Record<DiscardReason, number>>;
  /** Tools without an answer, by reason. */
  failed: Partial<Record<AskFailure, number>>;
  /** Tools that were not asked about, because the review was stopped or interrupted. */
  left: number;
}

export function emptyTally(): Tally {
  return {
    wanted: 0,
    asked: 0,
    fromCache: 0,
    outcomes: { agrees: 0, raised: 0, lowered: 0, 'not-followed': 0 },
    discarded: {},
    failed: {},
    left: 0,
  };
}

/** One more for this reason. */
export function countReason<Reason extends string>(
  counts: Partial<Record<Reason, number>>,
  reason: Reason,
): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
