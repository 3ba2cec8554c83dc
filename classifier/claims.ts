import type { ToolFacts } from './facts.ts';
import { wordSet } from './vocabulary.ts';

const READ_ONLY =
  /(?:^|[.!\n(]\s*)read[- ]?only\b(?! mode| replica| filesystem)|\bread[- ]only,? (?:sql|tool|operation|query|queries|command|call|access|select|statement|method|endpoint|action|and)\b|\bno side[- ]effects\b|\bdoes not (?:modify|change|alter) (?:any|the|anything|data|files|state)\b|\bonly (?:select|read) (?:statements|queries|operations)\b/i;

/** Words of which one stands wherever the pattern matches. */
const CUES = wordSet(['only', 'readonly', 'side', 'modify', 'change', 'alter']);

/** Whether the description guarantees that nothing is changed. */
export function saysReadOnly(facts: ToolFacts): boolean {
  return facts.description !== undefined && facts.mentions(CUES) && READ_ONLY.test(facts.description.text);
}
