import type { Act } from '../acts.ts';
import { saysReadOnly } from '../claims.ts';
import type { Evidence } from '../contract.ts';
import type { ToolFacts } from '../facts.ts';
import { defineSignal, NOT_APPLICABLE, presentIf } from '../signal.ts';

export const signal = defineSignal({
  id: 'annotation-mismatch',
  group: 'definition',
  version: 2,
  label: 'Annotations disagree with the definition',
  title: 'Annotations disagree with the definition',
  why: 'A client that trusts the hint would skip a question that the description says it should ask.',
  looksAt: 'the annotations beside the name and the description',
  falsePositives:
    'A verb that means less in this server than it usually does, or hints that mean the data and not the model that is asked.',
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
      {
        name: 'notify',
        description: 'Sends an email to the recipients',
        annotations: { readOnlyHint: true, idempotentHint: true },
      },
    ],
    silent: [
      {
        name: 'query_database',
        description: 'Executes a read-only SQL query',
        annotations: { readOnlyHint: true },
      },
      {
        name: 'unstar_project',
        description: 'Remove the star from a project',
        annotations: { readOnlyHint: false, destructiveHint: false },
      },
      { name: 'delete_file', description: 'Delete a file' },
      { name: 'delete_file', description: 'Delete a file', annotations: { destructiveHint: true } },
      { name: 'get_file', description: 'Get a file', annotations: { readOnlyHint: true } },
    ],
  },
  observe(facts) {
    const { hints } = facts;
    if (Object.values(hints).every((hint) => hint === 'unset')) return NOT_APPLICABLE;
    const evidence: Evidence[] = [];
    if (hints.readOnlyHint === 'true') {
      const change = changeIn(facts);
      if (change || hints.destructiveHint === 'true')
        evidence.push(hintEvidence('readOnlyHint', 'true', 'claims to change nothing'));
      if (hints.destructiveHint === 'true')
        evidence.push(hintEvidence('destructiveHint', 'true', 'and to destroy something'));
      if (change) evidence.push(against(change));
    } else if (hints.destructiveHint === 'false') {
      const removal = facts.acts.find(destroys);
      if (removal)
        evidence.push(
          hintEvidence('destructiveHint', 'false', 'claims to destroy nothing'),
          against(removal),
        );
    }
    return presentIf(evidence, { confidence: 'medium' });
  },
});

/** Verbs that are vague, or for running something that may well only read or work something out. */
const VAGUE = new Set(
  'run execute exec query perform generate create complete chat ask prompt evaluate'.split(' '),
);

/** Something that the definition says is changed, in so many words. */
function changeIn(facts: ToolFacts): Act | undefined {
  const sure = facts.acts.filter(
    (act) => act.confidence !== 'low' && act.action !== 'read' && act.source !== 'noun',
  );
  const plain = sure.filter(
    (act) =>
      act.action === 'destructive' ||
      !(VAGUE.has(act.lemma) || (act.action === 'execute' && act.lemma === 'create')),
  );
  return saysReadOnly(facts) ? undefined : plain[0];
}

const DESTROYING = new Set(
  'delete remove drop purge wipe erase destroy truncate terminate revoke uninstall kill unpublish empty'.split(
    ' ',
  ),
);
/** Taking these away loses nothing that cannot be put back by hand. */
const LIGHT =
  /\b(?:approvals?|stars?|labels?|tags?|members?|reactions?|votes?|likes?|assignees?|flags?|highlights?|subscriptions?|bookmarks?|favou?rites?|links?|access|filters?|cache\w*)\b/i;

function destroys(act: Act): boolean {
  if (act.action !== 'destructive' || !DESTROYING.has(act.lemma)) return false;
  // A verb in a list of verbs, as in "labels (add/remove)", has no object of its own.
  if (act.source !== 'choice' && !/^[\p{L}\p{N}]/u.test(act.phrase)) return false;
  if (LIGHT.test(`${act.object ?? ''} ${act.phrase}`)) return false;
  return act.confidence === 'high' || act.source === 'name' || act.source === 'choice';
}

function hintEvidence(hint: string, quote: string, note: string): Evidence {
  return { pointer: `/annotations/${hint}`, quote, note };
}

function against(act: Act): Evidence {
  return { ...act.evidence, note: 'says otherwise' };
}
