import { type Charge, evaluate, ruleFor, type ToolCall } from '../policy/evaluate.ts';
import { escapeToken } from '../policy/pointer.ts';
import { usedUpText } from '../policy/words.ts';
import type { Listed } from './definitions.ts';
import { fold, hasHidden } from './fold.ts';
import { MAX_NAME_CHARS } from './limits.ts';
import { quoted } from './message.ts';
import type { Rules } from './rules.ts';

/** What is to become of one call, before its limits are looked up. */
export type Judgement =
  | { outcome: 'allow'; charges: Charge[] }
  | { outcome: 'ask'; rule: string; message: string; charges: Charge[] }
  | { outcome: 'deny'; rule: string; message: string };

/** The limits are kept by the counters, which set amounts aside for all calls at once. */
const NOTHING_USED = () => 0;

/**
 * Decides one call by the policy and by what makes two readers disagree: names of tools and arguments that look like
 * others. `listed` knows the names that the server has listed, as far as they have been seen.
 */
export function judgeCall(rules: Rules, call: ToolCall, listed: Listed): Judgement {
  if (rules.unreadable !== undefined) {
    return deny('(no policy)', `The policy could not be read, so nothing is allowed: ${rules.unreadable}`);
  }
  return (
    oddName(rules, call.tool, listed) ??
    oddArguments(rules, call) ??
    evaluate(rules.document, call, NOTHING_USED)
  );
}

/** A name that is written exactly so in the policy, or else listed by the server, is what it says. */
function oddName(rules: Rules, tool: string, listed: Listed): Judgement | undefined {
  if (rules.names(tool)) return undefined;
  if (tool === '' || tool.length > MAX_NAME_CHARS)
    return deny('(tool name)', 'The name of the tool is no name.');
  if (hasHidden(tool))
    return deny('(tool name)', 'The name of the tool has a character that cannot be seen.');
  const meant = rules.meant(tool) ?? listed.meant(tool);
  if (meant === undefined) return undefined;
  return deny('(look-alike)', `The name of the tool looks like ${quoted(meant)}, and is not it.`);
}

/**
 * A rule looks at `args.path`; a server that reads `Path` as well would be told what the rule never saw. Argument names
 * that differ from a guarded one by case or looks alone are refused, at any depth.
 */
function oddArguments(rules: Rules, { tool, args }: ToolCall): Judgement | undefined {
  const guarded = rules.guarded(tool);
  if (guarded === undefined) return undefined;
  const odd = findKey(args, (key) => {
    const exact = guarded.get(fold(key));
    return exact !== undefined && !exact.has(key);
  });
  if (odd === undefined) return undefined;
  return deny(
    '(look-alike)',
    `The argument ${quoted(odd)} looks like one that the policy decides by, and is not it.`,
  );
}

function findKey(value: unknown, isOdd: (key: string) => boolean): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && isOdd(key)) return key;
    const found = findKey(inner, isOdd);
    if (found !== undefined) return found;
  }
  return undefined;
}

function deny(rule: string, message: string): Judgement {
  return { outcome: 'deny', rule, message };
}

/** The denial for the charge that did not fit. Charges come in the order of the tool's own limits, then those of all tools. */
export function limitReached(rules: Rules, tool: string, charges: readonly Charge[], index: number) {
  const own = ruleFor(rules.document, tool)?.limits?.length ?? 0;
  const rule =
    index < own ? `/tools/${escapeToken(tool)}/limits/${index}` : `/all_tools/limits/${index - own}`;
  const limit = charges[index]?.limit;
  return { rule, message: limit === undefined ? 'A limit is used up.' : usedUpText(limit) };
}
