import { matchEvidence } from '../evidence.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

const STATED =
  /\b(?:(?:cannot|can't|can not) be (?:undone|reversed|restored)|irreversibl[ey]|permanently (?:delet|remov|eras|destroy)\w*|destructive (?:operation|action)|overwrit\w+ [^.]{0,40}without (?:warning|asking|confirmation))/i;
/** One of these stands in every such statement. */
const STATED_WORDS = wordSet(
  'undone reversed restored irreversible irreversibly permanently destructive warning asking confirmation'.split(
    ' ',
  ),
);
const NEGATED =
  /\b(?:not|no|never|isn't|won't|without|non|blocks?|prevents?|rejects?|forbids?|denies|disallows?|avoids?)\b[^.]{0,20}$/i;

export const signal = defineSignal({
  id: 'destructive-effect',
  group: 'capability',
  version: 1,
  label: 'Destroys or removes data',
  title: 'Destroys or removes data',
  why: 'What is gone cannot be had back by calling another tool.',
  looksAt: 'the verbs of the name and the description, and statements such as "cannot be undone"',
  falsePositives: 'Removal from a view or a selection, where nothing stored is lost.',
  examples: {
    fires: [
      { name: 'compute_disk_delete', description: 'Deletes a disk from the resource group' },
      { name: 'reset_workspace', description: 'Reset the workspace. This action cannot be undone.' },
      {
        name: 'records',
        description: 'Work with records',
        inputSchema: { type: 'object', properties: { action: { type: 'string', enum: ['get', 'delete'] } } },
      },
    ],
    silent: [
      { name: 'list_deleted_items', description: 'List items that were deleted' },
      { name: 'previewDelete', description: 'Preview what would be deleted' },
      { name: 'archive_item', description: 'Archive an item. It can be restored later.' },
    ],
  },
  observe(facts) {
    const acts = facts.acts.filter((act) => act.action === 'destructive');
    // A payment that cannot be taken back destroys nothing.
    const changes =
      facts.acts.some((act) => act.action !== 'read') &&
      facts.acts.every((act) => act.action !== 'financial');
    const stated =
      changes && facts.mentions(STATED_WORDS)
        ? matchEvidence(facts.description, STATED, 'says that it cannot be taken back')
        : undefined;
    const before = stated
      ? facts.description?.text.slice(0, facts.description.text.indexOf(stated.quote))
      : '';
    const evidence = acts.map((act) => act.evidence);
    if (stated && !NEGATED.test(before?.slice(-60) ?? '')) evidence.push(stated);
    const isSure = acts.some((act) => act.confidence === 'high');
    return presentIf(evidence, {
      confidence: isSure ? 'high' : 'medium',
      effects: ['destructive'],
      raises: 'critical',
    });
  },
});
