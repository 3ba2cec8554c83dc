import { MAX_RECONNECT_MS, MIN_BACKOFF_MS } from './limits.ts';

/**
 * Codes of postgres.js, of the operating system and of PostgreSQL (appendix A of its manual) that say that the
 * connection is gone or the server is busy with itself: the same call may succeed in a while.
 */
const PASSING =
  /^(?:CONNECTION_(?:CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)|08...|57P0[1-5]|53300|40001|40P01|25P03)$/;

/** The same in the words of pg, which has no codes for it. */
const PASSING_WORDS =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error/;

/** Whether an error says that the database is away, and not that it refused what was asked. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (PASSING_WORDS.test(error.message)) return true;
  if ('code' in error && typeof error.code === 'string' && PASSING.test(error.code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isAway);
  return isAway(error.cause);
}

export interface Patience {
  wait(ms: number): Promise<void>;
  random(): number;
  /** Fires when there is no more time for another try. */
  signal: AbortSignal;
  /** Told before each wait. */
  away?(error: Error, delayMs: number): void;
}

/** Does something with the database until it succeeds, as long as it is only away. It must be harmless to repeat. */
export async function persist<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || patience.signal.aborted) throw error;
      const backoff = Math.min(MAX_RECONNECT_MS, MIN_BACKOFF_MS * 2 ** (attempt - 1));
      const delayMs = backoff * (0.5 + patience.random() / 2);
      patience.away?.(error as Error, delayMs);
      await patience.wait(delayMs);
    }
  }
}
