import type { Classification, RiskLevel } from '../classifier/contract.ts';
import type { PolicyDocument, ToolRule } from './contract.ts';
import { compareText } from './order.ts';

/** A tool as far as a policy needs to know it. */
export interface JudgedTool {
  name: string;
  classification: Classification;
}

/**
 * Calls a minute by risk, so that a signal which raises the risk tightens the rule. For a plain Read, Write and Execute
 * these are the published recommendations that the project started from. What is critical waits for a person.
 */
const CALLS_PER_MINUTE: Record<RiskLevel, number> = {
  low: Number.POSITIVE_INFINITY,
  medium: 30,
  high: 10,
  critical: 0,
};

const APPROVAL_MESSAGE = 'Requires human approval.';

/**
 * The policy that we recommend for a server: everything that is not named is denied, and every tool given is named,
 * in the order of their names. Where one name stands for several tools, the strictest of their rules holds.
 */
export function recommend(tools: readonly JudgedTool[]): PolicyDocument {
  const rules = new Map<string, ToolRule>();
  for (const tool of tools.toSorted((a, b) => compareText(a.name, b.name))) {
    const rule = recommendRule(tool);
    const other = rules.get(tool.name);
    rules.set(tool.name, other === undefined ? rule : stricter(rule, other));
  }
  // Object.fromEntries defines `__proto__` as a plain key, which an assignment would not.
  return { version: '1', default: 'deny', tools: Object.fromEntries(rules) };
}

/** The rule that we recommend for one tool. */
function recommendRule({ name, classification }: JudgedTool): ToolRule {
  const max = CALLS_PER_MINUTE[classification.risk];
  if (max === 0) return { deny_if: [{ conditions: [], on_deny: APPROVAL_MESSAGE }] };
  if (max === Number.POSITIVE_INFINITY) return {};
  return { limits: [{ counter: `${name}_rate`, window: 'minute', max, scope: 'grant' }] };
}

function stricter(a: ToolRule, b: ToolRule): ToolRule {
  return callsAllowed(a) <= callsAllowed(b) ? a : b;
}

function callsAllowed(rule: ToolRule): number {
  if (rule.deny_if !== undefined) return 0;
  return Math.min(Number.POSITIVE_INFINITY, ...(rule.limits ?? []).map((limit) => limit.max));
}
