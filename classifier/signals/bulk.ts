import type { Act } from '../acts.ts';
import type { Evidence } from '../contract.ts';
import { matchEvidence, parameterEvidence, wordEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { readName } from '../names.ts';
import type { Parameter } from '../parameters.ts';
import { defineSignal, presentIf } from '../signal.ts';
import { wordSet } from '../vocabulary.ts';

const NAME_WORDS = new Set('bulk batch multiple many'.split(' '));
const IN_TEXT =
  /\b(?:in bulk|bulk|in batch(?:es)?|batch (?!id\b|_)|batched|en masse|mass[- ](?:delet|updat|mail|creat|edit|assign|import|renam|messag|archiv)\w*)\b/i;
const MANY =
  /^(?:multiple|several|many|one or (?:more|multiple)|a (?:list|batch) of|numerous)\b(?! (?:\w+ )?(?:fields|options|filters|criteria|parameters|sources|formats|ways))/i;
const ALL = /^(?:all|every)\b/i;
/** One of these stands in the text whenever a pattern below can match. */
const MASS_WORDS = wordSet('bulk batch batches batched masse mass multiple many several all'.split(' '));
/** Emptying a whole thing reaches all that is in it. */
const WHOLE = /^(?:(?:the|an|your) )?(?:entire|whole)\b/i;
/** Lists that say how one thing should be, or who should hear of it. */
const ATTRIBUTES = new Set(
  'reviewers fields labels tags assignees options values columns properties attachments recipients attendees members users scopes permissions'.split(
    ' ',
  ),
);
const MANY_LATER = /\b(?:for|to|across) (?:multiple|many|several|all) (?!recipients)/i;

export const signal = defineSignal({
  id: 'bulk',
  group: 'capability',
  version: 2,
  label: 'Bulk/mass operation',
  title: 'Bulk or mass operation',
  why: 'One call reaches many things, so one mistake does too.',
  looksAt: 'the name, the first sentence of the description, and lists among the parameters',
  falsePositives: 'A list that the server limits to a few entries.',
  examples: {
    fires: [
      { name: 'bulk_update_prices', description: 'Update prices' },
      { name: 'remove_entries', description: 'Remove one or more entries from the index' },
      { name: 'reset_board', description: 'Clear all cards from the board' },
    ],
    silent: [
      { name: 'delete_entry', description: 'Delete an entry' },
      { name: 'list_entries', description: 'List all entries' },
      { name: 'send_mail', description: 'Send an e-mail to one or more recipients' },
    ],
  },
  observe(facts) {
    const evidence = [inName(facts), inText(facts), ...inParameters(facts)].filter(
      (one) => one !== undefined,
    );
    return presentIf(evidence, { confidence: 'medium' });
  },
});

function inName(facts: ToolFacts): Evidence | undefined {
  return wordEvidence(facts.name, NAME_WORDS, 'acts on many things at once');
}

function inText(facts: ToolFacts): Evidence | undefined {
  const act = facts.acts[0];
  const isChange = act !== undefined && act.action !== 'read';
  const many = facts.acts.find(
    ({ object, source, lemma }) =>
      source !== 'name' &&
      lemma !== 'return' &&
      object !== undefined &&
      (MANY.test(object) ||
        (isChange && ALL.test(object)) ||
        (act?.action === 'destructive' && WHOLE.test(object))),
  );
  if (many) return { ...many.evidence, note: 'acts on many things at once' };
  const { description } = facts;
  if (!description || !facts.mentions(MASS_WORDS)) return undefined;
  const end = description.words[description.sentences[0]?.last ?? 0]?.start;
  const first = { ...description, text: description.text.slice(0, end) };
  return (
    matchEvidence(first, IN_TEXT, 'acts on many things at once') ??
    (isChange ? matchEvidence(first, MANY_LATER, 'acts for many at once') : undefined)
  );
}

/** A list of the very things that are acted on: `documents` of `add_documents`, "nodes to restart". */
function inParameters(facts: ToolFacts): Evidence[] {
  const act = facts.acts[0];
  if (act === undefined) return [];
  return facts.parameters
    .filter((parameter) => parameter.types.includes('array') && listsThings(parameter, act, facts))
    .map((parameter) => parameterEvidence(parameter, 'a list of the things acted on'));
}

function listsThings(
  { depth, required, words, description }: Parameter,
  act: Act,
  facts: ToolFacts,
): boolean {
  const last = words.at(-1) ?? '';
  if (ATTRIBUTES.has(last)) return false;
  if (act.action !== 'read' && description !== undefined && depth < 3 && ENDS.has(act.lemma)) {
    if (description.toLowerCase().includes(` to ${act.lemma}`)) return true;
  }
  if (depth > 0 || !required) return false;
  const isIds = last === 'ids' || last === 'names';
  const thing = isIds ? words.at(-2) : last;
  if (thing === undefined || (!isIds && act.action === 'read' && last !== 'paths')) return false;
  const names = new Set(facts.name.words.map((word) => singular(word.text)));
  // `edits` of `edit_file` are what is done, not what it is done to.
  for (const { form } of readName(facts.name.words)) names.delete(form.verb.lemma);
  return names.has(singular(thing));
}

/** Verbs whose list is of things and not of what is put into one. */
const ENDS = new Set(
  'delete remove restart stop start archive purge cancel terminate kill move close revoke disable enable reboot'.split(
    ' ',
  ),
);

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
