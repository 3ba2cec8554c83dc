import { asUnavailable, isPassing, type Place } from './connection-faults.ts';
import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from './limits.ts';

export interface RetryTerms {
  place: Place;
  /** How often the work is tried, the first time included. */
  attempts: number;
  wait(ms: number): Promise<unknown>;
  /** From 0 up to 1, for the jitter between tries. */
  random(): number;
}

/**
 * Does work on the database, and again after a while where the fault may pass: a lost connection, a server that starts,
 * a deadlock. The work must be one whole transaction, or have no effect, and doing it twice must be the same as once,
 * because a connection can be lost between a commit and the word of it.
 *
 * Throws CatalogueUnavailable when the attempts are used up or the fault will not pass (a full disk, a refused
 * password); any other error as it is.
 */
export async function withRetry<T>(work: () => Promise<T>, terms: RetryTerms): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= terms.attempts || !isPassing(error)) throw asUnavailable(error, terms.place);
    }
    await terms.wait(retryDelay(attempt, terms.random()));
  }
}

/** Twice as long each time, and spread, so that many workers do not come back to a server in the same moment. */
function retryDelay(attempt: number, random: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
