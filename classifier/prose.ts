import type { Reading } from './acts.ts';
import type { Prose } from './facts.ts';
import { type Sense, type VerbForm, verbForm } from './lexicon.ts';
import { isDeterminer, isStop, objectAfter, senseOf } from './senses.ts';
import { isUnspaced, type Sentence, type Word } from './text.ts';
import { readUnspaced } from './unspaced.ts';

/** What a description says that the tool does. */
export interface ProseReading {
  /** The verbs of its opening sentence, the main one first. */
  heads: Reading[];
  /** Acts stated of the tool in later sentences. */
  statements: Reading[];
  /** The first sentence names a thing and not an act: "Storage operations". */
  nominal: boolean;
  /** The first sentence tells of no act that is known, so that the heads come from a later one. */
  late: boolean;
}

/** Words after which a verb in its base form tells what the tool is for. */
const BEFORE_VERB = new Set(
  `to will can you lets helps also please then and optionally it should must automatically we i let's`.split(
    /\s+/,
  ),
);

/** Words that may stand before the verb without being part of what is done. */
const PASSED_OVER = new Set(
  `use used this tool tools the a an command function operation method endpoint api action that which it allows
   lets users user agent agents be is way utility able call here bulk batch force mcp server
   client clients llm llms ai assistant helper when always first important note start invoke run`.split(
    /\s+/,
  ),
);

const SUBJECT = new Set(
  'this it tool command operation function action which that method endpoint'.split(' '),
);

const NEGATIONS = new Set(
  `not never no cannot without don't doesn't won't can't isn't nor neither don’t doesn’t won’t can’t instead avoid
   avoids prevent prevents before rather`.split(/\s+/),
);

/** Headings under which a description documents arguments or results instead of acts. */
const SECTIONS = new Set(
  `args arguments argument parameters params parameter returns return example examples usage input inputs output
   outputs raises response notes note keywords not`.split(/\s+/),
);

/** "Enables agents to …" tells for whom; "enables a key" tells what is done. */
const ENABLING = new Set('allow allows enable enables'.split(' '));
const ENABLED = new Set(
  'you users agents agent llms llm ai clients claude assistants developers to'.split(' '),
);

const MAX_OPENING_WORDS = 16;
const MAX_SENTENCES_TRIED = 3;

export function readProse(prose: Prose): ProseReading {
  const { sentences } = prose;
  let heads: Reading[] = [];
  let nominal = false;
  let late = false;
  let used = 0;
  for (; used < Math.min(sentences.length, MAX_SENTENCES_TRIED); used++) {
    const sentence = sentences[used];
    if (!sentence || isSection(prose, sentence)) break;
    const found = readSentence(prose, sentence);
    late ||= used > 0 && heads.every((head) => head.weak) && found.heads.some((head) => !head.weak);
    heads = heads.concat(found.heads);
    nominal ||= found.nominal;
    if (heads.length > 0 && !(found.nominal && used === 0) && heads.some((head) => !head.weak)) break;
  }
  return { heads, statements: readStatements(prose, used + 1), nominal, late };
}

function isSection(prose: Prose, sentence: Sentence): boolean {
  const word = prose.words[sentence.first];
  if (!word || !SECTIONS.has(word.text)) return false;
  if (word.text === 'not') return prose.words[sentence.first + 1]?.text === 'for';
  const isHeading = prose.text.charCodeAt(word.end) === 58;
  return isHeading && (sentence.first > 0 || prose.text.charCodeAt(word.end + 1) !== 32);
}

