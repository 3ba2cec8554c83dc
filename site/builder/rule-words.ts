import type { PolicyDocument } from '../../policy/contract.ts';
import { type Means, staticDecision } from '../../policy/lower.ts';
import { limitText } from '../../policy/words.ts';
import { listed } from '../words.ts';

const ALL: Means = { ask: true, hide: true, arguments: true, limits: true };

/** What a document does with a tool, in one word. */
export function ruleWord(document: PolicyDocument, tool: string): string {
  const { decision, keep } = staticDecision(document, tool, ALL);
  return decision === 'allow' && keep.limits.length > 0 ? 'limit' : decision;
}

/** What a document does with a tool, in few words: `ask, at most 3 calls a minute for each grant, arguments checked`. */
export function ruleWords(document: PolicyDocument, tool: string): string {
  const { decision, keep } = staticDecision(document, tool, ALL);
  if (decision === 'deny' || decision === 'hide') return decision;
  const limits = keep.limits.map(limitText);
  const checks = keep.require.length + keep.deny_if.length > 0;
  return [
    decision === 'allow' && keep.require_approval.length > 0 ? 'ask about some calls' : decision,
    ...(limits.length > 0 ? [`at most ${listed(limits)}`] : []),
    ...(checks ? ['arguments checked'] : []),
  ].join(', ');
}
