import type { Limit, PolicyDocument, ToolRule } from '../contract.ts';
import { lossesOf, type Means, type StaticDecision, staticDecision, staticDecisions } from '../lower.ts';
import { defineTarget } from '../target.ts';

/**
 * The published dialect that the project started from: it cannot ask, does not look into lists, counts calls only, and
 * for each grant only.
 */
const MEANS: Means = {
  ask: false,
  hide: true,
  arguments: ({ path }) => !path.includes('[]'),
  limits: canCount,
};

export const target = defineTarget({
  id: 'policy-json',
  title: 'policy.json',
  summary:
    'The policy document in the form in which such policies are published; an approval is a denial in it.',
  abilities: { allow: 'yes', ask: 'no', deny: 'yes', hide: 'yes', arguments: 'partly', limits: 'partly' },
  newTools: 'denied',
  usage:
    'Give it to the hosted gateway that reads this form. For `catalogue gateway` take the target `gateway`.',
  recommendation: 'by-risk',
  emit(document, context) {
    const { document: lowered, losses } = lowerToPolicyJson(document, context.tools);
    return { fileName: 'policy.json', text: `${JSON.stringify(lowered, undefined, 2)}\n`, losses };
  },
});

/** The document in the published dialect, and what that cannot say. `tools` are those that the server has. */
export function lowerToPolicyJson(
  { default: fallback, hide, all_tools: all, methods, tools }: PolicyDocument,
  listed: readonly string[],
): { document: PolicyDocument; losses: string[] } {
  // The limits over all tools that can be written stay where they are, and so does what is hidden.
  const lost = (all?.limits ?? []).filter((limit) => !canCount(limit));
  const rules: PolicyDocument = {
    version: '1',
    default: fallback,
    all_tools: { limits: lost },
    ...(tools && { tools }),
  };
  const names = [...Object.keys(tools ?? {}), ...(fallback === 'allow' ? listed : [])];
  const decisions = staticDecisions(rules, names, MEANS);
  const kept = (all?.limits ?? []).filter(canCount);
  // What cannot be written of the limits over all tools may be all that stops a tool that is not named.
  const unnamed = staticDecision({ ...rules, tools: {} }, '', MEANS).decision === 'allow' ? 'allow' : 'deny';
  return {
    document: {
      version: '1',
      default: unnamed,
      ...(hide && { hide }),
      ...(kept.length > 0 && { all_tools: { limits: kept } }),
      ...(tools && { tools: Object.fromEntries(decisions.map((each) => [each.tool, ruleOf(each)])) }),
    },
    losses: lossesOf(
      { version: '1', default: unnamed === fallback ? 'deny' : fallback, ...(methods && { methods }) },
      decisions,
      { newTools: 'denied' },
    ),
  };
}

function canCount({ scope, increment_from }: Limit): boolean {
  return scope === 'grant' && increment_from === undefined;
}

function ruleOf({ decision, message, keep }: StaticDecision): ToolRule {
  if (decision !== 'allow') return { deny_if: [{ conditions: [], on_deny: message }] };
  return {
    ...(keep.require.length > 0 && { require: keep.require }),
    ...(keep.deny_if.length > 0 && { deny_if: keep.deny_if }),
    ...(keep.limits.length > 0 && { limits: keep.limits }),
  };
}