function readSentence(prose: Prose, sentence: Sentence): { heads: Reading[]; nominal: boolean } {
  const { words, text } = prose;
  const limit = Math.min(sentence.last, sentence.first + MAX_OPENING_WORDS * 2);
  let expects: 'head' | 'base' | 'finite' | 'gerund' | 'none' = 'head';
  let sawNoun = false;
  let weak: Reading[] = [];
  for (let at = sentence.first; at < limit; at++) {
    const word = words[at];
    if (!word) break;
    if (isUnspaced(word.text)) {
      const heads = readUnspaced(prose, sentence, at);
      return { heads, nominal: heads.length === 0 };
    }
    if (opensClause(text, words[at - 1], word, at === sentence.first)) expects = 'head';
    const form = expects === 'none' ? undefined : verbForm(word.text);
    if (form && fits(form, expects, words, at, sentence, text) && !isPassedOver(words, at, expects)) {
      const heads = withJoined(prose, at, form, sentence);
      if (!heads.every((head) => head.weak))
        return { heads: heads.concat(weak), nominal: sawNoun && expects !== 'head' };
      weak = weak.concat(heads);
    }
    expects = nextExpectation(expects, word.text, words[at + 1]?.text);
    if (expects === 'none') sawNoun = true;
    if (sawNoun && NEGATIONS.has(word.text)) break;
  }
  if (weak.length > 0) return { heads: weak, nominal: sawNoun };
  return { heads: readNominal(prose, sentence), nominal: true };
}

/** A colon or a dash after an opening label begins the sentence anew: "STEP 1: List the tables". */
function opensClause(text: string, before: Word | undefined, word: Word, first: boolean): boolean {
  if (first || !before) return false;
  for (let at = before.end; at < word.start; at++) {
    const code = text.charCodeAt(at);
    if (code === 58 || code === 93 || code === 0x2013 || code === 0x2014 || code === 0x3011) return true;
    if (code === 45 && word.start - before.end > 2) return true;
  }
  return false;
}

function fits(
  { verb, form }: VerbForm,
  expects: string,
  words: readonly Word[],
  at: number,
  sentence: Sentence,
  text: string,
): boolean {
  if (form === 'past' || form === 'noun') return false;
  if (expects === 'base')
    return form === 'base' && (verb.nounness < 2 || isDeterminer(words[at + 1]?.text ?? ''));
  if (expects === 'finite') return form !== 'ing' && (verb.nounness === 0 || form === 's');
  if (expects === 'gerund') return form === 'ing';
  if (form === 'ing') return verb.nounness === 0 && at + 1 < sentence.last;
  if (verb.nounness === 0) return true;
  return looksLikeVerb(verb.nounness, form === 's', words, at, sentence, text);
}

const COMPOUND_HEADS = new Set(
  `management manager operations operation commands tool tools api service services system results result engine
   information details data history status settings support integration mode page template type id name list`.split(
    /\s+/,
  ),
);

/** What a verb in the third person gives: "Returns information" is no compound. */
const GIVEN = new Set('information details data results status history settings'.split(' '));

/** A word that may be a noun opens a sentence as a verb unless it is the first half of a compound. */
function looksLikeVerb(
  nounness: number,
  inflected: boolean,
  words: readonly Word[],
  at: number,
  sentence: Sentence,
  text: string,
): boolean {
  if (at + 1 >= sentence.last) return nounness === 1;
  const here = words[at];
  const next = words[at + 1];
  if (!here || !next) return nounness === 1;
  if (isDeterminer(next.text)) return true;
  if (inflected && nounness === 1 && GIVEN.has(next.text)) return true;
  if (next.text === 'of' || next.text === 'is' || COMPOUND_HEADS.has(next.text)) {
    return (
      nounness === 1 && next.text !== 'of' && next.text !== 'is' && !inflected && words[at + 2] !== undefined
    );
  }
  if (nounness === 1) return true;
  if (/^\d+$/.test(next.text)) return false;
  if (inflected) return !isStop(next.text) || next.text === 'to' || next.text === 'on';
  const second = verbForm(next.text);
  if (second && second.verb.nounness === 0 && second.form !== 'past') return false;
  return text.charCodeAt(here.end) === 32 || text.charCodeAt(here.end) === 47;
}

/** "Call this tool to …", "Use when …" and "Run this first" speak about the call, not about what it does. */
function isPassedOver(words: readonly Word[], at: number, expects: string): boolean {
  const word = words[at]?.text ?? '';
  if (ENABLING.has(word)) return ENABLED.has(words[at + 1]?.text ?? '');
  if (word === 'see') return /^(?:also|the|resource)$/.test(words[at + 1]?.text ?? '');
  if (!PASSED_OVER.has(word)) return false;
  const next = words[at + 1]?.text ?? '';
  if (word === 'run' || word === 'start' || word === 'call' || word === 'invoke') {
    if (next.includes('_')) return true;
    return /^(?:this|here|it|first|after|before|when|once|only|with|me|immediately)$/.test(next);
  }
  return expects === 'head' || word !== 'use';
}

