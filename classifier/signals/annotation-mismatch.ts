import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

export const signal = defineSignal({
  id: 'annotation-mismatch',
  group: 'definition',
  version: 1,
  label: 'Annotations disagree with the definition',
  title: 'Annotations disagree with the definition',
  why: 'A client that trusts the hint would skip a question that the description says it should ask.',
  looksAt: 'the annotations beside the name and the description',
  falsePositives: 'A verb that means less in this server than it usually does.',
  examples: {
    fires: [
      { name: 'delete_file', description: 'Delete a file', annotations: { readOnlyHint: true } },
      {
        name: 'drop_table',
        description: 'Drop a table',
        annotations: { readOnlyHint: false, destructiveHint: false },
      },
      {
        name: 'get_file',
        description: 'Get a file',
        annotations: { readOnlyHint: true, destructiveHint: true },
      },
    ],
    silent: [
      { name: 'delete_file', description: 'Delete a file' },
      { name: 'delete_file', description: 'Delete a file', annotations: { destructiveHint: true } },
      { name: 'get_file', description: 'Get a file', annotations: { readOnlyHint: true } },
    ],
  },
  observe({ hints, acts }) {
    if (Object.values(hints).every((hint) => hint === 'unset')) return NOT_APPLICABLE;
    const sure = acts.filter((act) => act.confidence !== 'low');
    const evidence: Evidence[] = [];
    if (hints.readOnlyHint === 'true') {
      const change = sure.find((act) => act.action !== 'read');
      if (change)
        evidence.push(hintEvidence('readOnlyHint', 'true', 'claims to change nothing'), against(change));
      else if (hints.destructiveHint === 'true') {
        evidence.push(
          hintEvidence('readOnlyHint', 'true', 'claims to change nothing'),
          hintEvidence('destructiveHint', 'true', 'and to destroy something'),
        );
      }
    } else if (hints.destructiveHint === 'false') {
      const removal = sure.find((act) => act.action === 'destructive');
      if (removal)
        evidence.push(
          hintEvidence('destructiveHint', 'false', 'claims to destroy nothing'),
          against(removal),
        );
    }
    return presentIf(evidence, { confidence: 'medium' });
  },
});

function hintEvidence(hint: string, quote: string, note: string): Evidence {
  return { pointer: `/annotations/${hint}`, quote, note };
}

function against(act: Act): Evidence {
  return { ...act.evidence, note: 'says otherwise' };
}
