import type { Reading } from './acts.ts';
import { isReadNoun, type VerbForm, verbForm } from './lexicon.ts';
import { isStop, type Span, senseOf } from './senses.ts';
import type { Word } from './text.ts';

/** A verb in a name, by the place of its word. */
interface Candidate {
  at: number;
  form: VerbForm;
}

/** What a name says: its main verb first, then those joined to it ("add_or_remove"). */
export function readName(words: readonly Word[]): Reading[] {
  const candidates = candidatesIn(words);
  const first = candidates[0];
  if (!first) return [];
  const best = Math.min(...candidates.map(({ form }) => form.verb.nounness));
  const strong = candidates.filter(
    ({ form, at }) => form.verb.nounness === best && !isStop(words[at - 1]?.text ?? ''),
  );
  const last = strong.at(-1);
  const endsInRead = last?.at === words.length - 1 && READS_AT_END.has(words[last.at]?.text ?? '');
  const main = (endsInRead ? last : strong[0]) ?? first;
  return withJoined(words, [reading(words, main.at, main.form)], strong, main.at);
}

/** The verbs. In `payment_refund` the payment is what is refunded, but `format_converter` has nothing but its noun. */
function candidatesIn(words: readonly Word[]): Candidate[] {
  const found: Candidate[] = [];
  let hasNoun = false;
  let hasVerb = false;
  for (let at = 0; at < words.length; at++) {
    const form = nameForm(words[at]?.text ?? '');
    // A single foreign word is more likely a name than a verb.
    if (!form || !(form.verb.english || words.length > 1)) continue;
    found.push({ at, form });
    if (isNounInside(words, { at, form })) hasNoun = true;
    else if (!form.verb.vague) hasVerb = true;
  }
  return hasNoun && hasVerb ? found.filter((candidate) => !isNounInside(words, candidate)) : found;
}

function isNounInside(words: readonly Word[], { at, form }: Candidate): boolean {
  return form.form === 'noun' && at < words.length - 1;
}

/** Verbs that decide when a name ends in them: `restart_policy_get` gets. */
const READS_AT_END = new Set('get fetch retrieve describe'.split(' '));

/** Adds verbs that stand beside the main one or are joined to it by "and" or "or". */
function withJoined(
  words: readonly Word[],
  readings: Reading[],
  candidates: readonly Candidate[],
  main: number,
): Reading[] {
  const reads = readings[0]?.sense.action === 'read';
  let end = main;
  for (const { at, form } of candidates) {
    if (at <= main) continue;
    const joined = at === end + 2 && /^(?:and|or|n)$/.test(words[end + 1]?.text ?? '');
    // "get_update_status" reads; "start_stop_server" does both.
    const beside = at === end + 1 && !reads && at < words.length - 1;
    if (!joined && !beside) break;
    readings.push(reading(words, at, form));
    end = at;
  }
  return readings;
}

function nameForm(word: string): VerbForm | undefined {
  const form = verbForm(word);
  if (!form) return undefined;
  if (form.form === 'base' || form.form === 'noun') return form;
  // "lists" and "orders" in a name are things; "deletes" is an act.
  if (form.form === 's') return form.verb.nounness === 0 ? form : undefined;
  return undefined;
}

function reading(words: readonly Word[], at: number, form: VerbForm): Reading {
  const object = objectInName(words, at);
  const before = { first: 0, last: at };
  const after = senseOf(form.verb, words, object);
  const sense = after === form.verb ? senseOf(form.verb, words, before) : after;
  return { at, form, sense, object, weak: form.verb.vague && sense === form.verb };
}

/** The words after the verb, or those before it when it comes last. */
function objectInName(words: readonly Word[], at: number): Span {
  if (at === words.length - 1) return { first: 0, last: at };
  let last = at + 1;
  while (last < words.length && !isStop(words[last]?.text ?? '')) last++;
  return { first: at + 1, last };
}

/** The noun by which a name without a verb says that it returns something. */
export function readNounOf(words: readonly Word[]): Word | undefined {
  return words.findLast((word) => isReadNoun(word.text));
}
