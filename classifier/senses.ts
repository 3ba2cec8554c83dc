import { isReadNoun, type Sense, type Verb, verbForm } from './lexicon.ts';
import type { Word } from './text.ts';

/** The words that a verb acts on: from `first` up to but not including `last`; empty when they are equal. */
export interface Span {
  first: number;
  last: number;
}

const DETERMINERS = new Set(
  `a an the this that these those its their your his her my our all any each every some one two three several many
   multiple both another new existing specific specified given current single`.split(/\s+/),
);

const STOPS = new Set(
  `for from in on onto at of by with to into via using through within without as when if that which who whose where
   so because than against about per between across under over after before until while during including such
   is are was were be will can has have not based then unless whether along provided given what how why showing
   containing describing representing enforcing matching targeting previously used`.split(/\s+/),
);

/** Whether a word opens a noun phrase, so that what stands before it is a verb. */
export function isDeterminer(word: string): boolean {
  return DETERMINERS.has(word);
}

/** Whether a word ends the object of a verb. */
export function isStop(word: string): boolean {
  return STOPS.has(word);
}

/** Nouns that leave it to another word to say what is done. */
const EMPTY_HEADS = new Set(
  'operation operations action actions command commands process request task'.split(' '),
);

const MAX_OBJECT_WORDS = 8;
const MAX_BRACKET = 24;

/** The object after a verb: up to a preposition, a bracket, a colon or the end of the sentence. */
export function objectAfter(words: readonly Word[], verb: number, last: number, text: string): Span {
  const first = verb + 1;
  let at = first;
  for (; at < last && at - first < MAX_OBJECT_WORDS; at++) {
    const word = words[at];
    const before = words[at - 1];
    if (!word || !before || (STOPS.has(word.text) && !isHyphenated(text, before.end))) break;
    if (at === first) continue;
    if (word.text.endsWith('ly') && word.text !== 'only') break;
    if (breaksPhrase(text, before.end, word.start)) break;
    if (text.charCodeAt(before.end) === 44 && beginsClause(words, at)) break;
  }
  return { first, last: at };
}

/** In "an image, return its data" the comma ends the object; in "update, delete files" the verbs share one. */
function beginsClause(words: readonly Word[], at: number): boolean {
  const next = verbForm(words[at]?.text ?? '');
  if (!next || next.form === 'past' || next.form === 'noun') return false;
  if (next.verb.nounness > 0 && !isDeterminer(words[at + 1]?.text ?? '')) return false;
  return verbForm(words[at - 1]?.text ?? '')?.form !== next.form;
}

/** In "line-based edits" the stop is half of a word. */
function isHyphenated(text: string, at: number): boolean {
  return text.charCodeAt(at) === 45 && text.charCodeAt(at + 1) !== 32;
}

function breaksPhrase(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 40 && !goesOnAfterBracket(text, at)) return true;
    if (code === 58 || code === 59 || code === 0x2013 || code === 0x2014) return true;
    // A dash between blanks begins a remark; a hyphen joins.
    if (code === 45 && to - from > 1) return true;
  }
  return false;
}

/** "Azure CLI (az) commands" goes on after the bracket. */
function goesOnAfterBracket(text: string, open: number): boolean {
  const close = text.indexOf(')', open);
  return close !== -1 && close - open < MAX_BRACKET && /^ [a-z]/.test(text.slice(close + 1, close + 3));
}

/** What a verb means with the words it acts on. */
export function senseOf(verb: Verb, words: readonly Word[], object: Span): Sense {
  if (object.first >= object.last) return verb;
  const phrasal = verb.particles && particleSense(verb.particles, words, object);
  if (phrasal) return phrasal;
  if (verb.objects) {
    const found = objectSense(verb.objects, words, object);
    if (found) return found;
  }
  return verb.light ? (lightSense(words, object) ?? verb) : verb;
}

/** "Rolls out the release" and "rolls the release out" are the same. */
function particleSense(
  senses: ReadonlyMap<string, Sense>,
  words: readonly Word[],
  object: Span,
): Sense | undefined {
  return senses.get(words[object.first]?.text ?? '') ?? senses.get(words[object.last - 1]?.text ?? '');
}

/** Looks up the heads of the phrase: the last word before each "or", "and" or comma, and the two last together. */
function objectSense(
  senses: ReadonlyMap<string, Sense>,
  words: readonly Word[],
  object: Span,
): Sense | undefined {
  const isEmpty = EMPTY_HEADS.has(words[object.last - 1]?.text ?? '');
  for (let at = object.last - 1; at >= object.first; at--) {
    const word = words[at]?.text ?? '';
    const isLast = at === object.last - 1;
    // In "search-and-replace operations" the search is not the whole.
    if (!isLast && (isEmpty || !isConjunction(words[at + 1]?.text))) continue;
    const before = at > object.first ? words[at - 1]?.text : undefined;
    const found = (before && senses.get(`${before} ${word}`)) ?? senses.get(word);
    if (found) return found;
  }
  return undefined;
}

function isConjunction(word: string | undefined): boolean {
  return word === 'or' || word === 'and';
}

/** "Perform a web search" is a search: the last noun that names an act. */
function lightSense(words: readonly Word[], object: Span): Sense | undefined {
  for (let at = object.last - 1; at >= object.first; at--) {
    const word = words[at]?.text ?? '';
    const form = verbForm(word);
    if (form && !EMPTY_HEADS.has(word)) return senseOf(form.verb, words, { first: object.first, last: at });
    if (isReadNoun(word)) return undefined;
    if (!EMPTY_HEADS.has(word)) break;
  }
  const first = verbForm(words[object.first]?.text ?? '');
  return first?.form === 'base' ? first.verb : undefined;
}
