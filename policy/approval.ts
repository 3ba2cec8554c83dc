/**
 * The life of one approval, for every store that keeps them: asked for, answered by a person, taken by one call. Each
 * answer has its end, and so has the waiting for one.
 */

/** An approval as a store keeps it, and as people are shown it. */
export interface ApprovalEntry {
  id: string;
  state: 'pending' | 'approved' | 'denied' | 'used' | 'expired';
  fingerprint: string;
  server: string;
  grant: string;
  session: string;
  tool: string;
  /** JSON, with what looks like a secret taken out. */
  arguments: string;
  /** Whether `arguments` leaves something out for its length. */
  cut: boolean;
  /** JSON pointer of the rule that asks. */
  rule: string;
  message: string;
  /** Milliseconds since 1970, as all times here. */
  askedAt: number;
  expiresAt: number;
  answeredAt?: number;
  answeredBy?: string;
}

/** How a store was told to keep approvals. */
export interface ApprovalTerms {
  pendingMs: number;
  answeredMs: number;
  maxPending: number;
  maxKept: number;
  /** The arguments as they may be kept: see `ApprovalEntry`. */
  show(args: Record<string, unknown>): { text: string; cut: boolean };
}

export type Answer = 'approved' | 'denied';

/** What became of a person's answer: the approval as it now is, or why there is none to answer. */
export type Answered = { ok: true; entry: ApprovalEntry } | { ok: false; message: string };

/** The states that an answer may change: a person may change their mind until the call was made. */
export const ANSWERABLE: Record<Answer, readonly ApprovalEntry['state'][]> = {
  approved: ['pending', 'denied'],
  denied: ['pending', 'approved'],
};

/** The entry as it is now: what has not been used by its end is expired. */
export function entryAt(entry: ApprovalEntry, now: number): ApprovalEntry {
  return entry.state !== 'used' && entry.expiresAt <= now ? { ...entry, state: 'expired' } : entry;
}

/** Of the live approvals of one call the one that decides: what a person said last goes before what waits. */
export function deciding<Row extends { state: string }>(rows: readonly Row[]): Row | undefined {
  return ['approved', 'denied', 'pending']
    .map((state) => rows.find((row) => row.state === state))
    .find((row) => row !== undefined);
}

/** Why an approval cannot be answered. */
export function unanswerable(id: string, entry: ApprovalEntry | undefined, answer: Answer): string {
  const shown = JSON.stringify(id.slice(0, 100));
  if (entry === undefined)
    return `There is no approval ${shown}. \`catalogue approvals list\` shows those there are.`;
  const why: Record<ApprovalEntry['state'], string> = {
    pending: 'is being answered by somebody else',
    approved: 'is approved already',
    denied: 'is denied already',
    used: 'has been used: the call was made',
    expired: 'has expired',
  };
  return `The approval ${shown} ${why[entry.state]}, so it cannot be ${answer} now.`;
}

/** Why nothing more can be asked for. */
export function tooManyPending(terms: Pick<ApprovalTerms, 'maxPending'>): Error {
  return new Error(
    `There are ${terms.maxPending} requests for approval without an answer, and no more are taken. ` +
      'Answer them with `catalogue approvals`, or wait until they expire.',
  );
}

/** Throws a RangeError for what is no SHA-256: an approval must never be bound to nothing. */
export function checkFingerprint(fingerprint: string): void {
  if (!/^[0-9a-f]{64}$/.test(fingerprint))
    throw new RangeError('A fingerprint must be a SHA-256 in lower-case hex.');
}
