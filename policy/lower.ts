import type { Condition, Limit, PolicyDocument, Predicate } from './contract.ts';
import { ruleFor } from './evaluate.ts';
import { compareText } from './order.ts';
import { isPlaceholder } from './placeholder.ts';
import { limitText } from './words.ts';

/**
 * A rule for a target that cannot say all of it. A target asks `staticDecisions` what is left for each tool, writes
 * that, and gives `lossesOf` as its losses; so every target errs the same way and says so in the same words:
 *
 * - a condition on arguments, or a limit on the sum of an argument, that cannot be written: the tool asks, and where
 *   the target cannot ask it is denied;
 * - a limit on the number of calls that cannot be written: the tool asks, and where the target cannot ask it is
 *   allowed without the limit, which is the one loss that lets more through;
 * - an approval that cannot be asked for: denied;
 * - a tool that cannot be hidden: denied.
 */

/** What a target can write. A function answers where it can write some conditions or limits and others not. */
export interface Means {
  ask: boolean;
  hide: boolean;
  arguments: boolean | ((condition: Condition) => boolean);
  limits: boolean | ((limit: Limit) => boolean);
}

/** What is left of the document for one tool. */
export interface StaticDecision {
  tool: string;
  /** What holds for every call that nothing in `keep` denies or asks about. */
  decision: 'allow' | 'ask' | 'deny' | 'hide';
  /** Why, for whoever meets the decision; empty where it is `allow`. */
  message: string;
  /** What the target writes beside the decision: all of it can be written, and none is left for `deny` and `hide`. */
  keep: Kept;
  dropped: Dropped;
}

/** As in a rule; no condition is a placeholder any more. */
interface Kept {
  require: Predicate[];
  deny_if: Predicate[];
  require_approval: Predicate[];
  /** The tool's own and then those over all tools. */
  limits: Limit[];
}

/** What the target cannot say and would have had to. */
interface Dropped {
  /** Conditions, or limits on the sum of an argument. */
  arguments: boolean;
  /** Limits on the number of calls. */
  limits: Limit[];
  ask: boolean;
  hide: boolean;
}

/** What is left for each of these tools, in the order of their names; a name that stands twice counts once. */
export function staticDecisions(
  document: PolicyDocument,
  tools: readonly string[],
  means: Means,
): StaticDecision[] {
  return [...new Set(tools)].sort(compareText).map((tool) => staticDecision(document, tool, means));
}

/** What is left for one tool, which may also be one that the document does not name. */
export function staticDecision(document: PolicyDocument, tool: string, means: Means): StaticDecision {
  if (document.hide?.some((name) => name === '*' || name === tool)) {
    const decided = final(tool, means.hide ? 'hide' : 'deny', 'The tool is hidden by policy.');
    return means.hide ? decided : { ...decided, dropped: { ...decided.dropped, hide: true } };
  }
  const rule = ruleFor(document, tool);
  if (rule === undefined && document.default === 'deny') {
    return final(tool, 'deny', 'The tool is not named in the policy, which denies what it does not name.');
  }

  const require = (rule?.require ?? []).filter(({ conditions }) => conditions.length > 0).map(settleRequired);
  const denyIf = (rule?.deny_if ?? []).map(settleForbidden);
  const approvals = (rule?.require_approval ?? []).map(settleForbidden);
  const limits = [...(rule?.limits ?? []), ...(document.all_tools?.limits ?? [])];

  const denial = require.find(isNeverMet) ?? denyIf.find(isAlwaysMet);
  if (denial !== undefined) return final(tool, 'deny', denial.on_deny);
  if (limits.some(isZero)) return final(tool, 'deny', 'The policy allows no calls of this tool.');

  const always = approvals.find(isAlwaysMet);
  if (always !== undefined && !means.ask) {
    const decided = final(tool, 'deny', always.on_deny);
    return { ...decided, dropped: { ...decided.dropped, ask: true } };
  }
  return combine(tool, means, { require, deny_if: denyIf, require_approval: approvals, limits });
}

function combine(tool: string, means: Means, all: Kept): StaticDecision {
  const canWrite = (predicate: Predicate) => canTest(means, predicate);
  const canCount = (limit: Limit) => canLimit(means, limit);
  const lostDenials = [...all.require, ...all.deny_if].filter((predicate) => !canWrite(predicate));
  const lostApprovals = all.require_approval.filter((predicate) => !canWrite(predicate));
  const lostLimits = all.limits.filter((limit) => !canCount(limit));
  const lostCounts = lostLimits.filter((limit) => limit.increment_from === undefined);

  const dropped: Dropped = {
    arguments: lostDenials.length + lostApprovals.length > 0 || lostLimits.length > lostCounts.length,
    limits: lostCounts,
    ask: !means.ask && all.require_approval.length > 0,
    hide: false,
  };
  const always = all.require_approval.find(isAlwaysMet);
  const message =
    always?.on_deny ?? [...lostDenials, ...lostApprovals][0]?.on_deny ?? messageOf(lostLimits[0]) ?? '';
  if (dropped.arguments && !means.ask) {
    return { ...final(tool, 'deny', message), dropped: { ...dropped, limits: [] } };
  }

  const asks = means.ask && (always !== undefined || dropped.arguments || lostCounts.length > 0);
  const written = all.require_approval.filter(canWrite);
  return {
    tool,
    decision: asks ? 'ask' : 'allow',
    message: asks ? message : '',
    keep: {
      require: all.require.filter(canWrite),
      // An approval that nobody can be asked for denies.
      deny_if: [...all.deny_if.filter(canWrite), ...(means.ask ? [] : written)],
      require_approval: means.ask && !asks ? written : [],
      limits: all.limits.filter(canCount),
    },
    dropped,
  };
}

