import type { PolicyDocument } from './contract.ts';
import { type CountedCaller, firstCounted, firstOver, stepAt, type Tally, tallyCharges } from './counting.ts';
import { type Charge, type Decision, evaluate, type ToolCall } from './evaluate.ts';

/** A call that is tried out: who made it, and when, in milliseconds since 1970. */
export interface SimulatedCall extends ToolCall {
  caller: CountedCaller;
  at: number;
  /** A person has approved it, so that it passes where it would be asked about. */
  approved: boolean;
}

/**
 * Decides calls one after the other as the gateway would, with counters that are kept in memory. What is allowed, and
 * what was asked about and approved, is counted; calls come in the order of their times.
 */
export function openSimulation(document: PolicyDocument): (call: SimulatedCall) => Decision {
  const counters = new Map<string, Map<number, number>>();
  return (call) => {
    const decision = evaluate(document, call, () => 0);
    if (decision.outcome === 'deny') return decision;
    const tallies = tallyCharges(call.caller, call.tool, decision.charges);
    const used = tallies.map((tally) => usedBy(counters.get(tally.counter), tally, call.at));
    const over = firstOver(tallies, used);
    if (over !== undefined) return denialBy(document, call, decision.charges[over.index]);
    if (decision.outcome === 'ask' && !call.approved) return decision;
    for (const tally of tallies) charge(counters, tally, call.at);
    return { outcome: 'allow', charges: decision.charges };
  };
}

function usedBy(steps: Map<number, number> | undefined, tally: Tally, at: number): number {
  const first = firstCounted(stepAt(at, tally));
  let used = 0;
  for (const [step, amount] of steps ?? []) {
    if (step < first) steps?.delete(step);
    else used += amount;
  }
  return used;
}

function charge(counters: Map<string, Map<number, number>>, tally: Tally, at: number): void {
  const steps = counters.get(tally.counter) ?? new Map<number, number>();
  counters.set(tally.counter, steps);
  const step = stepAt(at, tally);
  steps.set(step, (steps.get(step) ?? 0) + tally.amount);
}

/** The denial in the words of the limit that is used up. */
function denialBy(document: PolicyDocument, call: ToolCall, full: Charge | undefined): Decision {
  return evaluate(document, call, (limit) => (limit === full?.limit ? limit.max : 0));
}
