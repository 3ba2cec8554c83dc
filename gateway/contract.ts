import { z } from 'zod';
import type { Charge } from '../policy/evaluate.ts';

/** What the gateway's parts say to each other. */

/** Who calls, through what, and whom. */
export interface Caller {
  /** Names one client's access to one server; counters of scope `grant` go by it. */
  grant: string;
  /** One connection of it. */
  session: string;
  /** The server's key in the gateway's configuration. */
  server: string;
}

/** Amounts set aside for a call that is on its way. */
export interface Reservation {
  /** Gives everything back: the server failed before it did anything. */
  release(): Promise<void>;
}

/** Counts over sliding windows; they outlive the process. */
export interface Counters {
  /**
   * Sets the charges of one call aside, all of them or none: two calls at once can never both take the last place.
   * Gives the index of the first charge that does not fit, and what its counter already holds, when one does not.
   * `now` is in milliseconds since 1970; a clock that went back frees nothing.
   */
  reserve(
    caller: Caller,
    tool: string,
    charges: readonly Charge[],
    now: number,
  ): Promise<{ ok: true; reservation: Reservation } | { ok: false; index: number; used: number }>;
  close(): Promise<void>;
}

/** What an approval is bound to; a change in any of it needs a new approval. */
export interface ApprovalRequest {
  /** SHA-256, lower-case hex, over the tool, the canonical JSON of the arguments, the policy's hash, and the caller. */
  fingerprint: string;
  caller: Caller;
  tool: string;
  args: Record<string, unknown>;
  /** JSON pointer of the rule that asks. */
  rule: string;
  message: string;
}

/** One-time approvals of single calls by a person; they outlive the process. */
export interface Approvals {
  /**
   * The approval of exactly this call: `approved` is taken by being asked for, so that it lets one call through;
   * otherwise a pending request is made or found, with the id by which a person answers it.
   */
  take(
    request: ApprovalRequest,
    now: number,
  ): Promise<{ state: 'approved' | 'pending' | 'denied'; id: string }>;
  /** Gives a taken approval back: the server failed before it did anything. */
  giveBack(id: string): Promise<void>;
  close(): Promise<void>;
}

/** One decision, as a line of the audit log. */
export const AuditRecord = z.strictObject({
  /** ISO 8601, UTC. */
  time: z.string(),
  server: z.string(),
  grant: z.string(),
  session: z.string(),
  /** The JSON-RPC method. */
  method: z.string(),
  tool: z.string().optional(),
  decision: z.enum(['allow', 'deny', 'ask', 'would-deny', 'would-ask', 'refused']),
  /** JSON pointer into the policy, or the name of the gateway's own rule, such as `(duplicate key)`. */
  rule: z.string().optional(),
  message: z.string().optional(),
  /** What the gateway itself took, in milliseconds. */
  gatewayMs: z.number(),
  /** What the server took; absent when nothing was forwarded. */
  upstreamMs: z.number().optional(),
  /** `error`: the server answered with an error or not at all. */
  upstream: z.enum(['ok', 'error']).optional(),
  argumentKeys: z.array(z.string()),
  /** Only when asked for, with what looks like a secret taken out. */
  arguments: z.record(z.string(), z.unknown()).optional(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

export interface AuditLog {
  write(record: AuditRecord): void;
  close(): Promise<void>;
}
