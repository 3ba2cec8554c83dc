import type { CrawlFailureCode, CrawlPhase } from './contract.ts';

/**
 * Why a crawl cannot go on, for reasons that are not ours. It travels as an exception inside the crawler and leaves it
 * as a `CrawlFailure`; every other exception is a fault of our own.
 */
export interface CrawlFault extends Error {
  name: 'CrawlFault';
  code: CrawlFailureCode;
  /** More than a sentence, e.g. the head of stderr. */
  detail?: string;
  /** Where it went wrong, when that is not the step in which it was noticed. */
  phase?: CrawlPhase;
  /** It may pass by itself. */
  transient?: boolean;
  /** Milliseconds after which the server asked to be tried again. */
  retryAfterMs?: number;
}

interface FaultDetails {
  detail?: string | undefined;
  phase?: CrawlPhase;
  transient?: boolean;
  retryAfterMs?: number | undefined;
}

/** Makes a fault. `message` starts with a verb and has no full stop: the server's label is put before it. */
export function crawlFault(
  code: CrawlFailureCode,
  message: string,
  { detail, phase, transient, retryAfterMs }: FaultDetails = {},
): CrawlFault {
  return Object.assign(new Error(message), {
    name: 'CrawlFault' as const,
    code,
    ...(detail !== undefined && detail !== '' && { detail }),
    ...(phase !== undefined && { phase }),
    ...(transient && { transient }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Whether something thrown is a fault of others, to be told as a result. */
export function isCrawlFault(error: unknown): error is CrawlFault {
  return error instanceof Error && error.name === 'CrawlFault';
}

/** Someone asked for something that does not exist or cannot be read: wrong usage, not a fault of a server. */
export interface UsageError extends Error {
  name: 'UsageError';
  code: 'usage';
}

/** Makes a usage error. `message` is one sentence for a person that says what to write instead. */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { name: 'UsageError' as const, code: 'usage' as const });
}

/** Whether something thrown is the user's mistake, to be told as a message. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

/** Whether something thrown is an error with one of these codes, as Node and its parts give them. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
