import { MAX_QUERY_CHARS, MAX_QUERY_WORDS } from '../limits.ts';
import { eachWord, isUnspaced, STOP_WORDS } from './words.ts';

/** A word that was asked for. */
export interface Term {
  word: string;
  /** What a word in camel case consists of: `createIssue` is also found as `create_issue`. Otherwise empty. */
  parts: readonly string[];
  /** Whether words that only begin with it are found, too. */
  isBeginning: boolean;
}

/** Letters of a word that is followed by others, before which it stands for every word that begins with it. */
const MIN_BEGINNING = 3;

/**
 * The words of a query. The last is taken as not yet finished unless a blank follows it. Words that say nothing are left
 * out where others say something; in scripts without blanks, every two characters are a word.
 */
export function termsOf(query: string): Term[] {
  const text = query.slice(0, MAX_QUERY_CHARS);
  const words = groupWords(text);
  const isOpen = /[\p{L}\p{M}\p{N}]$/u.test(text);
  const terms = words.map(({ word, parts }, index): Term => {
    const isTyped = isOpen && index === words.length - 1;
    const isBeginning = !isUnspaced(word) && (isTyped || word.length >= MIN_BEGINNING);
    return { word, parts, isBeginning };
  });
  const telling = terms.filter(({ word }, index) => {
    const isTyped = isOpen && index === terms.length - 1;
    return isTyped || !STOP_WORDS.has(word);
  });
  const kept = telling.length > 0 ? telling : terms;
  return distinct(kept).slice(0, MAX_QUERY_WORDS);
}

function groupWords(text: string): Pick<Term, 'word' | 'parts'>[] {
  const words: { word: string; parts: string[] }[] = [];
  eachWord(text, (whole, from, to, isExtra) => {
    const word = whole.slice(from, to);
    if (!isExtra) {
      words.push({ word, parts: [] });
      return;
    }
    // It is put together from the words before it, and takes their place.
    const parts: string[] = [];
    let length = 0;
    while (length < word.length && (words.at(-1)?.parts.length ?? 1) === 0) {
      const part = words.pop()?.word ?? '';
      // The first character of a pair may already be part of the pair before.
      if (isUnspaced(word) && [...part].length > 1) {
        words.push({ word: part, parts: [] });
        break;
      }
      parts.unshift(part);
      length += part.length;
    }
    words.push({ word, parts: isUnspaced(word) ? [] : parts });
  });
  return words;
}

function distinct(terms: readonly Term[]): Term[] {
  const last = new Map(terms.map((term) => [term.word, term]));
  return [...last.values()];
}
