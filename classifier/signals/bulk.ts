import type { Evidence } from '../contract.ts';
import { matchEvidence, parameterEvidence, wordEvidence } from '../evidence.ts';
import type { ToolFacts } from '../facts.ts';
import { readName } from '../names.ts';
import { defineSignal, presentIf } from '../signal.ts';

const NAME_WORDS = new Set('bulk batch mass multiple multi many'.split(' '));
const IN_TEXT = /\b(?:in bulk|bulk|in batch(?:es)?|batch (?!id\b|_)|batched|en masse|mass)\b/i;
const MANY =
  /^(?:multiple|several|many|one or (?:more|multiple)|a (?:list|batch) of|numerous)\b(?! (?:\w+ )?(?:fields|options|filters|criteria|parameters|sources|formats|ways))/i;
const ALL = /^(?:all|every)\b/i;
const MANY_LATER = /\b(?:for|to|across) (?:multiple|many|several|all) (?!recipients)/i;

export const signal = defineSignal({
  id: 'bulk',
  group: 'capability',
  version: 1,
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
    ({ object, source }) =>
      source !== 'name' && object !== undefined && (MANY.test(object) || (isChange && ALL.test(object))),
  );
  if (many) return { ...many.evidence, note: 'acts on many things at once' };
  const { description } = facts;
  const end = description?.words[description.sentences[0]?.last ?? 0]?.start;
  const first = description && { ...description, text: description.text.slice(0, end) };
  return (
    matchEvidence(first, IN_TEXT, 'acts on many things at once') ??
    (isChange ? matchEvidence(first, MANY_LATER, 'acts for many at once') : undefined)
  );
}

/** A list of the very things that the tool is named after: `add_documents` with `documents`. */
function inParameters(facts: ToolFacts): Evidence[] {
  const act = facts.acts[0];
  if (act === undefined) return [];
  const names = new Set(facts.name.words.map((word) => singular(word.text)));
  // `edits` of `edit_file` are what is done, not what it is done to.
  for (const { form } of readName(facts.name.words)) names.delete(form.verb.lemma);
  return facts.parameters
    .filter(({ depth, required, types, words }) => {
      if (depth > 0 || !required || !types.includes('array')) return false;
      const last = words.at(-1) ?? '';
      const isIds = last === 'ids' || last === 'names';
      const thing = isIds ? words.at(-2) : last;
      return (
        thing !== undefined &&
        names.has(singular(thing)) &&
        (isIds || act.action !== 'read' || last === 'paths')
      );
    })
    .map((parameter) => parameterEvidence(parameter, 'a list of the things acted on'));
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