function nextExpectation(
  now: 'head' | 'base' | 'finite' | 'gerund' | 'none',
  word: string,
  next: string | undefined,
): 'head' | 'base' | 'finite' | 'gerund' | 'none' {
  // "When a user requests a report" tells of the user; "when listing files" tells of the tool.
  if (word === 'for' || word === 'by' || word === 'when') return 'gerund';
  if (word === 'to' || word === 'will' || word === 'can' || word === 'you') return 'base';
  if (word === 'that' || word === 'which' || word === 'it') return 'finite';
  if (now === 'none') return SUBJECT.has(word) && next?.endsWith('s') ? 'finite' : 'none';
  if (word.endsWith('ly') || BEFORE_VERB.has(word) || PASSED_OVER.has(word) || ENABLING.has(word)) return now;
  return /^\d+$/.test(word) ? now : 'none';
}

/** The verb at a place and those joined to it in the same form: "Create, update or delete". */
function withJoined(prose: Prose, at: number, form: VerbForm, sentence: Sentence): Reading[] {
  const { words } = prose;
  const heads = [readingAt(prose, at, form, sentence)];
  let chain = true;
  for (let next = at + 1; next < sentence.last; next++) {
    const word = words[next];
    const before = words[next - 1];
    if (!word || !before || CLAUSE_ENDS.has(word.text) || NEGATIONS.has(word.text)) break;
    if (word.text === 'to' && verbForm(words[next + 1]?.text ?? '')?.verb.nounness === 0) break;
    const other = isLinked(prose, next) ? verbForm(word.text) : undefined;
    if (other && other.form === form.form && joins(other, words, next, chain, sentence)) {
      heads.push(readingAt(prose, next, other, sentence));
      chain = true;
    } else if (!isLink(word.text) && !word.text.endsWith('ly')) chain = false;
  }
  return heads.every((head) => head.weak) ? heads.concat(listedActs(prose, at, sentence)) : heads;
}

/** What a vague verb leaves open is often listed: "Manage scripts (create, read, delete)". */
function listedActs(prose: Prose, from: number, sentence: Sentence): Reading[] {
  const { words } = prose;
  const found: Reading[] = [];
  for (let at = from + 2; at < sentence.last; at++) {
    const before = words[at - 1];
    const word = words[at];
    const first = before && verbForm(before.text);
    const second = word && verbForm(word.text);
    if (!before || !word || !first || !second || !isLinked(prose, at)) continue;
    if (first.form !== second.form || Math.max(first.verb.nounness, second.verb.nounness) > 1) continue;
    if (found.length === 0) found.push(readingAt(prose, at - 1, first, sentence));
    found.push(readingAt(prose, at, second, sentence));
  }
  return found;
}

const CLAUSE_ENDS = new Set(
  `when if so because which that where after before unless whether while who whose how what such g eg i rather`.split(
    ' ',
  ),
);

const LINKS = new Set('and or then also y o e ou et und oder sowie и или ve veya'.split(' '));

function isLink(word: string): boolean {
  return LINKS.has(word);
}

/** Whether a word is joined to what stands before it; an adverb may come between: "and permanently delete". */
function isLinked({ words, text }: Prose, at: number): boolean {
  const before = words[at - 1];
  const word = words[at];
  if (!before || !word) return false;
  if (isLink(before.text)) return true;
  if (before.text.endsWith('ly') && isLink(words[at - 2]?.text ?? '')) return true;
  for (let place = before.end; place < word.start; place++) {
    const code = text.charCodeAt(place);
    if (code === 44 || code === 47 || code === 38 || code === 43) return true;
  }
  return false;
}

