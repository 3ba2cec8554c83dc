import type { Caller } from './contract.ts';
import { type Enforcement, tell } from './enforcement.ts';
import type { Notification, Request } from './message.ts';
import { isGoverned, judgeMethod, type Sender } from './methods.ts';

/** What is said to whoever sent what may not pass. `refused`: it is nothing that this side may send at all. */
export interface Stopped {
  refused: boolean;
  message: string;
}

/** Judges everything but calls of tools, and writes down what is decided. Undefined for what may pass. */
export function stopAtGate(
  enforcement: Enforcement,
  caller: Caller,
  sent: Request | Notification,
  sender: Sender,
): Stopped | undefined {
  const { method, params, kind } = sent;
  const rules = enforcement.rules();
  const verdict = judgeMethod(rules.document, { method, params, kind, sender });
  if (verdict.outcome === 'allow') {
    if (isGoverned(method)) tell(enforcement, caller, { method, decision: 'allow' });
    return undefined;
  }
  const { rule, message } = verdict;
  const refused = verdict.outcome === 'refuse';
  if (!refused && isLenient(enforcement)) {
    tell(enforcement, caller, { method, decision: 'would-deny', rule, message });
    return undefined;
  }
  tell(enforcement, caller, { method, decision: refused ? 'refused' : 'deny', rule, message });
  return { refused, message: refused ? message : `[POLICY DENIED] ${message}` };
}

/** Whether denials are only written down. Where there is no policy nothing is known of what it would deny. */
export function isLenient({ dryRun, rules }: Enforcement): boolean {
  return dryRun && rules().unreadable === undefined;
}
