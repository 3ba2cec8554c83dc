import type { Approvals, AuditLog, Counters } from './contract.ts';
import { type Enforcement, tell, type World } from './enforcement.ts';
import { readLock } from './lock-file.ts';
import { openPolicyFile } from './policy-file.ts';
import { createQuestions } from './round-trip.ts';

export interface EnforcementOptions {
  server: string;
  /** Path of the policy's file. */
  policy: string;
  /** Path of `catalogue.lock.json`. */
  lock?: string;
  counters: Counters;
  approvals: Approvals;
  /** What a command needs to find the approvals, such as ` --state /srv/gateway`. */
  stateWords?: string;
  audit: AuditLog;
  dryRun: boolean;
  world: World;
  remark(text: string): void;
}

/** The policy of one server, kept up with until it is closed. Never throws: what cannot be read allows nothing. */
export function openEnforcement(options: EnforcementOptions): Enforcement & { close(): void } {
  const {
    server,
    policy,
    lock,
    counters,
    approvals,
    stateWords = '',
    audit,
    dryRun,
    world,
    remark,
  } = options;
  const own = { grant: '(gateway)', session: '(gateway)', server };
  const file = openPolicyFile(policy, {
    remark,
    kept(reason) {
      const message = `The new policy cannot be used: ${reason}`;
      tell({ audit, world }, own, {
        method: '(policy)',
        decision: 'refused',
        rule: '(invalid policy)',
        message,
      });
    },
  });
  const locked = lock === undefined ? undefined : readLock(lock, server);
  if (locked?.ok === false) remark(`every tool is denied: ${locked.reason}`);
  return {
    server,
    rules: file.rules,
    onChange: file.onChange,
    ...(locked && { lock: locked }),
    counters,
    approvals,
    approveWith: (id) => `catalogue approvals approve ${id}${stateWords}`,
    questions: createQuestions(world),
    audit,
    dryRun,
    world,
    remark,
    close: file.close,
  };
}