function final(tool: string, decision: 'deny' | 'hide', message: string): StaticDecision {
  return {
    tool,
    decision,
    message,
    keep: { require: [], deny_if: [], require_approval: [], limits: [] },
    dropped: { arguments: false, limits: [], ask: false, hide: false },
  };
}

/** The same predicate without placeholders: what has to be met and is not filled in is met by no value. */
function settleRequired({ conditions, on_deny }: Predicate): Predicate {
  return { conditions: conditions.map((condition) => settle(condition, { op: 'in', value: [] })), on_deny };
}

/** The same predicate without placeholders: what forbids and is not filled in forbids every value. */
function settleForbidden({ conditions, on_deny }: Predicate): Predicate {
  return {
    conditions: conditions.map((condition) => settle(condition, { op: 'exists', value: true })),
    on_deny,
  };
}

function settle(condition: Condition, instead: Pick<Condition, 'op' | 'value'>): Condition {
  return condition.op !== 'exists' && isPlaceholder(condition.value)
    ? { ...condition, ...instead }
    : condition;
}

/** An empty list of choices is met by nothing; only a list without elements has nothing that could fail it. */
function isNeverMet({ conditions }: Predicate): boolean {
  return conditions.some(
    ({ path, op, value }) =>
      op === 'in' && Array.isArray(value) && value.length === 0 && !path.includes('[]'),
  );
}

function isAlwaysMet({ conditions }: Predicate): boolean {
  return conditions.length === 0;
}

function isZero({ max, increment_from }: Limit): boolean {
  return max === 0 && increment_from === undefined;
}

function canTest(means: Means, { conditions }: Predicate): boolean {
  const can = means.arguments;
  return conditions.every((condition) => (typeof can === 'function' ? can(condition) : can));
}

function canLimit(means: Means, limit: Limit): boolean {
  return typeof means.limits === 'function' ? means.limits(limit) : means.limits;
}

function messageOf(limit: Limit | undefined): string | undefined {
  return limit && `The policy allows ${limitText(limit)}.`;
}

/** What a target says of the document as a whole. */
export interface Whole {
  /** As the target declares it. */
  newTools: 'denied' | 'hidden' | 'asked';
  /** Whether the target enforces `methods`. */
  methods?: boolean;
}

/**
 * What was lost, in plain words and sorted: one sentence for each kind of loss, with the tools that it is about. Names
 * of tools are as the server gave them, unless they could be taken for several; whoever prints them escapes.
 */
export function lossesOf(
  document: PolicyDocument,
  decisions: readonly StaticDecision[],
  { newTools, methods = false }: Whole,
): string[] {
  const tools = new Map<string, string[]>();
  for (const decision of decisions) {
    for (const loss of lossesOfOne(decision)) tools.set(loss, [...(tools.get(loss) ?? []), decision.tool]);
  }
  const losses = [...tools].map(([loss, names]) => `${loss}: ${names.map(quoted).join(', ')}.`);
  const denied = Object.entries(document.methods ?? {}).filter(([, rule]) => rule === 'deny');
  if (!methods && denied.length > 0) {
    losses.push(
      `Denied beside tools, and not enforced here: ${denied.map(([method]) => method).join(', ')}.`,
    );
  }
  if (document.default === 'allow') {
    losses.push(`The document allows a tool that it does not name; here it is ${newTools}.`);
  }
  return losses.sort(compareText);
}

function lossesOfOne({ decision, dropped }: StaticDecision): string[] {
  const instead = decision === 'ask' ? 'every call is asked about' : 'every call is denied';
  return [
    dropped.hide && 'Hidden by the document, and here denied but still in the list',
    dropped.ask &&
      (decision === 'deny'
        ? 'Nobody can be asked for approval here, so every call is denied'
        : 'Nobody can be asked for approval here, so calls that need it are denied'),
    dropped.arguments && `Arguments are not looked at here as the document says, so ${instead}`,
    ...dropped.limits.map((limit) =>
      decision === 'allow'
        ? `The limit of ${limitText(limit)} is not kept`
        : `The limit of ${limitText(limit)} is not kept, so ${instead}`,
    ),
  ].filter((loss) => loss !== false);
}

function quoted(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : JSON.stringify(name);
}
