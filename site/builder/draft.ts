import type { Limit, PolicyDocument, Predicate, ToolRule } from '../../policy/contract.ts';
import { compareText } from '../../policy/order.ts';
import { recommendShaped, type ToolShape } from '../../policy/recommend.ts';
import { APPROVAL, callsIn } from '../../policy/shapes.ts';

/** A policy in the making: what a person decided beside a document that is there already. */

export const WINDOWS: readonly Limit['window'][] = ['minute', 'hour', 'day'];

/** What a person can decide about one tool. */
export type Decision =
  | { choice: 'allow' | 'ask' | 'deny' | 'hide' }
  /** `max` as it was typed: NaN or a fraction make a document that the validator refuses. */
  | { choice: 'limit'; max: number; window: Limit['window'] };

export interface Draft {
  /** By tool name; a tool that is missing stays as the document has it. */
  decisions: ReadonlyMap<string, Decision>;
  /** Whether a decided tool keeps the rules about its arguments. */
  guards: boolean;
  /** The document that it goes on from; without one, the recommended policy. */
  base?: PolicyDocument;
}

/** Of no decisions: the recommendation. */
export const EMPTY_DRAFT: Draft = { decisions: new Map(), guards: true };

/** Told to the caller of a tool that a person denied. */
const DENIED: Predicate = { conditions: [], on_deny: 'The tool is denied by policy.' };

/** The document that a draft goes on from. `shaped`: whether signals shape the recommendation. */
export function baseOf(tools: readonly ToolShape[], { base }: Draft, shaped = true): PolicyDocument {
  return base ?? recommendShaped(tools, { shaped });
}

/**
 * The document of a draft. `hide: ["*"]`, which hides everything, is written out as soon as a tool is decided about:
 * the names are hidden one by one, and what is not named is denied.
 */
export function documentOf(tools: readonly ToolShape[], draft: Draft, shaped = true): PolicyDocument {
  const base = baseOf(tools, draft, shaped);
  if (draft.decisions.size === 0) return base;
  const rules = new Map(Object.entries(base.tools ?? {}));
  const hidesAll = base.hide?.includes('*') ?? false;
  const names = [...tools.map(({ name }) => name), ...rules.keys()].filter((name) => name !== '*');
  const hidden = new Set(hidesAll ? names : base.hide);
  for (const [name, decision] of draft.decisions) {
    hidden.delete(name);
    // An entry `*` would hide every tool; a rule denies the one that is called so.
    if (decision.choice !== 'hide' || name === '*')
      rules.set(name, ruleOf(name, decision, rules, draft.guards));
    else {
      hidden.add(name);
      rules.delete(name);
    }
  }
  const { hide: _, tools: __, ...others } = base;
  return {
    ...others,
    default: hidesAll ? 'deny' : base.default,
    ...(hidden.size > 0 && { hide: [...hidden].sort(compareText) }),
    tools: Object.fromEntries(rules),
  };
}

function ruleOf(
  name: string,
  decision: Decision,
  rules: ReadonlyMap<string, ToolRule>,
  guards: boolean,
): ToolRule {
  const kept = guards ? guardsOf(rules.get(name)) : {};
  switch (decision.choice) {
    case 'allow':
      return kept;
    case 'ask':
      return { ...kept, ...APPROVAL };
    case 'limit':
      return { ...kept, ...callsIn(name, decision.max, decision.window) };
    case 'deny':
    case 'hide':
      return { deny_if: [DENIED] };
  }
}

/** What a rule says about arguments, without what denies every call. */
function guardsOf({ require = [], deny_if = [] }: ToolRule = {}): ToolRule {
  const [required, denied] = [require, deny_if].map((all) =>
    all.filter(({ conditions }) => conditions.length > 0),
  );
  return {
    ...(required && required.length > 0 && { require: required }),
    ...(denied && denied.length > 0 && { deny_if: denied }),
  };
}