function joins(
  { verb }: VerbForm,
  words: readonly Word[],
  at: number,
  chain: boolean,
  sentence: Sentence,
): boolean {
  const next = words[at + 1]?.text;
  // "drag and drop" is one act.
  if (verb.lemma === 'drop' && words[at - 2]?.text === 'drag') return false;
  if (at + 1 < sentence.last && next !== undefined && isDeterminer(next)) return true;
  if (chain) return verb.nounness < 2;
  return (
    verb.nounness === 0 && at + 1 < sentence.last && next !== undefined && !isStop(next) && !isLink(next)
  );
}

function readingAt({ words, text }: Prose, at: number, form: VerbForm, sentence: Sentence): Reading {
  const object = objectAfter(words, at, sentence.last, text);
  const sense = senseOf(form.verb, words, object);
  return { at, form, sense, object, weak: isWeak(form, sense, words[object.last - 1]) };
}

const EMPTY_OFFERS = new Set(
  'tools tool access functionality operations interface ability capabilities support commands way'.split(' '),
);

/** "Provides tools" says as little as "manages". */
function isWeak({ verb }: VerbForm, sense: Sense, last: Word | undefined): boolean {
  if (sense !== verb) return false;
  return verb.vague || (verb.lemma === 'provide' && EMPTY_OFFERS.has(last?.text ?? ''));
}

/** A description that opens with a noun for an act: "Advanced port scan", "Chat completion API". */
function readNominal(prose: Prose, sentence: Sentence): Reading[] {
  const { words } = prose;
  let found: Reading[] = [];
  for (let at = sentence.first; at < Math.min(sentence.last, sentence.first + MAX_OPENING_WORDS / 2); at++) {
    const word = words[at]?.text ?? '';
    if (isStop(word)) break;
    const form = verbForm(word);
    if (!form || form.form === 's' || form.form === 'past') continue;
    const object = { first: sentence.first, last: at };
    found = [{ at, form, sense: senseOf(form.verb, words, object), object, weak: true }];
  }
  return found;
}

/** Sentences such as "This removes all associated data", which say of the tool what the first one did not. */
function readStatements(prose: Prose, from: number): Reading[] {
  const { words, sentences } = prose;
  const found: Reading[] = [];
  for (let index = from; index < sentences.length; index++) {
    const sentence = sentences[index];
    if (!sentence || isSection(prose, sentence)) break;
    const opening = openingAct(prose, sentence);
    if (opening) {
      found.push(opening);
      continue;
    }
    const first = words[sentence.first]?.text ?? '';
    if (!SUBJECT.has(first) && first !== 'also' && first !== 'the' && first !== 'will') continue;
    for (let at = sentence.first; at < Math.min(sentence.last, sentence.first + 7); at++) {
      const word = words[at]?.text ?? '';
      if (NEGATIONS.has(word) || (CLAUSE_ENDS.has(word) && at > sentence.first)) break;
      const form = verbForm(word);
      if (!form || form.form === 'past' || form.form === 'ing' || form.form === 'noun') continue;
      const before = words[at - 1]?.text ?? '';
      const stated =
        form.form === 's'
          ? SUBJECT.has(before) || before.endsWith('ly') || before === 'also'
          : before === 'will' || (before.endsWith('ly') && words[at - 2]?.text === 'will');
      if (!stated || form.verb.nounness === 2 || form.verb.vague || isPassedOver(words, at, 'head')) continue;
      found.push(readingAt(prose, at, form, sentence));
      break;
    }
  }
  return found;
}

/** Acts that open a later sentence without a subject; "Accepts", "Updates" and "Creates" tell of other things there. */
const OPENING_ACTS = new Set('delete remove insert upload overwrite persist publish send modify'.split(' '));

function openingAct(prose: Prose, sentence: Sentence): Reading | undefined {
  const form = verbForm(prose.words[sentence.first]?.text ?? '');
  if (form?.form !== 's' || !OPENING_ACTS.has(form.verb.lemma)) return undefined;
  if (sentence.first + 1 >= sentence.last || isStop(prose.words[sentence.first + 1]?.text ?? ''))
    return undefined;
  return readingAt(prose, sentence.first, form, sentence);
}
