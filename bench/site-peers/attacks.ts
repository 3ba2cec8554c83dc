import type { Evidence } from '../../classifier/contract.ts';
import { attacksFor, needsNoAccess } from '../../site/attacks.ts';
import { MAX_ATTACKS } from '../../site/limits.ts';
import type { ToolTwin } from '../../site/published.ts';

/** Which patterns a finding is about does not depend on its quotes. */
const NO_EVIDENCE: [Evidence] = [{ pointer: '', quote: '', note: '' }];

/**
 * The attack patterns of a tool's page: those about the access that it gives, and those that any tool can serve. A twin
 * does not say which parts a tool plays in combinations, so a pattern that goes by them alone is missing.
 */
export function attacksOf({ category, destructive, financial, signals }: ToolTwin) {
  const findings = signals.map(({ id, confidence }) => ({
    signal: id,
    outcome: 'present' as const,
    confidence,
    evidence: NO_EVIDENCE,
  }));
  const all = attacksFor({ category, destructive, financial, findings });
  return {
    own: all
      .filter((attack) => !needsNoAccess(attack))
      .slice(0, MAX_ATTACKS)
      .map(({ id, title, summary }) => ({ id, title, summary: piecesOf(summary) })),
    any: all.filter(needsNoAccess).map(({ id, title }) => ({ id, title })),
  };
}

/** Our own text, with what stands between backticks as code. */
function piecesOf(text: string) {
  return text.split('`').map((piece, index) => ({ text: piece, code: index % 2 === 1 }));
}
