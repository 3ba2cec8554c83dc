import type { Approvals, AuditLog, AuditRecord, Caller, Counters } from './contract.ts';
import { MAX_LOGGED_KEYS } from './limits.ts';
import type { Lock } from './lock-file.ts';
import type { Params } from './message.ts';
import type { Questions } from './round-trip.ts';
import type { Rules } from './rules.ts';

/** Clock and randomness. */
export interface World {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment; for durations. */
  elapsed(): number;
  /** Not to be guessed. */
  randomId(): string;
}

/** The policy of one server, and what it takes to enforce it. Shared by all sessions with that server. */
export interface Enforcement {
  /** The server's key. */
  server: string;
  /** The rules as they are now. */
  rules(): Rules;
  /** Calls `listener` after each change of the rules. Returns what takes that back. */
  onChange(listener: () => void): () => void;
  lock?: Lock;
  counters: Counters;
  approvals: Approvals;
  /** The command by which a person approves the request of this id, as the client is told it. */
  approveWith(id: string): string;
  questions: Questions;
  audit: AuditLog;
  /** Logs what would be denied, and forwards it. */
  dryRun: boolean;
  world: World;
  /** Says something to whoever runs the gateway. */
  remark(text: string): void;
}

/** What is told of a decision; the rest of its line follows from who, what and when. */
export interface Told {
  method: string;
  decision: AuditRecord['decision'];
  tool?: string;
  args?: Params;
  rule?: string;
  message?: string;
  gatewayMs?: number;
  upstreamMs?: number;
  upstream?: 'ok' | 'error';
}

/** Writes one line into the audit log. Which of the arguments' values it keeps is the log's own choice. */
export function tell(
  { audit, world }: Pick<Enforcement, 'audit' | 'world'>,
  caller: Caller,
  told: Told,
): void {
  const { args, gatewayMs = 0, ...rest } = told;
  audit.write({
    time: new Date(world.now()).toISOString(),
    server: caller.server,
    grant: caller.grant,
    session: caller.session,
    ...rest,
    gatewayMs: Math.round(gatewayMs * 1000) / 1000,
    ...(rest.upstreamMs !== undefined && { upstreamMs: Math.round(rest.upstreamMs * 1000) / 1000 }),
    argumentKeys: Object.keys(args ?? {}).slice(0, MAX_LOGGED_KEYS),
    ...(args && { arguments: args }),
  });
}
